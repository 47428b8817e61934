"""A mean over some items beside the mean over all of them, without giving away what is hidden.

Where two surveys share some of their items, a scale is shown twice: over all its items on the survey's own page, and
over those shared where surveys are compared. The difference of the two tells of the items left out, and of people who
count in one of them only. So the second is shown only where each item left out has nobody's view or enough of them,
and where those who count in one of the two only are nobody or enough (as with parts: Willenborg and de Waal 2001).
"""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.instrument.definition import Instrument
from diagnostics.instrument.scoring import Answers, PersonScores, score_person

OVERALL = "overall"


def can_stand_beside(
    all_items: Instrument, some: Instrument, responses: Sequence[Answers], *, fewest: int
) -> frozenset[str]:
    """The scales (characteristics, groups, and overall) that may be shown over ``some`` items as well."""
    if {one.code: all_items.items_of(one.code) for one in all_items.characteristics} == {
        one.code: some.items_of(one.code) for one in some.characteristics
    }:
        return frozenset(_scales(some))
    full, part = ([score_person(made, one) for one in responses] for made in (all_items, some))
    scored = [(_by_scale(one), _by_scale(other)) for one, other in zip(full, part, strict=True)]
    return frozenset(
        scale
        for scale, characteristics in _scales(some).items()
        if _is_safe(_one_only(all_items, some, characteristics), responses, fewest)
        and _enough_or_none(sum((scale in one) != (scale in other) for one, other in scored), fewest)
    )


def _scales(made: Instrument) -> dict[str, tuple[str, ...]]:
    """Every scale with the characteristics it is made of."""
    everything = tuple(one.code for one in made.characteristics)
    return {code: (code,) for code in everything} | dict(made.characteristics_by_group) | {OVERALL: everything}


def _one_only(all_items: Instrument, some: Instrument, characteristics: Sequence[str]) -> set[str]:
    """The items that count for these characteristics in one of the two only."""
    full, part = ({item for code in characteristics for item in made.items_of(code)} for made in (all_items, some))
    return full ^ part


def _is_safe(items: set[str], responses: Sequence[Answers], fewest: int) -> bool:
    views = (sum(answers.get(item) is not None for answers in responses) for item in items)
    return all(_enough_or_none(number, fewest) for number in views)


def _enough_or_none(number: int, fewest: int) -> bool:
    return number == 0 or number >= fewest


def _by_scale(scores: PersonScores) -> set[str]:
    return {*scores.characteristics, *scores.groups, *([] if scores.overall is None else [OVERALL])}
