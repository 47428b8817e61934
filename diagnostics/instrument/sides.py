"""How good a partner an organisation is: what partners say beside what its own people say, and both over partnerships.

Within one partnership the two sides are different people, so the gap is the difference of two independent means
(``change.compare``). Over partnerships each counts once, however many people answered in it: the mean is over the means
of partnerships, and a difference is taken within each partnership first, so that only like is held against like
(Student 1908). There is no finite population correction: it asks what partner the organisation is, not only what those
partnerships said that were asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from diagnostics.instrument.change import Change
from diagnostics.instrument.definition import LEAST, MOST
from diagnostics.instrument.scoring import CONFIDENCE, ROUNDING, Estimate
from diagnostics.instrument.student import two_sided, within

TOO_CLOSE = "Too close to tell"
NOT_COMPARABLE = "Not comparable"
EIGHT = 8  # characteristics, whatever the version of the questions


@dataclass(frozen=True)
class Beside:
    """One scale from both sides; what may not be shown is None, and then there is no gap either.

    The gap is our own mean minus the partners', over the items that both were asked; ``not_comparable`` says that those
    are too few for one.
    """

    code: str
    name: str
    partners: Estimate | None
    ours: Estimate | None
    gap: Change | None
    not_comparable: bool = False

    @property
    def differs(self) -> bool:
        return self.gap is not None and self.gap.is_beyond_chance

    @property
    def in_words(self) -> str:
        """Who rates us higher, as far as that can be told; "" where one side is missing."""
        if self.gap is None:
            return NOT_COMPARABLE if self.not_comparable else ""
        if not self.differs:
            return TOO_CLOSE
        if self.gap.by > 0:
            return f"We rate ourselves higher, by {self.gap.by:.1f}"
        return f"Partners rate us higher, by {-self.gap.by:.1f}"


@dataclass(frozen=True)
class LinesOnTheEight:
    """``lines`` are the overall, the groups and the eight characteristics, in that order; or none at all."""

    lines: Sequence[Beside]

    @property
    def overall_and_groups(self) -> Sequence[Beside]:
        return self.lines[:-EIGHT]

    @property
    def eight(self) -> Sequence[Beside]:
        return self.lines[-EIGHT:]


def over_partnerships(means: Sequence[float], *, fewest: int) -> Estimate | None:
    """The mean of partnerships' means with its 95% interval; ``people`` is how many partnerships. None without any.

    Each mean is over ``fewest`` people or more. One partnership alone says nothing of the others, so its interval is
    the whole scale.
    """
    if not means:
        return None
    mean, number = fmean(means), len(means)
    if number == 1:
        return Estimate(mean, LEAST, MOST, 1, 0.0)
    reach = _reach(means, floor=ROUNDING / math.sqrt(fewest))
    return Estimate(mean, max(LEAST, mean - reach), min(MOST, mean + reach), number, stdev(means))


def difference_over_partnerships(pairs: Sequence[tuple[float, float]], *, fewest: int) -> Change | None:
    """The mean of the second minus the first over partnerships, with its 95% interval; None without any.

    One partnership alone leaves every difference possible.
    """
    if not pairs:
        return None
    before, after = (fmean(side) for side in zip(*pairs, strict=True))
    if len(pairs) == 1:
        return Change(before, after, LEAST - MOST, MOST - LEAST)
    error = _error([second - first for first, second in pairs], floor=ROUNDING * math.sqrt(2 / fewest))
    reach = two_sided(CONFIDENCE, len(pairs) - 1) * error
    by = after - before
    return Change(before, after, by - reach, by + reach, 1 - within(abs(by) / error, len(pairs) - 1))


def finding(lines: Sequence[Beside]) -> str:
    """What the two sides say together, in a sentence without its full stop; ``lines`` begin with the overall."""
    overall, *scales = lines
    if not any(one.gap for one in lines):
        return "What partners say and what we say cannot be held against each other here"
    if overall.differs and overall.gap is not None:
        return (
            "We rate ourselves higher than partners do" if overall.gap.by > 0 else "Partners rate us higher than we do"
        )
    higher = [one for one in scales if one.differs and one.gap is not None and one.gap.by > 0]
    lower = [one for one in scales if one.differs and one.gap is not None and one.gap.by < 0]
    if higher and lower:
        return f"We rate ourselves higher than partners do on {_named(higher)}, and lower on {_named(lower)}"
    if higher:
        return f"We rate ourselves higher than partners do on {_named(higher)}"
    if lower:
        return f"Partners rate us higher than we do on {_named(lower)}"
    return "Between partners and us it is too close to tell: no difference is more than chance could make"


def _named(lines: Sequence[Beside]) -> str:
    by_size = sorted(lines, key=lambda one: -abs(one.gap.by) if one.gap else 0.0)
    more = f" and {len(by_size) - 1} more" if len(by_size) > 1 else ""
    return f"{by_size[0].name}{more}"


def _reach(values: Sequence[float], *, floor: float) -> float:
    """Half a 95% interval by Student's t."""
    return two_sided(CONFIDENCE, len(values) - 1) * _error(values, floor=floor)


def _error(values: Sequence[float], *, floor: float) -> float:
    """The standard error. The spread is at least what rounding to whole points leaves in a mean."""
    return max(stdev(values), floor) / math.sqrt(len(values))
