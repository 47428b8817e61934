"""Telling a change of a measure from the ups and downs it always has: an XmR chart, read by four rules.

Every measure varies. Limits around the mean, worked out from how much neighbouring figures differ, say how far chance
alone goes; what lies beyond them, or runs the same way for long enough, is a *special cause* that deserves a question.
Limits are the mean ± 2.66 × the mean moving range (Shewhart; Wheeler, Understanding Variation, 1993): 2.66 is
3 / 1.128, the expected range of two figures being 1.128 standard deviations.

The rules are the four of NHS England's Making Data Count, with the run lengths that the NHS-R community's package for
it has, seven and seven (NHSRplotthedots, ``ptd_calculate_point_type``). As in the programme's own spreadsheet, every
moving range counts, also one beside an outlier, which that package leaves out unless told otherwise (its vignette
"Deviations from Excel defaults"). Where a figure breaks several rules, the first in the order of ``Signal`` names it.

Pure: figures in the order of their days in, findings out. It counts in fractions, since a mean in floating point can
miss by a hair a series of equal figures, all of which would then lie on one side of it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

FEWEST_FOR_LIMITS = 10  # below it a plain run chart: the mean moving range rests on too little
FEWEST_FOR_FIRM_LIMITS = 20
REACH = Fraction(266, 100)  # of the limits, in mean moving ranges
NEAR = REACH * 2 / 3  # from here on a figure is close to a limit: two of the three standard deviations
SHIFT, TREND = 7, 7  # figures in a row

Figures = Sequence[Decimal | int | Fraction]


class Signal(enum.Enum):
    """A rule that a figure is part of breaking, in the order in which they name it."""

    OUTSIDE = "outside the limits"
    SHIFT = "one of seven or more in a row on one side of the mean"
    TREND = "one of seven or more in a row that all rise or all fall"
    CLOSE = "one of two in three close to the same limit"


class Towards(enum.IntEnum):
    """Which way a signal points."""

    LOW = -1
    HIGH = 1


@dataclass(frozen=True)
class Limits:
    """The mean and how far chance goes on each side of it."""

    mean: Fraction
    lower: Fraction
    upper: Fraction

    @property
    def near_lower(self) -> Fraction:
        return self.mean - (self.mean - self.lower) * 2 / 3

    @property
    def near_upper(self) -> Fraction:
        return self.mean + (self.upper - self.mean) * 2 / 3


@dataclass(frozen=True)
class Found:
    """What one figure is part of."""

    signal: Signal
    towards: Towards


class Variation(enum.Enum):
    """What the latest figure says, as the variation icons of Making Data Count do."""

    COMMON_CAUSE = "common cause"
    IMPROVEMENT = "special cause: improvement"
    CONCERN = "special cause: concern"
    HIGH = "special cause: high, where neither way is better"
    LOW = "special cause: low, where neither way is better"


class Assurance(enum.Enum):
    """Whether the target is met by how things work now, as the assurance icons of Making Data Count say it."""

    WILL_HIT = "will consistently hit the target"
    MAY_HIT = "may hit or miss the target"
    WILL_MISS = "will consistently miss the target"


def limits_of(figures: Figures) -> Limits:
    """Needs two figures at least.

    >>> limits = limits_of([2, 4, 2, 4])
    >>> float(limits.lower), float(limits.mean), float(limits.upper)
    (-2.32, 3.0, 8.32)
    """
    exact = [Fraction(one) for one in figures]
    mean = sum(exact, Fraction()) / len(exact)
    ranges = [abs(later - earlier) for earlier, later in pairwise(exact)]
    reach = REACH * sum(ranges, Fraction()) / len(ranges)
    return Limits(mean, mean - reach, mean + reach)


def median_of(figures: Figures) -> Fraction:
    """The middle line of a run chart.

    >>> median_of([3, 1, 2, 10])
    Fraction(5, 2)
    """
    ordered = sorted(Fraction(one) for one in figures)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def signals_of(figures: Figures, limits: Limits) -> list[Found | None]:
    """For each figure the first rule that it is part of breaking; None where it is common cause."""
    exact = [Fraction(one) for one in figures]
    sides = [_side(one, limits.mean, limits.mean) for one in exact]
    steps = [_side(later, earlier, earlier) for earlier, later in pairwise(exact)]
    by_rule: dict[Signal, list[int]] = {
        Signal.OUTSIDE: [_side(one, limits.lower, limits.upper) for one in exact],
        Signal.SHIFT: _in_runs(sides, SHIFT),
        Signal.TREND: _of_trends(steps, len(exact)),
        Signal.CLOSE: _two_in_three([_side(one, limits.near_lower, limits.near_upper) for one in exact]),
    }
    return [_first(by_rule, place) for place in range(len(exact))]


def variation_of(found: Sequence[Found | None], better: Towards | None) -> Variation:
    """By the latest figure; ``better`` is the way that is better, None where neither is."""
    latest = found[-1] if found else None
    if latest is None:
        return Variation.COMMON_CAUSE
    if better is None:
        return Variation.HIGH if latest.towards == Towards.HIGH else Variation.LOW
    return Variation.IMPROVEMENT if latest.towards == better else Variation.CONCERN


def assurance_of(limits: Limits, target: Decimal | int | Fraction, better: Towards) -> Assurance:
    """Whether figures within the limits all meet the target, all miss it, or some do; on the target is met."""
    wanted = Fraction(target)
    worst, best = (limits.lower, limits.upper) if better == Towards.HIGH else (limits.upper, limits.lower)
    if _meets(worst, wanted, better):
        return Assurance.WILL_HIT
    return Assurance.MAY_HIT if _meets(best, wanted, better) else Assurance.WILL_MISS


def _meets(figure: Fraction, target: Fraction, better: Towards) -> bool:
    return figure >= target if better == Towards.HIGH else figure <= target


def _side(figure: Fraction, low: Fraction, high: Fraction) -> int:
    """-1 below ``low``, 1 above ``high``, 0 from one to the other."""
    return (figure > high) - (figure < low)


def _in_runs(sides: Sequence[int], length: int) -> list[int]:
    """The side of each place that stands in a run of ``length`` or more on one side; 0 elsewhere."""
    marked = [0] * len(sides)
    for start in range(len(sides) - length + 1):
        run = set(sides[start : start + length])
        if run in ({1}, {-1}):
            marked[start : start + length] = sides[start : start + length]
    return marked


def _of_trends(steps: Sequence[int], figures: int) -> list[int]:
    """Seven figures that rise have six steps between them; each figure at either end of a marked step is part of it."""
    marked = [0] * figures
    for place, side in enumerate(_in_runs(steps, TREND - 1)):
        if side:
            marked[place] = marked[place + 1] = side
    return marked


def _two_in_three(close: Sequence[int]) -> list[int]:
    """Those close to a limit, or beyond it, of which three neighbours have two on that side."""
    marked = [0] * len(close)
    for start in range(len(close) - 2):
        places = range(start, start + 3)
        for side in Towards:
            there = [place for place in places if close[place] == side]
            if len(there) >= 2:
                for place in there:
                    marked[place] = int(side)
    return marked


def _first(by_rule: dict[Signal, list[int]], place: int) -> Found | None:
    broken: Iterable[Found] = (
        Found(signal, Towards(sides[place])) for signal, sides in by_rule.items() if sides[place]
    )
    return next(iter(broken), None)
