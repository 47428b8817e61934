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
from dataclasses import dataclass

from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.definition import Instrument
from diagnostics.instrument.scoring import Answers, Estimate, estimate, summarise

FEWEST_TO_BREAK_DOWN = 11

# One person's scores by the code of the scale; a scale without a view is absent.
Scores = Mapping[str, float]


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
    shown = parts_of_their_own(by_part, counted.items_on_the_eight, fewest=fewest)
    if len(shown) < 2:
        return None
    each = max(invited, len(people)) / len(people)
    parts = [Part(code, len(by_part[code]), _estimates(by_part[code], counted, each)) for code in sorted(shown)]
    return Breakdown(parts, len(people) - sum(part.people for part in parts))


def parts_of_their_own(by_part: Mapping[str, Sequence[Answers]], items: Sequence[str], *, fewest: int) -> set[str]:
    """The parts that stand for themselves: enough people of each have a view on every statement, and of all the others
    together nobody or enough.
    """
    return _may_be_shown({code: [_views(part, item) for item in items] for code, part in by_part.items()}, fewest)


def by_name(
    people: Sequence[tuple[str, Scores]], scales: Sequence[str], *, invited: Mapping[str, int]
) -> Sequence[Part]:
    """Every part with its name, however few are in it.

    For surveys whose respondents were told that what their organisation answers is shown with its name. Of each part
    it is known how many were ``invited``.
    """
    by_part: dict[str, list[Scores]] = {}
    for name, scores in people:
        by_part.setdefault(name, []).append(scores)
    parts = []
    for name in sorted(by_part, key=str.casefold):
        found = {scale: estimate(_of(by_part[name], scale), invited.get(name, 0)) for scale in scales}
        parts.append(Part(name, len(by_part[name]), {scale: one for scale, one in found.items() if one is not None}))
    return parts


def _of(part: Sequence[Scores], scale: str) -> list[float]:
    return [scores[scale] for scores in part if scale in scores]


def _views(part: Sequence[Answers], item: str) -> int:
    return sum(answers.get(item) is not None for answers in part)


def _may_be_shown(views: Mapping[str, Sequence[int]], fewest: int) -> set[str]:
    """The parts that may be shown, from how many views each has on each statement."""
    hidden = {code for code, counts in views.items() if not counts or min(counts) < fewest}
    by_size = sorted(views.keys() - hidden, key=lambda code: (min(views[code]), code))
    while hidden and by_size and any(0 < together < fewest for together in _together(views, hidden)):
        hidden.add(by_size.pop(0))
    return set(by_size)


def _together(views: Mapping[str, Sequence[int]], hidden: set[str]) -> list[int]:
    return [sum(counts) for counts in zip(*(views[code] for code in hidden), strict=True)]


def _estimates(part: Sequence[Answers], counted: Instrument, each: float) -> dict[str, Estimate]:
    made = summarise(counted, part, math.ceil(len(part) * each))
    return {**made.characteristics, **({} if made.overall is None else {OVERALL: made.overall})}
