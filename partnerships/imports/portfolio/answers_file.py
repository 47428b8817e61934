"""A file of answers for an import without a page: what each name that may be there already means.

A CSV file or an Excel workbook with the columns Name, Answer (``same`` or ``new``) and, for the same, Slug.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, read_table

NAME, ANSWER, SLUG = "name", "answer", "slug"
SAME, NEW = "same", "new"


class Said(NamedTuple):
    """Which partnership, by its slug, the row of a name means; None for another one than those that it is like."""

    name: str
    slug: str | None


def read_answers(content: bytes) -> Iterator[Said]:
    """What each row says, in the order of the file. Raises SpreadsheetRefusedError, with what to do."""
    if not content.strip():
        return
    table = read_table(content)
    headers = [header.casefold() for header in table.headers]
    if missing := [column for column in (NAME, ANSWER) if column not in headers]:
        wanted = " and ".join(column.title() for column in missing)
        raise SpreadsheetRefusedError(f"It has no column {wanted}. Give it the columns Name, Answer and Slug.")
    for number, cells in table.rows:
        row = dict(zip(headers, (cell.strip() for cell in cells), strict=True))
        yield _said(f"row {number}", row[NAME], row[ANSWER].casefold(), row.get(SLUG, ""))


def _said(where: str, name: str, answer: str, slug: str) -> Said:
    if not name:
        raise SpreadsheetRefusedError(f"In {where} there is no name. Write it as it stands in the portfolio’s file.")
    if answer == SAME and slug:
        return Said(name, slug)
    if answer == SAME:
        raise SpreadsheetRefusedError(f"In {where}, “{name}” is the same as which? Write its slug in the column Slug.")
    if answer == NEW and not slug:
        return Said(name, None)
    if answer == NEW:
        raise SpreadsheetRefusedError(f"In {where}, “{name}” is new, so leave the column Slug empty, or write same.")
    raise SpreadsheetRefusedError(f"In {where}, write same or new in the column Answer for “{name}”.")
