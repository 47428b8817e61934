"""The days and ratings of a row: its numbers over the recorded ones, checked together, every problem at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from partnerships.actions.ratings import Claim, Rating
from partnerships.estimates import Cell, Estimate, range_around
from partnerships.imports.portfolio.plan import RowPlan
from partnerships.models import Organisation
from partnerships.portfolio_cells import NOT_RATED, Value
from partnerships.portfolio_columns import BOUNDS, days_key, rating_key

Keys = Mapping[str, str]  # the column's key by bound (low, likely, high) or "evidence"


class NumbersReader:
    """Reads the numbers of many rows; the organisation's lists are fetched once."""

    def __init__(self, organisation: Organisation) -> None:
        levels = list(organisation.engagement_levels.all())
        ways = list(organisation.ways_of_creating_value.all())
        self.cells: list[Cell] = [(level.pk, pool.pk) for pool in organisation.capacity_pools.all() for level in levels]
        self.claims: list[Claim] = [
            (objective.pk, way.pk) for objective in organisation.objectives.all() for way in ways
        ]

    def read(self, row: RowPlan) -> None:
        """Fill the row's ``days`` and ``ratings`` with what it changes, and note what is wrong."""
        changed = row.changed
        for cell in self.cells:
            keys = {bound: days_key(*cell, bound) for bound in BOUNDS}
            if changed.keys() & keys.values():
                estimate = _estimate(row, keys)
                if estimate:
                    row.days[cell] = estimate
        for claim in self.claims:
            keys = {part: rating_key(*claim, part) for part in (*BOUNDS, "evidence")}
            if changed.keys() & keys.values():
                rating = _rating(row, keys)
                if rating:
                    row.ratings[claim] = rating


def _estimate(row: RowPlan, keys: Keys) -> Estimate | None:
    """A bound that neither the file nor the record has is 30 % from the likely days."""
    low, likely, high = (_number(row.after(keys[bound])) for bound in BOUNDS)
    if likely is None:
        row.refuse("Enter the likely days too.", keys["likely"])
        return None
    around = range_around(likely)
    estimate = Estimate(around.low if low is None else low, likely, around.high if high is None else high)
    return estimate if _in_order(row, keys, estimate.low, likely, estimate.high) else None


def _rating(row: RowPlan, keys: Keys) -> Rating | None:
    evidence = str(row.after(keys["evidence"]) or "")
    given = row.given.get(keys["likely"])
    low, likely, high = (_number(row.after(keys[bound])) for bound in BOUNDS)
    if given == NOT_RATED or likely is None:
        if _any_number(row, (keys["low"], keys["high"])):
            row.refuse("Enter the likely rating too, or clear low and high.", keys["likely"])
            return None
        return Rating(None, None, None, evidence)
    if low is None or high is None:
        missing = "low" if low is None else "high"
        row.refuse("Enter low, likely and high.", keys[missing])
        return None
    return Rating(low, likely, high, evidence) if _in_order(row, keys, low, likely, high) else None


def _in_order(row: RowPlan, keys: Keys, low: Decimal, likely: Decimal, high: Decimal) -> bool:
    if low > likely:
        row.refuse("Enter a low number that is no more than the likely one.", keys["low"])
    if high < likely:
        row.refuse("Enter a high number that is no less than the likely one.", keys["high"])
    return low <= likely <= high


def _any_number(row: RowPlan, keys: Iterable[str]) -> bool:
    return any(_number(row.given.get(key)) is not None for key in keys)


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
