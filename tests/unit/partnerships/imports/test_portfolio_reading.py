"""Files as people upload them, good and bad; the workbooks are made here, as Excel would write them."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings

from partnerships.imports.portfolio import reading
from partnerships.imports.portfolio.reading import (
    LONG_ENOUGH,
    MOST_ROWS,
    SpreadsheetRefusedError,
    Table,
    read_table,
)
from partnerships.imports.portfolio.tables import column_letter
from partnerships.imports.register import workbooks

SHEET = "xl/worksheets/sheet1.xml"
EXPECTED = Table(("Name", "Kind"), ((2, ("Café group", "Council")),))


def workbook(rows: Sequence[Sequence[object]], sheet: str = "Partnerships", before: str | None = None) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    if before:
        book.add_worksheet(before).write(0, 0, "Something else")
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                page.write_datetime(number, position, cell, book.add_format({"num_format": "dd/mm/yyyy"}))
            else:
                page.write(number, position, cell)
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_csv_as_any_spreadsheet_saves_it(encoding: str, delimiter: str, ends: str) -> None:
    text = ends.join([delimiter.join(["Name", "Kind"]), delimiter.join(["Café group", "Council"]), ""])
    assert read_table(text.encode(encoding)) == EXPECTED


def test_a_workbook_with_its_own_sheet_or_another_first() -> None:
    rows = [["Name", "Kind"], ["Café group", "Council"]]
    assert read_table(workbook(rows)) == EXPECTED
    assert read_table(workbook(rows, before="Cover")) == EXPECTED
    assert read_table(workbook(rows, sheet="Sheet1")) == EXPECTED


def test_cells_of_a_workbook_read_as_people_would_type_them() -> None:
    rows: list[list[object]] = [["A", "B", "C", "D"], [5, 0.1 + 0.2, datetime.date(2026, 4, 1), True]]
    assert read_table(workbook(rows)).rows == ((2, ("5", "0.3", "2026-04-01", "yes")),)


def test_empty_rows_are_passed_over_and_the_others_keep_their_numbers() -> None:
    table = read_table(b"\r\nName,Kind\r\n,\r\nA,B\r\n,,\r\nC\r\n")
    assert table == Table(("Name", "Kind"), ((4, ("A", "B")), (6, ("C", ""))))


def test_a_line_end_inside_quotation_marks_stays_in_its_cell() -> None:
    assert read_table(b'Name,Kind\r\n"one\r\ntwo",B\r\n').rows == ((2, ("one\r\ntwo", "B")),)


def test_a_formula_made_harmless_comes_back_as_the_text_it_was() -> None:
    assert read_table(b"Name\r\n'=1+1\r\n").rows == ((2, ("=1+1",)),)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty"),
        (b" \r\n , \r\n", "This file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Excel file"),
        (b"%PDF-1.7\x00\x01", "not a spreadsheet"),
        (b"\xff\xfe\x00", "not a spreadsheet"),
        (b"Name\x81,Kind\xc3(", "not a spreadsheet"),
        (b'Name,Kind\r\n"never closed,B\r\n', "quotation mark"),
        (b"Name\r\n" + b"x" * 200_000, "far too long"),
        (b"Name\r\n" + b"x" * 20_000, "more than 10000 characters"),
        (b"PK\x03\x04 not really a package", "cannot be opened"),
        (workbook([["Name"]])[:-200], "cannot be opened"),
        (b"Name\r\n" + b"A\r\n" * (MOST_ROWS + 1), f"{MOST_ROWS} is the most"),
        (b"," * 2000 + b"x\r\n", "more than 1000 columns"),
        (b"x" * (settings.LARGEST_UPLOAD_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(content: bytes, says: str) -> None:
    with pytest.raises(SpreadsheetRefusedError, match=says):
        read_table(content)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_far_too_long_is_read_to_the_first_row_too_many(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Counted in rows that are made into text; the header is one of them."""
    cell_of = {"csv": "plain_text", "xlsx": "_text"}[kind]
    read, truly = list[Any](), getattr(reading, cell_of)

    def counted(cell: Any) -> Any:
        read.append(cell)
        return truly(cell)

    monkeypatch.setattr(reading, cell_of, counted)
    rows = [["Name"], *([f"A {number}"] for number in range(5_000))]
    content = workbook(rows) if kind == "xlsx" else "\r\n".join(row[0] for row in rows).encode()
    with pytest.raises(SpreadsheetRefusedError, match=f"more than {MOST_ROWS} rows"):
        read_table(content)
    assert len(read) == MOST_ROWS + 2


@pytest.mark.parametrize("dimension", [b'ref="A1:A3001"', b'ref="A1"', b'ref="A1:XFD1048576"'])
def test_a_workbook_far_too_long_is_unpacked_to_the_first_rows_only(
    monkeypatch: pytest.MonkeyPatch, dimension: bytes
) -> None:
    """Counted in rows that reach the reader, whatever the sheet says of its size."""
    reached, truly = list[int](), workbooks._repacked

    def counted(parts: dict[str, bytes]) -> io.BytesIO:
        reached.append(parts[SHEET].count(b"<row"))
        return truly(parts)

    monkeypatch.setattr(workbooks, "_repacked", counted)
    rows = workbook([["Name"], *([f"A {number}"] for number in range(3_000))])
    content = with_sheet(rows, lambda sheet: sheet.replace(b'ref="A1:A3001"', dimension))
    with pytest.raises(SpreadsheetRefusedError, match=f"more than {MOST_ROWS} rows"):
        read_table(content)
    assert reached == [LONG_ENOUGH + 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet,
        lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData><!--" + b"</row>" * 2_000 + b"-->"),
        lambda sheet: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", sheet).replace(b"xmlns=", b"xmlns:x="),
    ],
    ids=["as Excel writes it", "ends of rows in a comment", "with a prefix"],
)
def test_what_stands_below_many_empty_rows_is_read(change: Callable[[bytes], bytes]) -> None:
    """Rows that were made ready, with formulas that come to nothing, are no rows."""
    rows = [["Name"], ["A"], *[[" "]] * (2 * LONG_ENOUGH), ["B"]]
    table = read_table(with_sheet(workbook(rows), change))
    assert table.rows == ((2, ("A",)), (2 * LONG_ENOUGH + 3, ("B",)))


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its first sheet changed."""
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return fresh.getvalue()


def test_as_many_rows_as_may_be_are_read() -> None:
    assert len(read_table(b"Name\r\n" + b"A\r\n" * MOST_ROWS).rows) == MOST_ROWS
    assert len(read_table(workbook([["Name"], *[["A"]] * MOST_ROWS])).rows) == MOST_ROWS


def test_a_workbook_that_unpacks_to_far_more_than_it_weighs_is_refused() -> None:
    file = io.BytesIO(workbook([["Name"], ["A"]]))
    bomb = io.BytesIO()
    with zipfile.ZipFile(file) as package, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as fresh:
        for name in package.namelist():
            part = package.read(name)
            fresh.writestr(name, part + b" " * 100_000_000 if name.endswith("sheet1.xml") else part)
    assert len(bomb.getvalue()) < settings.LARGEST_UPLOAD_BYTES
    with pytest.raises(SpreadsheetRefusedError, match="far larger inside"):
        read_table(bomb.getvalue())


def test_a_cell_in_the_far_corner_is_refused_and_not_laid_out() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.add_worksheet().write(1_048_575, 16_383, "far")
    book.close()
    with pytest.raises(SpreadsheetRefusedError, match="far larger inside"):
        read_table(file.getvalue())


@pytest.mark.parametrize(("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(position: int, letters: str) -> None:
    assert column_letter(position) == letters
