"""One result cut by where people work, so that no cut gives away what is hidden.

Nothing is broken down under eleven answers, or more where a deployment says so. A part is shown only where on every
statement shown at least as many people of it have a view as a result takes: a part shown on some of them and hidden on
others could be worked out, and what a few people say of one statement from its scale and from the whole. What is hidden
can be worked out as well, by taking the shown parts from the whole: so the hidden people together are on every
statement either nobody or enough, else the next smallest part is hidden with them (complementary suppression:
Willenborg and de Waal 2001, Elements of Statistical Disclosure Control).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.definition import LEAST, MOST, Instrument
from diagnostics.instrument.scoring import Answers, Estimate, summarise

FEWEST_TO_BREAK_DOWN = 11


@dataclass(frozen=True)
class Part:
    """Some of the people: how many answered, and their estimates by the code of the scale."""

    code: str
    people: int
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True)
class Breakdown:
    """``hidden`` counts the people whose part is not shown."""

    parts: Sequence[Part]
    hidden: int


@dataclass(frozen=True)
class OfTheirOwn:
    """The parts that stand for themselves, and those that would and are with the others, which were too few else."""

    own: frozenset[str]
    joined: frozenset[str]


def break_down(
    people: Sequence[tuple[str, Answers]],
    counted: Instrument,
    *,
    invited: int,
    fewest: int,
    fewest_in_all: int = FEWEST_TO_BREAK_DOWN,
) -> Breakdown | None:
    """The parts that may be shown, by the code each person has, over the statements of ``counted``; None where fewer
    than two may: one says nothing. ``fewest_in_all`` raises the eleven and never lowers it.

    A part's interval takes it that the part was asked as often as everybody was: of how many were invited to it, the
    answers say nothing.
    """
    if len(people) < max(FEWEST_TO_BREAK_DOWN, fewest_in_all, fewest):
        return None
    by_part: dict[str, list[Answers]] = {}
    for code, answers in people:
        by_part.setdefault(code, []).append(answers)
    shown = parts_of_their_own(by_part, counted.items_on_the_eight, fewest=fewest).own
    if len(shown) < 2:
        return None
    each = max(invited, len(people)) / len(people)
    parts = [Part(code, len(by_part[code]), _estimates(by_part[code], counted, each)) for code in sorted(shown)]
    return Breakdown(parts, len(people) - sum(part.people for part in parts))


def parts_of_their_own(
    by_part: Mapping[str, Sequence[Answers]],
    items: Sequence[str],
    *,
    fewest: int,
    size: Mapping[str, int] | None = None,
) -> OfTheirOwn:
    """The parts that stand for themselves: enough people of each have a view on every statement, and of all the others
    together nobody or enough.

    Who joins the others, where these would be too few, is the smallest by its views, or by ``size`` where that is
    given: then nobody's view on a statement decides between two that are large enough.
    """
    views = {code: [_views(part, item) for item in items] for code, part in by_part.items()}
    return _may_be_shown(views, fewest, size)


def by_name(
    people: Sequence[tuple[str, Answers]], counted: Instrument, *, invited: Mapping[str, int]
) -> Sequence[Part]:
    """Every part with its name, however few are in it, over the statements of ``counted``.

    For surveys whose respondents were told that what their organisation answers is shown with its name. Of each part
    it is known how many were ``invited``.
    """
    by_part: dict[str, list[Answers]] = {}
    for name, answers in people:
        by_part.setdefault(name, []).append(answers)
    return [
        Part(name, len(by_part[name]), _over_views(by_part[name], counted, invited.get(name, 0)))
        for name in sorted(by_part, key=str.casefold)
    ]


def _over_views(part: Sequence[Answers], counted: Instrument, asked: int) -> dict[str, Estimate]:
    """The estimates of a part that is shown however few are in it: the mean of a characteristic is over its views.

    Over people's own scores, or over the statements' means within the part, it would not be what the views of all the
    parts and each statement's distribution add up to, and what one person said would be what is left over.
    """
    made = summarise(counted, part, max(asked, len(part)))
    found = {code: _moved_to(_mean_of_views(part, counted, code), one) for code, one in made.characteristics.items()}
    if made.overall is None or not found:
        return found
    return {**found, OVERALL: _moved_to(fmean(one.mean for one in found.values()), made.overall)}


def _mean_of_views(part: Sequence[Answers], counted: Instrument, characteristic: str) -> float:
    """Over all views on it. Every part of it weighs the same where everybody has a view on every statement."""
    atoms = [of for atom in counted.atoms_by_characteristic[characteristic] if (of := counted.items_of_atom(atom))]
    weighed = [
        (float(value), 1 / len(items))
        for items in atoms
        for item in items
        for answers in part
        if (value := answers.get(item)) is not None
    ]
    return sum(value * weight for value, weight in weighed) / sum(weight for _, weight in weighed)


def _moved_to(mean: float, one: Estimate) -> Estimate:
    """The estimate with another mean, and an interval that reaches as far to either side, and nowhere less far than
    it did: where it ended with the scale it says nothing of how sure the mean is.
    """
    return replace(
        one,
        mean=mean,
        low=max(LEAST, min(one.low, mean - (one.mean - one.low))),
        high=min(MOST, max(one.high, mean + (one.high - one.mean))),
    )


def _views(part: Sequence[Answers], item: str) -> int:
    return sum(answers.get(item) is not None for answers in part)


def _may_be_shown(views: Mapping[str, Sequence[int]], fewest: int, size: Mapping[str, int] | None) -> OfTheirOwn:
    """The parts that may be shown, from how many views each has on each statement."""
    hidden = {code for code, counts in views.items() if not counts or min(counts) < fewest}
    enough = views.keys() - hidden
    by_size = sorted(enough, key=lambda code: (min(views[code]) if size is None else size[code], code))
    while hidden and by_size and any(0 < together < fewest for together in _together(views, hidden)):
        hidden.add(by_size.pop(0))
    return OfTheirOwn(frozenset(by_size), frozenset(enough - set(by_size)))


def _together(views: Mapping[str, Sequence[int]], hidden: set[str]) -> list[int]:
    return [sum(counts) for counts in zip(*(views[code] for code in hidden), strict=True)]


def _estimates(part: Sequence[Answers], counted: Instrument, each: float) -> dict[str, Estimate]:
    made = summarise(counted, part, math.ceil(len(part) * each))
    return {**made.characteristics, **({} if made.overall is None else {OVERALL: made.overall})}
