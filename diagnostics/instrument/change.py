"""What changed from one round to a later one, beyond what chance would do.

Answers are anonymous, so nobody's two answers can be paired: the two rounds count as independent samples, which makes
the interval wider than it need be and never narrower. It has no finite population correction: the question is not
what those who were asked said then and now, but whether the partnership changed (Cochran 1977, section 2.14).

Where organisations count once each, both means are over the same organisations: else a mean would change where nobody
changed their mind, by who is in it (direct standardisation: Fleiss, Levin and Paik 2003, chapter 19).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from diagnostics.instrument.beside import OVERALL, can_stand_beside
from diagnostics.instrument.comparable import Shared, common_ground
from diagnostics.instrument.definition import Instrument
from diagnostics.instrument.difference import Difference, difference
from diagnostics.instrument.scoring import CONFIDENCE, OTHERS, ROUNDING, Answers, Estimate, Groups, summarise
from diagnostics.instrument.shown import only, what_counts, wholes
from diagnostics.instrument.student import two_sided, within

# A difference of less is not worth acting on, however sure it is: one person in four a point further along the scale.
OF_SOME_SIZE = 0.25

Code = TypeVar("Code", bound=Hashable)


@dataclass(frozen=True)
class Change:
    """The later mean minus the earlier one, with its 95% interval; how often ``chance`` alone does as much."""

    before: float
    after: float
    low: float
    high: float
    chance: float = 1.0

    @property
    def by(self) -> float:
        return self.after - self.before

    @property
    def low_in_words(self) -> str:
        return _in_words(self.low)

    @property
    def high_in_words(self) -> str:
        return _in_words(self.high)

    @property
    def is_beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def is_clearly_up(self) -> bool:
        """Whether the second lies above the first by more than chance would do, and by enough to matter."""
        return self.low > 0 and self.by >= OF_SOME_SIZE


@dataclass(frozen=True)
class Comparison:
    """Changes by code, over the items that both rounds asked; ``difference`` says what they asked otherwise.

    ``not_comparable`` are the characteristics of which they share too little, with how much that is, and
    ``over_fewer`` those that are compared over fewer items than the later round shows. ``counted_otherwise``
    says that they share too few groups to count, or one counts people and the other organisations, so that nothing is
    compared; ``over_organisations`` that both count these. ``counted`` are the organisations that count of their own in
    both; ``together`` those that count as one beside them, and ``left_out`` those of either that do not count alike in
    both. ``over_other_groups`` says that the later round by itself counts other groups than these.
    """

    overall: Change | None
    groups: Mapping[str, Change]
    characteristics: Mapping[str, Change]
    difference: Difference
    not_comparable: Mapping[str, Shared]
    over_fewer: frozenset[str]
    counted_otherwise: bool = False
    counted: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    over_other_groups: bool = False

    @property
    def over_organisations(self) -> bool:
        return bool(self.counted)

    @property
    def by_scale(self) -> Mapping[str, Change]:
        """All of them by the code of the scale."""
        overall = {} if self.overall is None else {OVERALL: self.overall}
        return {**overall, **self.groups, **self.characteristics}


def compare(
    earlier: Instrument,
    before: Sequence[Answers],
    later: Instrument,
    after: Sequence[Answers],
    *,
    fewest: int,
    groups: tuple[Groups | None, Groups | None] = (None, None),
) -> Comparison:
    """The changes between two rounds, where at least ``fewest`` people had a view in both.

    What is scored is the later instrument's map from items to characteristics, over the items that both have; a scale
    that would give away what is hidden in either round has none, and what either hides counts in no whole. ``groups``
    are those of the two rounds where each organisation counts once; see ``_over_the_same``.
    """
    sides = _over_the_same((before, groups[0]), (after, groups[1]))
    if sides is None:
        return Comparison(None, {}, {}, difference(earlier, later), {}, frozenset(), counted_otherwise=True)
    ground = common_ground([later, earlier])
    standing = ground.standings[earlier.version]
    first, second = (what_counts(*one, fewest=fewest) for one in ((earlier, before), (later, after)))
    shared = only(ground.between(earlier.version), first.item_by_code.keys() & second.item_by_code.keys())
    whole = wholes(earlier, first) & wholes(later, second) & wholes(ground.between(earlier.version), shared)
    was, became = (summarise(shared, answers, len(answers), of) for answers, of in sides.both)
    safe = whole
    for page, those in ((first, before), (first, sides.both[0][0]), (second, after), (second, sides.both[1][0])):
        safe &= can_stand_beside(page, shared, those, fewest=fewest)
    overall = _change(was.overall, became.overall, fewest) if standing.as_a_whole and OVERALL in safe else None
    return Comparison(
        overall=overall,
        groups=_changes(was.groups, became.groups, fewest, safe),
        characteristics=_changes(was.characteristics, became.characteristics, fewest, safe),
        difference=difference(earlier, later),
        not_comparable=standing.not_comparable(),
        counted=sides.counted,
        together=sides.together,
        left_out=sides.left_out,
        over_other_groups=groups[1] is not None
        and sides.both[1][1] is not None
        and sides.both[1][1].of != groups[1].of,
        over_fewer=frozenset(
            code for code, items in shared.items_by_characteristic.items() if set(items) != set(second.items_of(code))
        ),
    )


# The answers of a round, and the groups they are in where organisations count.
Side = tuple[Sequence[Answers], Groups | None]


@dataclass(frozen=True)
class _Sides:
    """Two rounds over the same: everybody, or the same groups; the rest as in ``Comparison``."""

    both: tuple[Side, Side]
    counted: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()


def _over_the_same(first: Side, second: Side) -> _Sides | None:
    """Those whose means can be compared: where organisations count, these that count of their own in both rounds, and
    all others together where they are the same organisations in both, else without them.

    None where one counts people and the other organisations, or where fewer than two groups are left: what one
    organisation said is no mean over organisations. Whole groups are left out and no part of one, so that nothing can
    be worked out that the two pages do not give away (``groups``).
    """
    (before, was), (after, became) = first, second
    if was is None and became is None:
        return _Sides((first, second))
    if was is None or became is None:
        return None
    own = frozenset(set(was.of) & set(became.of)) - {OTHERS}
    was, became = was.with_others(own), became.with_others(own)
    together, left_out = was.others, frozenset[str]()
    if was.others != became.others:
        together, left_out = left_out, was.others | became.others
        before, after = (
            [one for one, group in zip(answers, of, strict=True) if group != OTHERS]
            for answers, of in ((before, was.of), (after, became.of))
        )
        was, became = was.without_others(), became.without_others()
    if not own or len(set(was.of)) < 2:
        return None
    return _Sides(((before, was), (after, became)), own, together, left_out)


def _changes(
    was: Mapping[str, Estimate], became: Mapping[str, Estimate], fewest: int, safe: frozenset[str]
) -> dict[str, Change]:
    made = {code: _change(was.get(code), became[code], fewest) for code in became if code in safe}
    return {code: change for code, change in made.items() if change is not None}


def _change(was: Estimate | None, became: Estimate | None, fewest: int) -> Change | None:
    if was is None or became is None or min(was.people, became.people) < fewest:
        return None
    return step(was, became)


def step(was: Estimate, became: Estimate) -> Change | None:
    """From one mean to another of different people, as between two partnerships or two places of work; None where
    either is of one person alone.

    Welch's interval (1947), with the floor on each spread that a single round has as well.
    """
    if min(was.people, became.people) < 2:
        return None
    parts = [max(one.spread, ROUNDING) ** 2 / one.people for one in (was, became)]
    error = math.sqrt(sum(parts))
    degrees = sum(parts) ** 2 / sum(part**2 / one.degrees for part, one in zip(parts, (was, became), strict=True))
    # Whole degrees of freedom, rounded down: a little wider, never narrower. 13.999… is 14 that was worked out.
    whole = max(1, math.floor(round(degrees, 6)))
    reach = two_sided(CONFIDENCE, whole) * error
    by = became.mean - was.mean
    return Change(was.mean, became.mean, by - reach, by + reach, 1 - within(abs(by) / error, whole))


def _in_words(number: float) -> str:
    """To one decimal, with a true minus, which screen readers say; no minus before nothing."""
    text = f"{abs(number):.1f}"
    return f"−{text}" if number < 0 and text != "0.0" else text


def beyond_chance_together(changes: Mapping[Code, Change]) -> frozenset[Code]:
    """The codes of those that are beyond chance though all of them are looked at at once.

    Eight tests of 5% each find something in a fifth to a quarter of the surveys between which nothing changed. By the
    stepwise correction of Holm (1979) chance alone finds any in at most 5%, whichever of the others are true.
    """
    found: set[Code] = set()
    for code in sorted(changes, key=lambda code: changes[code].chance):
        if changes[code].chance > (1 - CONFIDENCE) / (len(changes) - len(found)):
            break
        found.add(code)
    return frozenset(found)


def ends_are_apart(estimates: Sequence[Estimate]) -> bool:
    """Whether the highest of several means is clearly above the lowest, by more than chance does to some two of them.

    The widest of all their pairs is what is looked at, so it is held to the chance of all of them (Bonferroni). That
    the same people rate them all mostly makes it surer still.
    """
    ordered = sorted(estimates, key=lambda one: one.mean)
    rise = step(ordered[0], ordered[-1]) if len(ordered) > 1 else None
    pairs = math.comb(len(ordered), 2)
    return rise is not None and rise.is_clearly_up and rise.chance * pairs <= 1 - CONFIDENCE
