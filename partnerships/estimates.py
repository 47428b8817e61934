"""Days that nobody has estimated yet, suggested from those that somebody has.

People know best what a partnership would take if it had all it needs, or what it takes today. From one such number per
pool the other levels follow by the organisation's own shares, and a range of 30 % either side stands for not knowing
better. A suggestion is never stored unless a person saves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from partnerships.models import CapacityPool, DaysNeeded, EngagementLevel

SPREAD = Decimal("0.3")
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Estimate:
    """Days a quarter: ``low <= likely <= high``; suggested, or recorded by a person."""

    low: Decimal
    likely: Decimal
    high: Decimal
    is_suggested: bool = False


Cell = tuple[int, int]  # the ids of a level and of a pool


def range_around(likely: Decimal) -> Estimate:
    """``likely`` with 30 % less and more, to a hundredth of a day.

    >>> range_around(Decimal(10))
    Estimate(low=Decimal('7.00'), likely=Decimal('10.00'), high=Decimal('13.00'), is_suggested=True)
    """
    likely = likely.quantize(HUNDREDTH)
    low, high = ((likely * factor).quantize(HUNDREDTH) for factor in (1 - SPREAD, 1 + SPREAD))
    return Estimate(low, likely, high, is_suggested=True)


def recorded_estimates(days_needed: Iterable[DaysNeeded]) -> dict[Cell, Estimate]:
    return {(days.level_id, days.pool_id): Estimate(days.low, days.likely, days.high) for days in days_needed}


def with_suggestions(
    recorded: Mapping[Cell, Estimate], levels: Iterable[EngagementLevel], pools: Iterable[CapacityPool]
) -> dict[Cell, Estimate | None]:
    """Every level and pool: what is recorded, else a suggestion, else None where the pool has nothing to go by.

    A suggestion scales the nearest level that is recorded for the pool by the levels' shares of days; of two as near,
    the higher, which people know better. Taking no part (a level whose share is 0) is suggested as no days.
    """
    ladder = list(levels)
    filled: dict[Cell, Estimate | None] = {}
    for pool in pools:
        here = {level.pk: recorded.get((level.pk, pool.pk)) for level in ladder}
        known = [(level, one) for level in ladder if (one := here[level.pk]) is not None and level.share_of_days > 0]
        for level in ladder:
            filled[level.pk, pool.pk] = here[level.pk] or _suggestion(known, level)
    return filled


def _suggestion(known: list[tuple[EngagementLevel, Estimate]], level: EngagementLevel) -> Estimate | None:
    """From the levels ``known`` of one pool."""
    if not known:
        return None
    nearest, one = min(known, key=lambda other: (abs(other[0].position - level.position), -other[0].position))
    return range_around(one.likely * level.share_of_days / nearest.share_of_days)
