"""What rows about partnerships and about capacity share: a table's columns, a row's cells, and its changes in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from partnerships.imports.portfolio.plan import CellChange, RowPlan
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, Table
from partnerships.portfolio_cells import CellProblemError
from partnerships.portfolio_columns import Column


def columns_of(
    table: Table, known: Sequence[Column], *, needed: Sequence[str], where: str = ""
) -> list[tuple[int, Column]]:
    """Each column of the file that the template has, with its position; one of ``needed`` must be there.

    ``where`` names the sheet in what is said. Raises SpreadsheetRefusedError.
    """
    by_heading = {column.heading.casefold(): column for column in known}
    twice = [header for header, times in Counter(map(str.casefold, table.headers)).items() if header and times > 1]
    if twice:
        raise SpreadsheetRefusedError(f"Two columns {where}are headed “{twice[0][:60]}”. Keep one of them.")
    columns = []
    for position, header in enumerate(table.headers):
        column = by_heading.get(header.casefold())
        if column:
            columns.append((position, column))
        elif header or any(row[position].strip() for _, row in table.rows):
            said = f"is headed “{header[:60]}”, which the template does not have" if header else "has no heading"
            raise SpreadsheetRefusedError(
                f"Column {column_letter(position)} {where}{said}. Use the template’s headings, or delete the column."
            )
    if not any(column.key in needed for _, column in columns):
        heading = next(column.heading for column in known if column.key == needed[0])
        raise SpreadsheetRefusedError(
            f"No column {where}is headed “{heading}”. The first row must hold the template’s headings."
        )
    return columns


def column_letter(position: int) -> str:
    """A, B, … Z, AA, …; ``position`` counts from 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters, number = "", position + 1
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def read_cells(row: RowPlan, cells: Sequence[str], columns: Sequence[tuple[int, Column]], *, sheet: str = "") -> None:
    """Fill the row's ``given`` from its filled cells, and note those that cannot be read."""
    for position, column in columns:
        row.places[column.key] = (f"{sheet}{column_letter(position)}{row.number}", column.heading)
        if not cells[position].strip():
            continue
        try:
            row.given[column.key] = column.cell.read(cells[position])
        except CellProblemError as problem:
            row.refuse(str(problem), column.key)


def changes_of(row: RowPlan, columns: Sequence[tuple[int, Column]]) -> tuple[CellChange, ...]:
    changed = row.changed
    return tuple(
        CellChange(one.heading, one.cell.write(row.before.get(one.key)), one.cell.write(changed[one.key]))
        for _, one in columns
        if one.key in changed
    )
