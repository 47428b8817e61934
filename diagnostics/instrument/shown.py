"""One rule for all that shows a survey: a characteristic that is hidden counts nowhere.

A characteristic is hidden where fewer people than a result takes have a score on it. Were they heard in its group or in
the overall, their answers would follow from these and from the characteristics that are shown. So a whole is the mean
of its shown characteristics alone; and where those have fewer than half of its statements, it is hidden with the rest,
since it would stand for what was hardly asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.definition import Instrument
from diagnostics.instrument.scoring import Answers, PersonScores, Summary, score_person, summarise


def what_counts(instrument: Instrument, responses: Sequence[Answers], *, fewest: int) -> Instrument:
    """The instrument with the statements about those characteristics alone that are shown, and with its topics."""
    items = {one.code: instrument.items_of(one.code) for one in instrument.characteristics}
    # Whoever has a view on every statement about it has a score, so most need not be worked out.
    shown = {
        code
        for code, of in items.items()
        if sum(all(one.get(item) is not None for item in of) for one in responses) >= fewest
    }
    if shown == items.keys():
        return instrument
    people = [score_person(instrument, answers) for answers in responses]
    shown |= {code for code in items if sum(code in one.characteristics for one in people) >= fewest}
    return only(instrument, shown)


def only(instrument: Instrument, characteristics: Collection[str]) -> Instrument:
    """The instrument with the statements about these alone; the same one where that is all of them."""
    kept = {item for code in characteristics for item in instrument.items_of(code)}
    items = tuple(one for one in instrument.items if one.topic or one.code in kept)
    return instrument if items == instrument.items else replace(instrument, items=items)


def asked_about(instrument: Instrument) -> set[str]:
    """The characteristics about which it has a statement."""
    return {one.code for one in instrument.characteristics if instrument.items_of(one.code)}


def wholes(instrument: Instrument, counted: Instrument) -> frozenset[str]:
    """The groups, and the overall, of whose statements at least half count."""
    made = dict(instrument.characteristics_by_group) | {OVERALL: tuple(one.code for one in instrument.characteristics)}
    return frozenset(
        code for code, parts in made.items() if 0 < _statements(instrument, parts) <= 2 * _statements(counted, parts)
    )


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


def summarise_shown(instrument: Instrument, responses: Sequence[Answers], invited: int, *, fewest: int) -> Summary:
    """``summarise`` with nothing of what is hidden: no such characteristic, and none in a group or in the overall.

    Statements, the parts of a characteristic and topics are as asked: whoever shows those looks at each by itself.
    """
    full = summarise(instrument, responses, invited)
    counted = what_counts(instrument, responses, fewest=fewest)
    made = full if counted is instrument else summarise(counted, responses, invited)
    enough = wholes(instrument, counted)
    return replace(
        full,
        overall=made.overall
        if OVERALL in enough and made.overall is not None and made.overall.people >= fewest
        else None,
        groups={code: one for code, one in made.groups.items() if code in enough and one.people >= fewest},
        characteristics=made.characteristics,
    )


def _on_wholes(one: PersonScores) -> set[str]:
    return {*one.groups, *([] if one.overall is None else [OVERALL])}


def _statements(instrument: Instrument, characteristics: Iterable[str]) -> int:
    return sum(len(instrument.items_of(code)) for code in characteristics)
