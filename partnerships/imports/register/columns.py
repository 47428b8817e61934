"""Columns found by their headers, wherever they stand and however the header's lines are broken."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnerships.imports.register.cells import Cell, UnusableCellError, text_of
from partnerships.imports.register.workbooks import Sheet
from partnerships.register_facts import RefusedRow

HEADER_WITHIN = 30  # rows; a published workbook opens with titles


def header_of(value: Cell) -> str:
    """A header as it is compared: capitals, single spaces, underscores as spaces."""
    return text_of(value).replace("_", " ").upper() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header row, each with its number; ``columns`` leads from a header to its place."""

    sheet: str
    columns: dict[str, int]
    titles: dict[str, str]
    body: Sequence[tuple[int, Sequence[Cell]]]

    def title(self, header: str) -> str:
        """The header as it is written in the file, on one line."""
        return self.titles[header]


def find_table(sheet: Sheet, headers: Iterable[str]) -> Table | None:
    """The table of a sheet that has all of ``headers``, or None."""
    wanted = set(headers)
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns = _columns(row)
        if wanted <= columns.keys():
            body = tuple(
                (number, cells)
                for number, cells in enumerate(sheet.rows[index + 1 :], start=index + 2)
                if any(cell not in ("", None) for cell in cells)
            )
            return Table(sheet.name, columns, {header: text_of(row[place]) for header, place in columns.items()}, body)
    return None


def table_of_rows(rows: Sequence[tuple[int, list[str]]]) -> Table:
    """A CSV file as a table whose header is its first row."""
    columns = _columns(rows[0][1])
    titles = {header: text_of(rows[0][1][place]) for header, place in columns.items()}
    return Table("", columns, titles, rows[1:])


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, value in enumerate(row):
        header = header_of(value)
        if header:
            columns.setdefault(header, place)
    return columns


class Refusals:
    """Collects rows that could not be used: ``with refusals.row(sheet, 12): …`` keeps what is raised inside."""

    def __init__(self) -> None:
        self.rows: list[RefusedRow] = []

    def add(self, sheet: str, row: int, problem: UnusableCellError) -> None:
        self.rows.append(RefusedRow(sheet, row, problem.column, problem.reason))


class FirstSeen:
    """Remembers where each key was first met, so that a second row for it can say where the first is."""

    def __init__(self) -> None:
        self.seen: dict[tuple[object, ...], int] = {}

    def check(self, key: tuple[object, ...], row: int, column: str) -> None:
        """``key`` names the row's subject to a person too: its parts are shown where it comes again."""
        first = self.seen.setdefault(key, row)
        if first != row:
            what = " ".join(f"{part:%-d %B %Y}" if isinstance(part, datetime.date) else str(part) for part in key)
            raise UnusableCellError(column, f"{what} is already in row {first}; the first one counts.")
