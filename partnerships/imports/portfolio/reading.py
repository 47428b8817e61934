"""An uploaded CSV or XLSX file as rows of text, or a refusal that says what to do.

Nothing here knows what the columns mean. A file is refused whole where it is too large, damaged, of another type, or
has no header row; whatever is wrong with single cells is for the plan to say.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.conf import settings

from partnerships.imports.register.cells import Cell
from partnerships.imports.register.workbooks import first_rows_by_sheet, is_package, rows_by_sheet
from partnerships.register_facts import RegisterFileRefusedError
from partnerships.spreadsheet_safety import plain_text

MOST_ROWS = 300
LONG_ENOUGH = 3 * MOST_ROWS  # rows after which a workbook is looked at, before the rest is unpacked
MOST_COLUMNS = 1_000
LONGEST_CELL = 10_000
SHEET = "Partnerships"
POOL = "Pool"
DELIMITERS = ",;\t"
Filled = list[tuple[int, Sequence[str]]]  # rows that hold anything, with their numbers


class SpreadsheetRefusedError(Exception):
    """The whole file cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Table:
    """A header row, and every further row that holds anything, with its number in the file.

    ``capacity`` is the same of a second table in the file, about pools and their days.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    capacity: Table | None = None


NOTHING = Table(("Name",), ())  # no row about a partnership


def read_table(content: bytes) -> Table:
    """The rows of a CSV file, or of an XLSX workbook's sheets Partnerships (else its first) and Capacity.

    A CSV file with a column headed Pool is one about capacity. Raises SpreadsheetRefusedError.
    """
    if len(content) > settings.LARGEST_UPLOAD_BYTES:
        most = settings.LARGEST_UPLOAD_BYTES // (1024 * 1024)
        raise SpreadsheetRefusedError(f"This file is larger than {most} MB. Remove what does not belong to the list.")
    if not content.strip():
        raise SpreadsheetRefusedError("This file is empty. Choose the spreadsheet with your partnerships.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetRefusedError("This is an old Excel file (.xls). Save it as an Excel workbook (.xlsx) or CSV.")
    if is_package(content):
        return _from_workbook(content)
    try:
        table = _table(csv_rows(content))
    except csv.Error:
        raise SpreadsheetRefusedError(
            "This file is not a table: a quotation mark is opened and never closed, or a cell is far too long. "
            "Save it again as CSV, or as an Excel workbook (.xlsx)."
        ) from None
    about_capacity = POOL.casefold() in map(str.casefold, table.headers)
    return replace(NOTHING, capacity=table) if about_capacity else table


def _from_workbook(content: bytes) -> Table:
    try:
        capacity, main = _first_rows(content) or _two_sheets(rows_by_sheet(content))
    except RegisterFileRefusedError:
        raise SpreadsheetRefusedError(
            "This workbook cannot be opened: it is damaged, protected, or far larger inside than a list of "
            "partnerships. Save it again as an Excel workbook (.xlsx) or as CSV."
        ) from None
    if not capacity[1:]:
        return _table_of(main)
    return replace(_table_of(main) if main else NOTHING, capacity=_table_of(capacity))


def _first_rows(content: bytes) -> tuple[Filled, Filled] | None:
    """The beginning of a workbook, where it is enough to see that there are too many rows; else None.

    Most of its rows may be empty, and what comes after them may count: then it is read whole.
    """
    beginning = first_rows_by_sheet(content, LONG_ENOUGH)
    if beginning is None:
        return None
    try:
        both = _two_sheets(beginning)
    except RegisterFileRefusedError:  # cut at a row that is none, such as one in a comment
        return None
    return both if max(map(len, both)) > MOST_ROWS + 1 else None


def _two_sheets(by_sheet: Mapping[str, Iterable[Sequence[Cell]]]) -> tuple[Filled, Filled]:
    """What the sheets Capacity and Partnerships (else the first of the others) hold."""
    by_name = {name.strip().casefold(): rows for name, rows in by_sheet.items()}
    capacity = _filled(texts(by_name.pop("capacity", ())))
    return capacity, _filled(texts(by_name.get(SHEET.casefold()) or next(iter(by_name.values()), ())))


def texts(rows: Iterable[Sequence[Cell]]) -> Iterator[list[str]]:
    return ([_text(cell) for cell in row] for row in rows)


def _text(cell: object) -> str:
    """A cell as a person would type it: 5.0 is 5, a day is 2026-04-01."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # 12 places: what a spreadsheet shows of 0.1 + 0.2 is 0.3
        return str(int(cell)) if cell.is_integer() else f"{cell:.12f}".rstrip("0")
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell).replace("\x00", "")


def csv_rows(content: bytes) -> Iterator[list[str]]:
    """Raises csv.Error where the reader comes to what is no table."""
    text = _decoded(content)
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        yield [plain_text(cell) for cell in row]


def _decoded(content: bytes) -> str:
    """Spreadsheets save CSV as UTF-8, with or without its mark, as UTF-16, or in Windows' western alphabet."""
    encodings: tuple[str, ...] = () if b"\x00" in content else ("utf-8-sig", "cp1252")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SpreadsheetRefusedError(
        "This is not a spreadsheet that can be read. Choose an Excel workbook (.xlsx), or a CSV file saved as UTF-8."
    )


def _filled(rows: Iterable[Sequence[str]]) -> Filled:
    """Rows that hold anything, with their numbers: the header, and no more than one row too many.

    A file far too long, which is most often the wrong one, is not read to its end to be refused.
    """
    numbered = enumerate(_of_short_cells(rows), start=1)
    return list(islice(((number, row) for number, row in numbered if any(map(str.strip, row))), MOST_ROWS + 2))


def _of_short_cells(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Looked at row by row, since many long ones would take much room together."""
    for row in rows:
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise SpreadsheetRefusedError(f"A cell of this file holds more than {LONGEST_CELL} characters. Shorten it.")
        yield row


def _table(rows: Iterable[Sequence[str]]) -> Table:
    return _table_of(_filled(rows))


def _table_of(filled: Sequence[tuple[int, Sequence[str]]]) -> Table:
    if not filled:
        raise SpreadsheetRefusedError("This file is empty. Choose the spreadsheet with your partnerships.")
    (_, header), *others = filled
    if len(others) > MOST_ROWS:
        raise SpreadsheetRefusedError(
            f"This file has more than {MOST_ROWS} rows; {MOST_ROWS} is the most. A portfolio is a few dozen "
            "partnerships: check that this is the right file."
        )
    if max(len(row) for _, row in filled) > MOST_COLUMNS:
        raise SpreadsheetRefusedError(f"This file has more than {MOST_COLUMNS} columns. Start from the template.")
    width = max(len(row) for _, row in filled)
    return Table(
        tuple(" ".join(cell.split()) for cell in _padded(header, width)),
        tuple((number, _padded(row, width)) for number, row in others),
    )


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))
