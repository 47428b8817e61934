"""Writing sheets safely: text stays text, numbers stay numbers, tables are the spreadsheet's own.

A cell whose text begins like a formula would become one when the sheet is saved as CSV and opened again, so such text
gets an apostrophe in front, besides never being written as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from partnerships.headings import told_apart

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_TEXT = 32_000  # a cell holds 32,767 characters
INVENTED = "This organisation and everything recorded about it are invented for demonstration."

Cell = str | int | float | None


def workbook_into(out: IO[bytes]) -> Workbook:
    """A new workbook in which no text ever becomes a formula, a link or a number."""
    return Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )


def plain_text(text: str) -> str:
    """The text as a cell may hold it: never a formula, in this file or in one saved from it."""
    text = text[:LONGEST_TEXT]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


@dataclass(frozen=True)
class Formats:
    """The few formats of the workbook."""

    title: Format
    heading: Format
    text: Format
    wrapped: Format
    value: Format
    days: Format
    share: Format
    whole: Format

    @classmethod
    def of(cls, book: Workbook) -> Formats:
        top = {"valign": "top"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 16, "font_color": "#005EB8"}),
            heading=book.add_format({"bold": True, "valign": "top"}),
            text=book.add_format(top),
            wrapped=book.add_format({"text_wrap": True, **top}),
            value=book.add_format({"num_format": "0.00", **top}),
            days=book.add_format({"num_format": "0.0", **top}),
            share=book.add_format({"num_format": "0%", **top}),
            whole=book.add_format({"num_format": "0", **top}),
        )


@dataclass(frozen=True)
class Column:
    """A column of a native table: its header, its width in characters, and the format of its cells."""

    header: str
    width: int
    format: Format


def write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, cell_format: Format) -> None:
    """One cell: text as text, numbers as numbers, None as an empty cell."""
    if cell is None:
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(cell, str):
        sheet.write_string(row, column, plain_text(cell), cell_format)
    else:
        sheet.write_number(row, column, cell, cell_format)


def write_table(
    sheet: Worksheet, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, first_row: int
) -> tuple[int, int]:
    """A native table with its header in ``first_row``; gives the first and the last row of its cells."""
    last = first_row + max(1, len(rows))
    sheet.add_table(
        first_row,
        0,
        last,
        len(columns) - 1,
        {
            "name": name,
            "style": "Table Style Medium 2",
            "columns": [{"header": header} for header in told_apart(plain_text(column.header) for column in columns)],
        },
    )
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    for down, row in enumerate(rows, start=first_row + 1):
        for across, cell in enumerate(row):
            write_cell(sheet, down, across, cell, columns[across].format)
    return first_row + 1, last


def write_pairs(sheet: Worksheet, formats: Formats, pairs: Sequence[tuple[str, Cell]], *, first_row: int) -> int:
    """Lines of a name and what it is; gives the row after the last."""
    for row, (name, cell) in enumerate(pairs, start=first_row):
        write_cell(sheet, row, 0, name, formats.heading)
        numeric: Any = formats.value if isinstance(cell, float) else formats.whole
        write_cell(sheet, row, 1, cell, formats.wrapped if isinstance(cell, str) else numeric)
    return first_row + len(pairs)
