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

from python_calamine import CalamineError, CalamineWorkbook

from partnerships.imports.register.cells import Cell
from partnerships.register_facts import RegisterFileRefusedError

MOST_PARTS = 500
LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_CELLS = 2_000_000
LONGEST_TEXTS = 512 * 1024 * 1024
WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/)?workbook\.xml(\.rels)?"
    r"|xl/(sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml"
)
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
CELL_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]+)([0-9]+)\s*["']""")
ROW_PLACE = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["']\s*([0-9]+)\s*["']""")
# the one way Excel and every common writer put it, looked for first because it is found much faster
USUAL_COLUMN, USUAL_ROW = re.compile(rb'<c r="([A-Z]+)'), re.compile(rb'<c r="[A-Z]+([0-9]+)"')
WIDEST = 16_384  # Excel's own last column
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
    try:
        return [
            Sheet(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except UNREADABLE:
        raise RegisterFileRefusedError(BROKEN) from None


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
    _check_parts(parts)
    try:
        return CalamineWorkbook.from_filelike(_repacked(parts))
    except UNREADABLE:
        raise RegisterFileRefusedError(BROKEN) from None


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


def _check_parts(parts: dict[str, bytes]) -> None:
    texts = parts.get("xl/sharedStrings.xml", b"")
    longest_text = max((len(text) for text in texts.split(b"<si")), default=0)
    cells = 0
    for name, part in parts.items():
        head = part[:4096].lower()
        if b"<!doctype" in part[:65536].lower() or b"<!entity" in part[:65536].lower() or b"\x00" in head:
            raise RegisterFileRefusedError("the workbook holds a document type, which Excel never writes.")
        if name.startswith(SHEETS):
            count, area = _extent(part)
            cells += count
            if area > MOST_CELLS:
                raise RegisterFileRefusedError(TOO_LARGE)
    if cells * longest_text > LONGEST_TEXTS:
        raise RegisterFileRefusedError(TOO_LARGE)


def _extent(sheet: bytes) -> tuple[int, int]:
    """How many cells there are, and how many a table would have that reaches to the farthest of them.

    Refuses a place beyond Excel's own last row or column.
    """
    placed, cells = USUAL_ROW.findall(sheet), sheet.count(b"<c") - sheet.count(b"<col")
    if len(placed) == cells and b":c" not in sheet:
        columns, rows = set(USUAL_COLUMN.findall(sheet)), set(placed)
    else:
        cells = len(CELL.findall(sheet))
        places = CELL_PLACE.findall(sheet)
        placed = [row for _, row in places]
        columns, rows = {column for column, _ in places}, set(placed)
    rows |= set(ROW_PLACE.findall(sheet))
    if any(len(column) > 3 for column in columns) or any(len(row) > 7 for row in rows):
        raise RegisterFileRefusedError(TOO_LARGE)
    width = max(map(_column_number, columns), default=0)
    if cells > len(placed):  # cells that leave out their place stand one after the other
        width = max(width, min(cells, WIDEST))
    return cells, max(map(int, rows), default=0) * width


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
