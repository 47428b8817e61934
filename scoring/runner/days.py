"""Days that nobody has estimated, filled in from what somebody has.

At most twelve numbers a partnership are asked for before a first answer, so most levels have no estimate of their own.
They follow the nearest estimated level by the shares of the organisation's ladder, with a range of 30% either way. A
partnership without any estimate at all costs what the others typically cost: free would be the one certain error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

EITHER_WAY = Decimal("0.3")
HUNDREDTH = Decimal("0.01")

Range = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class Rung:
    """A level as far as days go: its code, and its days as a share of the top level's."""

    code: str
    share_of_days: Decimal


def spread(likely: Decimal) -> Range:
    """Low, likely and high around a likely number of days, to a hundredth of a day."""
    likely = likely.quantize(HUNDREDTH)
    return (
        (likely * (1 - EITHER_WAY)).quantize(HUNDREDTH),
        likely,
        (likely * (1 + EITHER_WAY)).quantize(HUNDREDTH),
    )


def fill(ladder: Sequence[Rung], estimated: Mapping[str, Range]) -> tuple[dict[str, Range], set[str]]:
    """Days at every level of the ladder (lowest first) in one pool, and the levels whose days were worked out.

    ``estimated`` holds low, likely and high by level code. The lowest level costs nothing unless somebody says that
    leaving costs days.
    """
    anchors = [place for place, rung in enumerate(ladder) if rung.code in estimated and rung.share_of_days > 0]
    days, derived = {}, set()
    for place, rung in enumerate(ladder):
        if rung.code in estimated:
            days[rung.code] = estimated[rung.code]
        elif anchors and rung.share_of_days > 0:
            anchor = ladder[_nearest(anchors, place)]
            days[rung.code] = spread(estimated[anchor.code][1] * rung.share_of_days / anchor.share_of_days)
            derived.add(rung.code)
    return days, derived


def _nearest(anchors: Sequence[int], place: int) -> int:
    """The closest estimated level; of two as close, the higher, which people know better."""
    return min(anchors, key=lambda anchor: (abs(anchor - place), -anchor))


def typical(ladder: Sequence[Rung], all_estimated: Sequence[Mapping[str, Range]]) -> dict[str, Range]:
    """Days by level in one pool for a partnership nobody has estimated: the middle of those that have been.

    Each mapping of ``all_estimated`` is one partnership's estimates in this pool, empty where it uses none of it.
    """
    shares = {rung.code: rung.share_of_days for rung in ladder}
    tops = []
    for estimated in all_estimated:
        known = [code for code in estimated if shares.get(code)]
        best = max(known, key=lambda code: shares[code], default=None)
        tops.append(Decimal(0) if best is None else estimated[best][1] / shares[best])
    middle = median(tops) if tops else Decimal(0)
    if not middle:
        return {}
    return {rung.code: spread(middle * rung.share_of_days) for rung in ladder if rung.share_of_days > 0}
