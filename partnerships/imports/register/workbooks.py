"""XLSX workbooks, opened with care: a workbook is a packed folder, and a small one can be made to unpack to anything.

Everything is measured before it is parsed: what the parts unpack to, how far the cells reach (a single cell in the far
corner makes a reader set out billions), how many there are and how long their shared texts can get. Only parts that
have passed are handed to the reader, in a package made afresh, so that no trick of the packing reaches it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from partnerships.imports.register.cells import Cell
from partnerships.register_facts import RegisterFileRefusedError

MOST_PARTS = 500
MOST_CHARTS = 20
LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_CELLS = 2_000_000
LONGEST_TEXT = 1024 * 1024  # bytes; Excel keeps 32,767 letters in a cell, and what says how they look beside them
LONGEST_TEXTS = 256 * 1024 * 1024
WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/)?workbook\.xml(\.rels)?"
    r"|xl/(sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml"
)
# Every cell and every row, however its name is spelt, and those that are written in full as Excel and every common
# writer write them: with their place first, and nothing twice. Where some are not, the sheet is read element by
# element.
CELL, ROW = re.compile(rb"<c[\s/>]"), re.compile(rb"<row[\s/>]")
OF_A_CELL = rb'"(?: (?:s|t|cm|vm|ph)="[^"<>]*")*/?>'
USUAL_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}' + OF_A_CELL)
USUAL_ROW_OF_A_CELL = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})' + OF_A_CELL)
USUAL_ROW = re.compile(
    rb'<row r="([0-9]{1,7})"(?: (?:spans|s|customFormat|ht|hidden|customHeight|outlineLevel|collapsed|thickTop|thickBot'
    rb'|ph|x14ac:dyDescent)="[^"<>]*")*/?>'
)
WITH_PREFIX = re.compile(rb":(?:c|row)[\s/>]")
DECLARES = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
SHEETS = "xl/worksheets/"
END_OF_ROW = re.compile(rb"</(\w+:)?row\s*>")
A_PIECE = 64 * 1024  # of a sheet that is unpacked until enough of its rows are there
TOO_LARGE = "it is far larger inside than any register. Give the workbook as published."
# What the reader raises at a part, a sheet or a cell that it can make nothing of.
UNREADABLE = (CalamineError, ValueError, OverflowError, TypeError, KeyError)
# What unpacking raises for what is no package, is cut short, or is packed in a way that nobody uses.
NO_PACKAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
BROKEN = "the workbook is damaged or cut short. Fetch the file again."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from row 1 and column A on, as they stand in Excel."""

    name: str
    rows: Sequence[Sequence[Cell]]


def is_package(content: bytes) -> bool:
    return content.startswith(b"PK")


def open_workbook(content: bytes) -> list[Sheet]:
    """The sheets of an XLSX workbook; refuses anything else, whatever is damaged, and whatever is too large."""
    workbook = _opened(_parts_of(content))
    sheets, room = list[Sheet](), MOST_CELLS
    try:
        for name in workbook.sheet_names:  # several may be named that are one part of the package
            sheet = workbook.get_sheet_by_name(name)
            room -= (sheet.end[0] + 1) * (sheet.end[1] + 1) if sheet.end else 0
            if room < 0:
                raise RegisterFileRefusedError(TOO_LARGE)
            sheets.append(Sheet(name, sheet.to_python(skip_empty_area=False)))
    except UNREADABLE:
        raise RegisterFileRefusedError(BROKEN) from None
    return sheets


def rows_by_sheet(content: bytes) -> dict[str, Iterator[Sequence[Cell]]]:
    """The same by name, each row only as it is asked for: for whoever wants no more than the first of many."""
    workbook = _opened(_parts_of(content))
    return {name: _rows(workbook, name) for name in workbook.sheet_names}


def first_rows_by_sheet(content: bytes, most: int) -> dict[str, Iterator[Sequence[Cell]]] | None:
    """The first rows of each sheet, unpacked no further than the first one beyond ``most``; None where none is longer.

    What a sheet says of its own size counts for nothing.
    """
    parts = _parts_of(content, most)
    if not any(isinstance(part, _Cut) for part in parts.values()):
        return None
    workbook = _opened(parts)
    return {name: _rows(workbook, name) for name in workbook.sheet_names}


def _rows(workbook: CalamineWorkbook, name: str) -> Iterator[Sequence[Cell]]:
    try:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None:
            left_out = [""] * sheet.start[1]  # columns before the first that is filled
            for row in sheet.iter_rows():
                yield [*left_out, *row]
    except UNREADABLE:
        raise RegisterFileRefusedError(BROKEN) from None


def _parts_of(content: bytes, most: int | None = None) -> dict[str, bytes]:
    try:
        return _unpacked(content, most)
    except NO_PACKAGE:
        raise RegisterFileRefusedError(BROKEN) from None


def _opened(parts: dict[str, bytes]) -> CalamineWorkbook:
    if "xl/workbook.xml" not in parts:
        raise RegisterFileRefusedError(
            "it is neither a CSV file nor an XLSX workbook. Give the file as published, or save it as XLSX or CSV."
        )
    longest = _longest_sheet(parts)
    try:
        workbook = CalamineWorkbook.from_filelike(_repacked(parts))
    except UNREADABLE:
        raise RegisterFileRefusedError(BROKEN) from None
    # each name has its part read anew; sheets that are charts have a name and no part of those
    names = len(workbook.sheet_names)
    most_names = sum(name.startswith(SHEETS) for name in parts) + MOST_CHARTS
    if names > most_names or names * longest > LONGEST_TEXTS:
        raise RegisterFileRefusedError(TOO_LARGE)
    return workbook


class _Cut(bytes):
    """A sheet that has more rows than these."""


def _unpacked(content: bytes, most: int | None) -> dict[str, bytes]:
    """The parts a reader needs, by name, unpacked up to a limit that does not trust the sizes the package claims.

    A sheet with more than ``most`` rows is unpacked as far as the first of the others, and closed there.
    """
    parts: dict[str, bytes] = {}
    room = LARGEST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if len(package.infolist()) > MOST_PARTS:
            raise RegisterFileRefusedError(TOO_LARGE)
        for part in package.infolist():
            if not WANTED.fullmatch(part.filename):
                continue
            is_cut = most is not None and part.filename.startswith(SHEETS)
            if part.file_size > room and not is_cut:
                raise RegisterFileRefusedError(TOO_LARGE)
            with package.open(part) as stream:
                parts[part.filename] = _head(stream, most, room) if is_cut and most else stream.read(room + 1)
            room -= len(parts[part.filename])
            if room < 0:
                raise RegisterFileRefusedError(TOO_LARGE)
    return parts


def _head(stream: IO[bytes], most: int, room: int) -> bytes:
    """A sheet up to the first row too many, and closed there; no more than ``room`` and a piece."""
    sheet, rows, seen = bytearray(), 0, 0
    while len(sheet) <= room and (piece := stream.read(A_PIECE)):
        sheet += piece
        for end in END_OF_ROW.finditer(sheet, seen):
            rows, seen = rows + 1, end.end()
            if rows > most:
                prefix = end[1] or b""
                return _Cut(sheet[:seen] + b"</%bsheetData></%bworksheet>" % (prefix, prefix))
        seen = max(seen, len(sheet) - 64)  # an end may lie across two pieces
    return bytes(sheet)


def _longest_sheet(parts: dict[str, bytes]) -> int:
    """The most bytes of text that any sheet can have, read once; refuses what would take too much room. Each part is
    measured, for a package may name any of them as a sheet.
    """
    for part in parts.values():
        if DECLARES.search(part) or b"\x00" in part:
            raise RegisterFileRefusedError("the workbook holds a document type, which Excel never writes.")
    longest_text = _longest_text(parts["xl/sharedStrings.xml"]) if parts.get("xl/sharedStrings.xml") else 0
    longest = 0
    for part in parts.values():
        cells, area = _extent(part)
        if area > MOST_CELLS or longest_text > LONGEST_TEXT:
            raise RegisterFileRefusedError(TOO_LARGE)
        longest = max(longest, cells * longest_text + len(part))
    return longest


def _longest_text(texts: bytes) -> int:
    """No shared text has more bytes. What stands in the list of them, with all that is within, may be one text,
    whatever it is called: readers put together what lies in pieces, and pass over what they do not know. Millions of
    elements pack into next to nothing, and each takes time: no more are looked at than there may be cells.
    """
    reader, elements, depth, begins, longest = expat.ParserCreate(), 0, 0, 0, 0

    def begin(*_: object) -> None:
        nonlocal elements, depth, begins
        elements += 1
        if elements > MOST_CELLS:
            raise RegisterFileRefusedError(TOO_LARGE)
        depth += 1
        if depth == 2:
            begins = reader.CurrentByteIndex

    def end(_: str) -> None:
        nonlocal depth, longest
        if depth == 2:
            longest = max(longest, reader.CurrentByteIndex - begins)
        depth -= 1

    reader.StartElementHandler, reader.EndElementHandler = begin, end
    _parse(reader, texts)
    return longest


def _parse(reader: expat.XMLParserType, part: bytes) -> None:
    try:
        reader.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError):  # also an encoding that it does not know
        raise RegisterFileRefusedError(BROKEN) from None


def _extent(sheet: bytes) -> tuple[int, int]:
    """How many cells there are, and how many a table would have that reaches to the farthest of them."""
    if (
        sheet.count(b"<c ") + sheet.count(b"<c>") + sheet.count(b"<c/") > MOST_CELLS
        or sheet.count(b"<row") > MOST_CELLS
    ):
        raise RegisterFileRefusedError(TOO_LARGE)
    columns, of_cells, rows = (one.findall(sheet) for one in (USUAL_COLUMN, USUAL_ROW_OF_A_CELL, USUAL_ROW))
    usual = len(CELL.findall(sheet)) == len(of_cells) and len(ROW.findall(sheet)) == len(rows)
    if not usual or WITH_PREFIX.search(sheet):
        return _Extent.of(sheet)
    height = max(map(int, {*rows, *of_cells}), default=0)
    return len(of_cells), height * max(map(_column_number, set(columns)), default=0)


class _Extent:
    """The same, element by element. A row or a cell that leaves out its place stands after the one before; where
    readers may differ on which that is, after the farthest. A cell stands in a row and a row in no other. What else
    there is, is counted only so that it ends.
    """

    def __init__(self) -> None:
        self.cells = self.others = self.row = self.column = self.height = self.width = 0
        self.inside: list[str] = []

    @classmethod
    def of(cls, sheet: bytes) -> tuple[int, int]:
        found = cls()
        reader = expat.ParserCreate()
        reader.StartElementHandler, reader.EndElementHandler = found._begins, found._ends
        _parse(reader, sheet)
        return found.cells, found.height * found.width

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        kind, row = name.rpartition(":")[2], self.row
        if kind == "row":
            self._stands_in([])
            row = self.row = max(self.row + 1, self._number(attributes.get("r", "1")))
            self.column = 0
        elif kind == "c":
            self._stands_in(["row"])
            self.cells += 1
            column, row = self._place(attributes["r"]) if "r" in attributes else (1, max(self.row, 1))
            self.column = max(self.column + 1, column)
        else:
            self.others += 1
        self.height, self.width = max(self.height, row), max(self.width, self.column)
        if max(self.cells, self.others, self.height * self.width) > MOST_CELLS:
            raise RegisterFileRefusedError(TOO_LARGE)
        if kind in ("row", "c"):
            self.inside.append(kind)

    def _ends(self, name: str) -> None:
        if name.rpartition(":")[2] in ("row", "c"):
            self.inside.pop()

    def _stands_in(self, inside: list[str]) -> None:
        if self.inside != inside:
            raise RegisterFileRefusedError(BROKEN)

    def _number(self, text: str) -> int:
        if not re.fullmatch("[0-9]{1,7}", text):
            raise RegisterFileRefusedError(TOO_LARGE if text.isdigit() else BROKEN)
        return int(text)

    def _place(self, text: str) -> tuple[int, int]:
        place = PLACE.fullmatch(text)
        if place is None:
            raise RegisterFileRefusedError(TOO_LARGE if text.isalnum() else BROKEN)
        return _column_number(place[1].encode()), int(place[2])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as fresh:
        for name, part in parts.items():
            fresh.writestr(name, part)
    package.seek(0)
    return package
