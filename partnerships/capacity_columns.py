"""The columns of a spreadsheet of capacity: one row for each pool and quarter."""

from __future__ import annotations

from partnerships.models import CapacityQuarter, Organisation
from partnerships.portfolio_cells import Choice, Date, Number, Value
from partnerships.portfolio_columns import Column

MOST_DAYS = 100_000


def capacity_columns(organisation: Organisation) -> list[Column]:
    pools = {pool.name: pool.pk for pool in organisation.capacity_pools.all()}
    return [
        Column("pool", "Pool", "One of your capacity pools.", Choice(pools)),
        Column("quarter", "Quarter", "Any day of the quarter, such as 1 April 2026.", Date()),
        Column("days", "Days in the quarter", "All that the pool can give to partnerships.", Number(0, MOST_DAYS)),
        Column("reserve", "Kept in reserve", "In per cent; 10 where it is left empty.", Number(0, 100)),
    ]


def values_of_capacity(row: CapacityQuarter) -> dict[str, Value]:
    """What is recorded of one pool's quarter, by column key."""
    return {"pool": row.pool_id, "quarter": row.quarter, "days": row.days, "reserve": row.reserve_percent}
