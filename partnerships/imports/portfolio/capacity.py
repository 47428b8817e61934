"""Rows of capacity: what each would do to a pool's days in a quarter."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from partnerships.capacity_columns import capacity_columns, values_of_capacity
from partnerships.imports.portfolio.plan import RowPlan
from partnerships.imports.portfolio.reading import Table
from partnerships.imports.portfolio.tables import changes_of, columns_of, read_cells
from partnerships.models import Organisation, Quarter
from partnerships.portfolio_cells import Value
from partnerships.portfolio_columns import Column

Key = tuple[int, datetime.date]  # a pool's id and a quarter's first day


def plan_capacity(organisation: Organisation, table: Table) -> list[RowPlan]:
    """Raises SpreadsheetRefusedError where the headings are not those of the template."""
    known = capacity_columns(organisation)
    columns = columns_of(table, known, needed=("pool",), where="of the sheet Capacity ")
    recorded = {(row.pool_id, row.quarter): values_of_capacity(row) for row in organisation.capacity_quarters.all()}
    rows = [_plan_row(number, cells, columns, recorded) for number, cells in table.rows]
    _refuse_duplicates(rows)
    return rows


def _plan_row(
    number: int,
    cells: Sequence[str],
    columns: Sequence[tuple[int, Column]],
    recorded: dict[Key, dict[str, Value]],
) -> RowPlan:
    row = RowPlan(number, is_capacity=True)
    read_cells(row, cells, columns, sheet="Capacity ")
    day = row.given.get("quarter")
    if isinstance(day, datetime.date):
        row.given["quarter"] = Quarter.containing(day).first_day
    row.before = recorded.get(cast(Key, (row.given.get("pool"), row.given.get("quarter"))), {})
    for key, words in (("pool", "a pool"), ("quarter", "a day of the quarter"), ("days", "the days")):
        if row.after(key) is None and not row.has_problem_at(key):
            row.refuse(f"Enter {words}.", key)
    row.changes = changes_of(row, columns)
    row.name = _name(row, columns)
    return row


def _name(row: RowPlan, columns: Sequence[tuple[int, Column]]) -> str:
    pool = next((column.cell.write(row.given.get("pool")) for _, column in columns if column.key == "pool"), "")
    quarter = row.given.get("quarter")
    return ", ".join(filter(None, (pool, str(Quarter(quarter)) if isinstance(quarter, datetime.date) else "")))


def _refuse_duplicates(rows: Sequence[RowPlan]) -> None:
    first: dict[object, int] = {}
    for row in rows:
        meant = (row.given.get("pool"), row.given.get("quarter"))
        if None not in meant and meant in first:
            row.refuse(f"Row {first[meant]} is for the same pool and quarter. Keep one of the two.", "pool")
        first.setdefault(meant, row.number)


def amount_of(row: RowPlan) -> tuple[int, Quarter, Decimal, Decimal | None]:
    """The pool's id, the quarter, its days, and the reserve in per cent where there is one."""
    pool, quarter = cast(int, row.given["pool"]), Quarter(cast(datetime.date, row.given["quarter"]))
    return pool, quarter, cast(Decimal, row.after("days")), cast("Decimal | None", row.after("reserve"))
