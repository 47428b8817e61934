"""What changed from one round to a later one, beyond what chance would do.

Answers are anonymous, so nobody's two answers can be paired: the two rounds count as independent samples, which makes
the interval wider than it need be and never narrower. It has no finite population correction: the question is not
what those who were asked said then and now, but whether the partnership changed (Cochran 1977, section 2.14).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from diagnostics.instrument.definition import Instrument, Item
from diagnostics.instrument.scoring import CONFIDENCE, ROUNDING, Answers, Estimate, summarise
from diagnostics.instrument.student import two_sided


@dataclass(frozen=True)
class Change:
    """The later mean minus the earlier one, with its 95% interval."""

    before: float
    after: float
    low: float
    high: float

    @property
    def by(self) -> float:
        return self.after - self.before

    @property
    def is_beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Comparison:
    """Changes by code, over the items that ask the same in both rounds; ``added`` and ``dropped`` are those that are
    in one of the rounds only, or asked in other words.
    """

    overall: Change | None
    groups: Mapping[str, Change]
    characteristics: Mapping[str, Change]
    added: Sequence[Item]
    dropped: Sequence[Item]


def compare(
    earlier: Instrument, before: Sequence[Answers], later: Instrument, after: Sequence[Answers], *, fewest: int
) -> Comparison:
    """The changes between two rounds, where at least ``fewest`` people had a view in both.

    What is scored is the later instrument's map from items to characteristics, over the items that both have.
    """
    common = _in_common(earlier, later)
    reduced = replace(later, items=tuple(common))
    was, became = (summarise(reduced, answers, len(answers)) for answers in (before, after))
    return Comparison(
        overall=_change(was.overall, became.overall, fewest),
        groups=_changes(was.groups, became.groups, fewest),
        characteristics=_changes(was.characteristics, became.characteristics, fewest),
        added=[item for item in later.items if item not in common],
        dropped=[item for item in earlier.items if item.code not in {one.code for one in common}],
    )


def _in_common(earlier: Instrument, later: Instrument) -> list[Item]:
    """The later instrument's items that the earlier one asked in the same words."""
    asked = {item.code: item.text for item in earlier.items}
    return [item for item in later.items if asked.get(item.code) == item.text]


def _changes(was: Mapping[str, Estimate], became: Mapping[str, Estimate], fewest: int) -> dict[str, Change]:
    made = {code: _change(was.get(code), became[code], fewest) for code in became}
    return {code: change for code, change in made.items() if change is not None}


def _change(was: Estimate | None, became: Estimate | None, fewest: int) -> Change | None:
    """Welch's interval (1947), with the floor on each spread that a single round has as well."""
    if was is None or became is None or min(was.people, became.people) < max(fewest, 2):
        return None
    parts = [max(one.spread, ROUNDING) ** 2 / one.people for one in (was, became)]
    error = math.sqrt(sum(parts))
    degrees = sum(parts) ** 2 / sum(part**2 / (one.people - 1) for part, one in zip(parts, (was, became), strict=True))
    # Whole degrees of freedom, rounded down: a little wider, never narrower. 13.999… is 14 that was worked out.
    reach = two_sided(CONFIDENCE, max(1, math.floor(round(degrees, 6)))) * error
    by = became.mean - was.mean
    return Change(was.mean, became.mean, by - reach, by + reach)
