"""Workbooks that are damaged, or made to harm, are refused before a reader sets out their cells."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.imports.register import workbooks
from partnerships.imports.register.workbooks import open_workbook, rows_by_sheet
from partnerships.register_facts import RegisterFileRefusedError
from tests.register_files import workbook

SHEET = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def changed(parts: dict[str, bytes], content: bytes | None = None) -> bytes:
    """A workbook with some of its parts put in the place of others."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content or workbook({"One": [["a", 1]]}))) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in {**kept, **parts}.items():
            new.writestr(name, part)
    return made.getvalue()


def sheet_of(cells: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet xmlns="{SPACE}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def test_rows_stand_where_excel_shows_them() -> None:
    sheets = open_workbook(workbook({"One": [[], ["", "b2"]], "Two": [[1, True]]}))
    assert [(sheet.name, [list(row) for row in sheet.rows]) for sheet in sheets] == [
        ("One", [["", ""], ["", "b2"]]),
        ("Two", [[1.0, True]]),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c s='1' r = 'XFD1048576'><v>1</v></c></row>",
        '<row r="1">' + "<c><v>1</v></c>" * 200 + '</row><row r="1048576"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"/></row><row r="99999999999999999999"><c r="A99999999999999999999"/></row>',
        '<row r="1"><c r="A1"/></row><row r="99999999"><c/></row>',
        '<row r="1"><c r="ZZZZZZZZZZ1"><v>1</v></c></row>',
        '<x:row xmlns:x="y" r="1"><x:c r="A1"/><x:c r="XFD1048576"/></x:row>',
        '<x-y:row xmlns:x-y="y" r="1"><x-y:c r="A1"/><x-y:c r="XFD1048576"/></x-y:row>',
        '<row r="1"><c r="XFD1"/></row><row spans=">" r="1048576"><c><v>1</v></c></row>',
        """<row r="1"><c r="XFD1"/></row><row spans=" r='1'" r="1048576"><c><v>1</v></c></row>""",
        '<row r="1"><c r="ZZ1"/></row>' + "<row/>" * 30_000 + "<row><c><v>1</v></c></row>",
        '<row r="1"><c r="ZZ1"/></row>' + '<row><c r="A1"/></row>' * 30_000 + "<row><c><v>1</v></c></row>",
        '<row r="100000"><c r="A1"/>' + '<c r="A1"/>' * 700 + "<c><v>1</v></c></row>",
    ],
)
def test_cells_in_a_far_corner_are_refused(cells: str) -> None:
    content = changed({SHEET: sheet_of(cells)})
    for opened in (open_workbook, rows_by_sheet):
        with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
            opened(content)


def test_a_sheet_that_stands_in_another_part_is_measured_too() -> None:
    cells = sheet_of('<row r="1"><c r="XFD1"/></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    with zipfile.ZipFile(io.BytesIO(workbook({"One": [["a", 1]]}))) as package:
        relations = package.read("xl/_rels/workbook.xml.rels")
    elsewhere = relations.replace(b"worksheets/sheet1.xml", b"sharedStrings.xml")
    assert elsewhere != relations
    content = changed({"xl/sharedStrings.xml": cells, "xl/_rels/workbook.xml.rels": elsewhere})
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(content)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1" r="XFD1048576"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"r="XFD1048576"><v>2</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='A1' r='XFD1048576'><v>2</v></c></row>",
        '<row r="1" r="1048576"><c r="A1"><v>1</v></c><c><v>2</v></c></row>',
        '<row r="1"><c/><row r="2"><c/></row></row>',
        '<row r="1"><c r="A1"><c/></c></row>',
        '<c r="A1"/><row r="1" ht="15"><c/></row>',
    ],
)
def test_what_readers_may_take_in_two_ways_is_refused(cells: str) -> None:
    for opened in (open_workbook, rows_by_sheet):
        with pytest.raises(RegisterFileRefusedError, match="damaged or cut short"):
            opened(changed({SHEET: sheet_of(cells)}))


@pytest.mark.parametrize("encoding", ["shift_jis", "nosuch", "utf-16"])
def test_an_encoding_that_nobody_uses_is_refused(encoding: str) -> None:
    sheet = sheet_of("<row><c/></row>").replace(b"?>", f' encoding="{encoding}"?>'.encode(), 1)
    with pytest.raises(RegisterFileRefusedError):
        open_workbook(changed({SHEET: sheet}))


@pytest.mark.parametrize(
    "between",
    [
        "<!--<si>-->",
        "<r a='&lt;si>'/>",
        "<six/>",
        "<si xml:space='preserve'/>",
        "<si></si>",
        "<si/>",
        "<?x <si>?>",
        "<![CDATA[<si>]]>",
        "<r><si></si></r>",
        "<x:si xmlns:x='urn:x'></x:si>",
    ],
)
def test_a_shared_text_is_as_long_as_it_is_whatever_stands_in_it(between: str) -> None:
    cells = '<row r="1">' + "".join(f'<c r="A{number}" t="s"><v>0</v></c>' for number in range(1, 1_001)) + "</row>"
    texts = f'<?xml version="1.0"?><sst><si><t>{("x" * 1000 + between) * 600}</t></si></sst>'.encode()
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({SHEET: sheet_of(cells), "xl/sharedStrings.xml": texts}))


@pytest.mark.parametrize("of_nothing", [b"<a/>", b"<si/>", b"<si><t/></si>"])
def test_shared_texts_of_nothing_are_not_counted_without_end(of_nothing: bytes) -> None:
    """Millions of them pack into a few kilobytes. Reading stops at one too many: that the end is broken is not seen."""
    many = of_nothing * (workbooks.MOST_CELLS + 1)
    content = changed({"xl/sharedStrings.xml": b"<sst>" + many + b"</broken>"})
    assert len(content) < 100_000
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(content)


def test_a_sheet_that_is_read_element_by_element_is_not_read_without_end() -> None:
    """One cell that is written in an unusual way, and millions of elements that are none."""
    sheet = sheet_of("<row><c/></row>" + "<a/>" * (workbooks.MOST_CELLS + 1)).replace(b"</sheetData>", b"</broken>")
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({SHEET: sheet}))


def test_as_many_shared_texts_as_a_register_has_are_read() -> None:
    texts = b"".join(b"<si><t>%d</t></si>" % number for number in range(200_000))
    space = SPACE.encode()
    cells = '<row r="1"><c r="A1" t="s"><v>199999</v></c></row>'
    given = {SHEET: sheet_of(cells), "xl/sharedStrings.xml": b'<sst xmlns="%b">' % space + texts + b"</sst>"}
    [sheet] = open_workbook(changed(given))
    assert [list(row) for row in sheet.rows] == [["199999"]]


@pytest.mark.parametrize("before", [b" " * 70_000, b"<!--" + b"x" * 70_000 + b"-->"])
def test_a_document_type_is_refused_wherever_it_stands(before: bytes) -> None:
    declared = b'<?xml version="1.0"?>' + before + b'<!DocType sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'
    with pytest.raises(RegisterFileRefusedError, match="document type"):
        open_workbook(changed({"xl/sharedStrings.xml": declared}))


def test_one_part_that_is_named_as_many_sheets_is_refused() -> None:
    cells = sheet_of('<row r="1000"><c r="ALL1000"><v>1</v></c></row>')
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({SHEET: cells, "xl/workbook.xml": named(400)}))


@pytest.mark.parametrize(
    "cells",
    [
        '<row><c t="n"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>',
        '<row spans="1:2" r="1"><c s="0" r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="a2"><v>3</v></c></row>',
        f'<x:row xmlns:x="{SPACE}" r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1"><x:v>2</x:v></x:c></x:row>'
        '<row r="2"><c r="A2"><v>3</v></c></row>',
    ],
)
def test_what_is_written_in_another_way_is_read_all_the_same(cells: str) -> None:
    [sheet] = open_workbook(changed({SHEET: sheet_of(cells)}))
    assert [list(row) for row in sheet.rows] == [[1.0, 2.0], [3.0, ""]]


def test_a_part_that_unpacks_to_far_too_much_is_refused() -> None:
    bomb = b" " * (workbooks.LARGEST_UNPACKED + 1)
    content = changed({SHEET: bomb})
    assert len(content) < 1_000_000
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(content)


def test_parts_that_unpack_to_too_much_together_are_refused() -> None:
    some = b" " * (workbooks.LARGEST_UNPACKED // 3)
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({f"xl/worksheets/sheet{number}.xml": some for number in range(1, 5)}))


def test_one_long_text_shared_by_many_cells_is_refused() -> None:
    cells = '<row r="1">' + "".join(f'<c r="A{number}" t="s"><v>0</v></c>' for number in range(1, 20_001)) + "</row>"
    texts = f'<?xml version="1.0"?><sst><si><t>{"x" * 32_000}</t></si></sst>'.encode()
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({SHEET: sheet_of(cells), "xl/sharedStrings.xml": texts}))


def texts_of(letters: int) -> bytes:
    return f'<?xml version="1.0"?><sst><si><t>{"x" * letters}</t></si></sst>'.encode()


def of_the_first_text(cells: int) -> bytes:
    each = "".join(f'<c r="A{number}" t="s"><v>0</v></c>' for number in range(1, cells + 1))
    return sheet_of(f'<row r="1">{each}</row>')


def named(times: int) -> bytes:
    """The book, in which its one sheet has so many names."""
    with zipfile.ZipFile(io.BytesIO(workbook({"One": [["a", 1]]}))) as package:
        book = package.read("xl/workbook.xml")
    one = re.search(rb"<sheet [^>]*/>", book)
    assert one is not None
    names = b"".join(one[0].replace(b"One", b"Sheet%d" % number) for number in range(times))
    return book.replace(one[0], names)


@pytest.mark.parametrize("read", [open_workbook, rows_by_sheet])
def test_long_texts_in_a_sheet_of_several_names_count_with_each(read: Callable[[bytes], Any]) -> None:
    """Each name has the sheet read anew, and a copy of the text in each of its cells."""
    parts = {SHEET: of_the_first_text(30), "xl/sharedStrings.xml": texts_of(workbooks.LONGEST_TEXT - 1000)}
    assert len(open_workbook(changed({**parts, "xl/workbook.xml": named(2)}))) == 2
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        read(changed({**parts, "xl/workbook.xml": named(15)}))


def test_a_text_that_no_cell_of_excel_holds_is_refused() -> None:
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(
            changed({SHEET: of_the_first_text(2), "xl/sharedStrings.xml": texts_of(workbooks.LONGEST_TEXT + 1)})
        )


def test_text_within_a_sheet_of_several_names_counts_with_each() -> None:
    own = "<row r='1'><c r='A1' t='inlineStr'><is><t>" + "x" * 20_000_000 + "</t></is></c></row>"
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({SHEET: sheet_of(own), "xl/workbook.xml": named(15)}))


def test_a_part_is_held_to_its_real_size_whatever_it_claims() -> None:
    content = bytearray(changed({SHEET: sheet_of("<row r='1'></row>" * 10_000)}))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo(SHEET).file_size
    claimed = content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert claimed != content
    with pytest.raises(RegisterFileRefusedError, match="damaged or cut short"):
        open_workbook(bytes(claimed))


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData/></worksheet>',
        b'<?xml version="1.0"?><!doctype x><worksheet/>',
        "<worksheet/>".encode("utf-16"),
    ],
)
def test_a_document_type_is_refused(part: bytes) -> None:
    with pytest.raises(RegisterFileRefusedError, match="document type"):
        open_workbook(changed({SHEET: part}))


def test_a_package_of_hundreds_of_parts_is_refused() -> None:
    with pytest.raises(RegisterFileRefusedError, match="far larger inside"):
        open_workbook(changed({f"xl/media/{number}.png": b"" for number in range(workbooks.MOST_PARTS)}))


def test_another_kind_of_package_is_named_as_such() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("word/document.xml", "<w:document/>")
    with pytest.raises(RegisterFileRefusedError, match="neither a CSV file nor an XLSX workbook"):
        open_workbook(made.getvalue())


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_workbook_cut_short_is_refused(share: float) -> None:
    content = workbook({"One": [["a"] * 50] * 50})
    with pytest.raises(RegisterFileRefusedError, match="damaged or cut short"):
        open_workbook(content[: int(len(content) * share)])


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"])
def test_a_garbled_part_is_refused(part: str) -> None:
    with pytest.raises(RegisterFileRefusedError, match="damaged or cut short"):
        open_workbook(changed({part: b"<a><b></a>"}))


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(workbook({"One": [["a"]]}))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        place = content.find(start)
        while place >= 0:
            content[place + (6 if start == b"PK\x03\x04" else 8)] |= 1
            place = content.find(start, place + 1)
    with pytest.raises(RegisterFileRefusedError, match="damaged or cut short"):
        open_workbook(bytes(content))


PARTS = [
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    SHEET,
    "xl/sharedStrings.xml",
    "xl/styles.xml",
]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PARTS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=8))
def test_a_workbook_with_any_bytes_changed_is_read_or_refused(part: str, changes: list[tuple[float, bytes]]) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook({"One": [["a", 1, True], ["b", "c", 2.5]]}))) as package:
        kept = bytearray(package.read(part))
    for place, new in changes:
        start = int(place * len(kept))
        kept[start : start + len(new)] = new
    try:
        sheets = open_workbook(changed({part: bytes(kept)}))
    except RegisterFileRefusedError as problem:
        assert str(problem).endswith(".")  # noqa: PT017
    else:
        assert all(isinstance(sheet.name, str) for sheet in sheets)
