"""One rule for all that shows a survey: a statement on which too few people have a view is hidden and counts nowhere.

Were it heard in its characteristic, in a group or in the overall, what few people said would follow from these and from
the statements that are shown. A whole is shown where at least half of its statements count and enough people have a
score on it, since else it would stand for what was hardly asked; a characteristic that is hidden counts nowhere either.
With ``scoring.over_parts`` every figure then rests on statements each of which is shown over all who have a view on it,
and over nobody else: no two figures differ by a few people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.definition import Instrument
from diagnostics.instrument.scoring import (
    Answers,
    Estimate,
    Groups,
    PersonScores,
    Summary,
    score_person,
    summarise,
)


def what_counts(instrument: Instrument, responses: Sequence[Answers], *, fewest: int) -> Instrument:
    """The instrument with those statements alone that are shown."""
    views = {item.code: sum(one.get(item.code) is not None for one in responses) for item in instrument.items}
    counted = only(instrument, {code for code, number in views.items() if number >= fewest})
    enough = wholes(instrument, counted)
    # Whoever has a view on every statement about it has a score, so most need not be worked out.
    shown = {
        code
        for code, of in counted.items_by_characteristic.items()
        if code in enough and sum(all(one.get(item) is not None for item in of) for one in responses) >= fewest
    }
    if shown != enough & counted.items_by_characteristic.keys():
        people = [score_person(counted, answers) for answers in responses]
        shown |= {code for code in enough if sum(code in one.characteristics for one in people) >= fewest}
    about = {item for code in shown for item in counted.items_of(code)}
    topics = _halves(instrument.items_by_topic, counted.items_by_topic)
    return only(counted, about | {item for code in topics for item in counted.items_of_topic(code)})


def only(instrument: Instrument, items: Collection[str]) -> Instrument:
    """The instrument with these statements alone; the same one where that is all of them."""
    kept = tuple(one for one in instrument.items if one.code in items)
    return instrument if kept == instrument.items else replace(instrument, items=kept)


def wholes(instrument: Instrument, counted: Instrument) -> frozenset[str]:
    """The characteristics and groups, and the overall, of whose statements at least half count."""
    return _halves(_items_of(instrument), _items_of(counted))


def shown_scores(instrument: Instrument, responses: Sequence[Answers], *, fewest: int) -> list[PersonScores]:
    """Everybody's scores on what is shown, in the order of ``responses``; on what is hidden nobody has any."""
    counted = what_counts(instrument, responses, fewest=fewest)
    people = [score_person(counted, answers) for answers in responses]
    enough = wholes(instrument, counted)
    heard = {code for code in enough if sum(code in _on_wholes(one) for one in people) >= fewest}
    return [
        replace(
            one,
            groups={code: score for code, score in one.groups.items() if code in heard},
            overall=one.overall if OVERALL in heard else None,
        )
        for one in people
    ]


def filled_in(
    counted: Instrument, responses: Sequence[Answers], groups: Groups | None = None
) -> list[Mapping[str, float | None]]:
    """The answers with the mean of a statement, in their group, for whoever has no view on it, but has one on its
    characteristic.

    The mean of people's scores is then the mean that is shown, and tells no more than it of those who passed one by.
    """
    if groups is not None:
        filled_by_place: dict[int, Mapping[str, float | None]] = {}
        for places in groups.among(len(responses)):
            made_of_group = filled_in(counted, [responses[place] for place in places])
            filled_by_place |= dict(zip(places, made_of_group, strict=True))
        return [filled_by_place[place] for place in range(len(responses))]
    means = {
        item: fmean(given)
        for item in counted.items_on_the_eight
        if (given := [value for one in responses if (value := one.get(item)) is not None])
    }
    filled: list[Mapping[str, float | None]] = []
    for answers in responses:
        made: dict[str, float | None] = {}
        for items in counted.items_by_characteristic.values():
            if any(answers.get(item) is not None for item in items):
                made |= {item: means[item] if (value := answers.get(item)) is None else value for item in items}
        filled.append(made)
    return filled


def summarise_shown(
    instrument: Instrument,
    responses: Sequence[Answers],
    invited: int,
    *,
    fewest: int,
    groups: Groups | None = None,
) -> Summary:
    """``summarise`` with nothing of what is hidden, nor in the share of "don't know"."""
    counted = what_counts(instrument, responses, fewest=fewest)
    made = summarise(counted, responses, invited, groups)
    enough = wholes(instrument, counted)
    atoms = _halves(instrument.items_by_atom, counted.items_by_atom)

    def shown(estimates: Mapping[str, Estimate], among: Collection[str]) -> dict[str, Estimate]:
        return {code: one for code, one in estimates.items() if code in among and one.people >= fewest}

    return replace(
        made,
        overall=shown({} if made.overall is None else {OVERALL: made.overall}, enough).get(OVERALL),
        groups=shown(made.groups, enough),
        characteristics=shown(made.characteristics, enough),
        atoms=shown(made.atoms, atoms),
        topics=shown(made.topics, made.topics.keys()),
    )


def _halves(asked: Mapping[str, Sequence[str]], left: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(code for code, items in asked.items() if 0 < len(items) <= 2 * len(left[code]))


def _items_of(instrument: Instrument) -> dict[str, tuple[str, ...]]:
    return {
        **instrument.items_by_characteristic,
        **instrument.items_by_group,
        OVERALL: instrument.items_on_the_eight,
    }


def _on_wholes(one: PersonScores) -> set[str]:
    return {*one.groups, *([] if one.overall is None else [OVERALL])}
