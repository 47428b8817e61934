"""The days that a run takes for each level, whoever estimated them or nobody.

What is recorded counts; the other levels follow from it as the ground floor suggests them on its own pages. A
partnership without any estimate at all costs what the others typically cost: free would be the one certain error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median

from partnerships.estimates import Cell, Estimate, range_around, with_suggestions
from partnerships.models import CapacityPool, EngagementLevel

# Estimates by the code of a pool, then by the code of a level.
Days = dict[str, dict[str, Estimate]]


def days_of(
    recorded: Mapping[Cell, Estimate], levels: Sequence[EngagementLevel], pools: Sequence[CapacityPool]
) -> Days | None:
    """One participation's days in ``pools``, with the missing levels filled in; None where nobody estimated any."""
    if not recorded:
        return None
    filled = with_suggestions(recorded, levels, pools)
    days: Days = {}
    for pool in pools:
        cells = {level.code: filled[level.pk, pool.pk] for level in levels}
        # Taking no part costs nothing unless somebody recorded that leaving costs days.
        kept = {code: one for code, one in cells.items() if one is not None and (one.likely or not one.is_suggested)}
        if kept:
            days[pool.code] = kept
    return days


def typical_days(
    all_days: Sequence[Mapping[str, Mapping[str, Estimate]]],
    levels: Sequence[EngagementLevel],
    pools: Sequence[CapacityPool],
) -> Days:
    """Days for a partnership that nobody has estimated: in each pool the middle of those that have been.

    A partnership that uses nothing of a pool counts as 0 there, so a pool that most leave alone stays alone.
    """
    shares = {level.code: level.share_of_days for level in levels if level.share_of_days > 0}
    days: Days = {}
    for pool in pools:
        tops = [_at_the_top(one.get(pool.code, {}), shares) for one in all_days]
        middle = median(tops) if tops else Decimal(0)
        if middle:
            days[pool.code] = {code: range_around(middle * share) for code, share in shares.items()}
    return days


def _at_the_top(estimates: Mapping[str, Estimate], shares: Mapping[str, Decimal]) -> Decimal:
    """Likely days with all that a partnership asks for, from its highest level that has any."""
    known = [code for code in shares if code in estimates]
    best = max(known, key=lambda code: shares[code], default=None)
    return Decimal(0) if best is None else estimates[best].likely / shares[best]
