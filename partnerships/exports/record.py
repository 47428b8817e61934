"""The record of who did what as a spreadsheet: a row for each line, and a last one that says so where some are missing.

Names and values are what people typed: in CSV they are made harmless, in a workbook every cell is text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from django.utils import timezone

from partnerships.exports.portfolio import csv_file
from partnerships.exports.sheets import workbook_into
from partnerships.record.lines import Search, newest_of
from partnerships.record.words import Line, in_words
from partnerships.spreadsheet_safety import safe_text

MOST_LINES = 50_000
AT_A_TIME = 1_000
LONGEST_CELL = 32_000  # characters: a workbook's cell holds 32,767
HEADINGS = ("When", "Who", "What", "Partnership", "Details")
WIDTHS = (22, 28, 50, 36, 80)
CUT = "Only the newest {most:,} lines are here. Search for fewer days to have the others."


def record_rows(search: Search, *, most: int = MOST_LINES) -> tuple[list[tuple[str, ...]], bool]:
    """The newest rows of a search, and whether it has more of them."""
    rows = list(_rows(search, most + 1))
    return rows[:most], len(rows) > most


def _rows(search: Search, most: int) -> Iterator[tuple[str, ...]]:
    for entries in newest_of(search, most=most, at_a_time=AT_A_TIME):
        yield from map(_row, in_words(search.organisation, entries))


def _row(line: Line) -> tuple[str, ...]:
    when = f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}"
    partnership = line.partnership.name if line.partnership else ""
    details = "; ".join(map(str, line.changes))
    return when, line.who, str(line), partnership, details[:LONGEST_CELL]


def record_csv(rows: Iterable[tuple[str, ...]], note: str = "") -> bytes:
    below = [(note,)] if note else []
    return csv_file([[safe_text(cell) for cell in row] for row in (HEADINGS, *rows, *below)])


def record_workbook(rows: Iterable[tuple[str, ...]], note: str = "") -> bytes:
    file = io.BytesIO()
    book = workbook_into(file)
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDEE"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Who did what")
    for position, (words, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.write_string(0, position, words, heading)
        sheet.set_column(position, position, width)
    sheet.freeze_panes(1, 0)
    below = [(note,)] if note else []
    for number, row in enumerate([*rows, *below], start=1):
        for position, cell in enumerate(row):
            sheet.write_string(number, position, cell, text)
    book.close()
    return file.getvalue()
