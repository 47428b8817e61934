"""What is hidden counts nowhere, and nothing that is shown tells what they said who passed a statement by."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diagnostics.instrument import Instrument, instrument
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.breakdown import break_down
from diagnostics.instrument.change import compare
from diagnostics.instrument.scoring import Answers, Estimate, score_person
from diagnostics.instrument.shown import filled_in, shown_scores, summarise_shown, what_counts, wholes

INSTRUMENT = instrument()
ITEMS = [item for one in INSTRUMENT.characteristics for item in INSTRUMENT.items_of(one.code)]
CODES = [one.code for one in INSTRUMENT.characteristics]
NEEDED = 5


def answers(value: int | None, **of: int | None) -> dict[str, int | None]:
    """Everything answered with ``value``, and all of a characteristic as ``of`` says."""
    return dict.fromkeys(ITEMS, value) | {item: of[code] for code in of for item in INSTRUMENT.items_of(code)}


def shown(responses: list[dict[str, int | None]]) -> Mapping[str, Estimate]:
    made = summarise_shown(INSTRUMENT, responses, 20, fewest=NEEDED)
    return {**made.characteristics, **made.groups, **({} if made.overall is None else {OVERALL: made.overall})}


@pytest.mark.parametrize("value", [1, 3, 5])
def test_one_view_does_not_follow_from_its_group(value: int) -> None:
    people = [answers(4, focus=None) for _ in range(9)] + [answers(4, focus=value)]
    found = shown(people)
    assert "focus" not in found
    assert found["strategy"].mean == found["purpose"].mean == found[OVERALL].mean == 4
    assert all("focus" not in one.characteristics for one in shown_scores(INSTRUMENT, people, fewest=NEEDED))


# Everybody's answers to single statements: to all of them with a slip here and there, or to hardly any.
one_answer = st.sampled_from([None, 1, 2, 3, 4, 4, 4, 5, 5])
full = st.fixed_dictionaries(dict.fromkeys(ITEMS, one_answer))
hardly = st.dictionaries(st.sampled_from(ITEMS), one_answer, max_size=4).map(lambda few: {**answers(None), **few})
some = st.lists(full | hardly, min_size=5, max_size=12)


def as_shown(people: list[dict[str, int | None]], places: str = "") -> list[object]:
    """All that a page or a workbook shows of them, to nine decimals; by place as well where each has one."""
    made = summarise_shown(INSTRUMENT, people, 20, fewest=NEEDED)
    counted = what_counts(INSTRUMENT, people, fewest=NEEDED)
    parts = break_down(list(zip(places, people, strict=True)), counted, invited=20, fewest=NEEDED) if places else None
    estimates: list[Mapping[str, Estimate | None]] = [
        {"": made.overall},
        made.groups,
        made.characteristics,
        made.atoms,
        {code: one.estimate for code, one in made.items.items()},
        *([part.estimates for part in parts.parts] if parts else []),
    ]
    rounded = [
        {
            code: (round(one.mean, 9), round(one.low, 9), round(one.high, 9), one.people)
            for code, one in of.items()
            if one
        }
        for of in estimates
    ]
    return [*rounded, {code: one.counts for code, one in made.items.items()}]


@given(some, st.data())
def test_what_is_shown_does_not_change_with_what_is_hidden(
    people: list[dict[str, int | None]], data: st.DataObject
) -> None:
    counted = what_counts(INSTRUMENT, people, fewest=NEEDED).item_by_code
    instead = [
        {
            item: value if value is None or item in counted else data.draw(st.integers(1, 5))
            for item, value in one.items()
        }
        for one in people
    ]
    assert as_shown(instead) == as_shown(people)
    assert shown_scores(INSTRUMENT, instead, fewest=NEEDED) == shown_scores(INSTRUMENT, people, fewest=NEEDED)


@given(some, st.data())
def test_nothing_tells_what_they_said_who_passed_a_statement_by(
    people: list[dict[str, int | None]], data: st.DataObject
) -> None:
    """Had they and somebody else said each other's, nothing that is shown would be other than it is."""
    counted = what_counts(INSTRUMENT, people, fewest=NEEDED)
    apart = [
        (one, item, other)
        for items in counted.items_by_atom.values()
        for one in people
        if any(one[item] is None for item in items)
        for item in items
        if one[item] is not None
        for other in people
        if other[item] is not None and other[item] != one[item]
    ]
    assume(apart)
    before, means = as_shown(people), means_filled(counted, people)
    one, item, other = data.draw(st.sampled_from(apart))
    one[item], other[item] = other[item], one[item]
    assert as_shown(people) == before
    assert means_filled(counted, people) == pytest.approx(means)


def means_filled(counted: Instrument, people: list[dict[str, int | None]]) -> dict[str, float]:
    """What readiness takes for people's means."""
    scores = [score_person(counted, one).characteristics for one in filled_in(counted, people)]
    return {
        code: fmean(one[code] for one in scores if code in one) for code in {code for one in scores for code in one}
    }


def test_one_answer_does_not_follow_from_a_mean_and_its_statements() -> None:
    """Of eight who agree one does not know of a statement: twice the sum on both less that on each was their other."""
    for value in (1, 4, 5):
        people = [answers(4) for _ in range(7)] + [{**answers(4), "FOC1": value, "FOC2": None}]
        made = summarise_shown(INSTRUMENT, people, 11, fewest=NEEDED)
        on_each = [one.mean for code in ("FOC1", "FOC2") if (one := made.items[code].estimate)]
        assert made.characteristics["focus"].mean == fmean(on_each)
        assert made.groups["strategy"].mean == fmean([4, made.characteristics["focus"].mean])
        assert made.characteristics["focus"].people == 8


def test_an_interval_over_parts_is_not_narrower_than_over_people() -> None:
    people = [{**answers(4), "FOC1": value, "FOC2": value} for value in (1, 2, 3, 4, 5, 5, 4)]
    whole = summarise_shown(INSTRUMENT, people, 20, fewest=NEEDED).characteristics["focus"]
    apart: list[Answers] = [{**one, "FOC2": people[place - 1]["FOC2"]} for place, one in enumerate(people)]
    one_less = [*apart, {**answers(4), "FOC2": None}]
    over_people = summarise_shown(INSTRUMENT, apart, 20, fewest=NEEDED).characteristics["focus"]
    over_parts = summarise_shown(INSTRUMENT, one_less, 20, fewest=NEEDED).characteristics["focus"]
    assert whole.high - whole.low > over_people.high - over_people.low
    assert over_parts.high - over_parts.low > over_people.high - over_people.low


def test_a_part_of_few_who_passed_a_statement_by_is_not_broken_down() -> None:
    people = [answers(4) for _ in range(12)]
    assert break_down([*zip("aaaaabbbbbbb", people, strict=True)], INSTRUMENT, invited=20, fewest=NEEDED)
    people[0]["FOC2"] = None
    assert break_down([*zip("aaaaabbbbbbb", people, strict=True)], INSTRUMENT, invited=20, fewest=NEEDED) is None
    assert break_down([*zip("aaaaaabbbbbb", people, strict=True)], INSTRUMENT, invited=20, fewest=NEEDED)


def test_a_whole_of_under_half_of_its_statements_is_hidden() -> None:
    # Strategy has six statements, four of them about purpose, and Structure the same three times two.
    without_purpose = [answers(4, purpose=None) for _ in range(6)]
    assert "strategy" not in shown(without_purpose)
    assert {"focus", "structure", OVERALL} <= shown(without_purpose).keys()
    little: list[Answers] = [answers(None, focus=5, learning=5) for _ in range(6)]
    counted = what_counts(INSTRUMENT, little, fewest=NEEDED)
    assert counted.items_on_the_eight == ("FOC1", "FOC2", "LEA1", "LEA2")
    assert wholes(INSTRUMENT, counted) == {"focus", "learning"}
    assert wholes(INSTRUMENT, INSTRUMENT) == {OVERALL, "strategy", "culture", "structure", *CODES}


def test_seven_who_answer_one_statement_of_four_say_nothing_of_the_four() -> None:
    alone = [{**answers(None), "PUR1": 5} for _ in range(7)]
    assert shown(alone) == {}
    assert what_counts(INSTRUMENT, alone, fewest=NEEDED).items_on_the_eight == ()
    # Of each of the eight half and no more: of the whole that is half.
    half = {item: 5 for code in CODES for item in INSTRUMENT.items_of(code)[::2]}
    assert shown([{**answers(None), **half} for _ in range(7)]).keys() == {
        OVERALL,
        "strategy",
        "culture",
        "structure",
        *CODES,
    }


def test_a_change_over_what_one_of_two_hides_does_not_count_it() -> None:
    now = [answers(4) for _ in range(10)]
    for value in (1, 5):
        before = [answers(3, focus=None) for _ in range(9)] + [answers(3, focus=value)]
        made = compare(INSTRUMENT, before, INSTRUMENT, now, fewest=NEEDED)
        assert "focus" not in made.characteristics
        assert made.overall is not None
        assert (made.overall.before, made.overall.after) == (3, 4)
        assert made.groups["strategy"].before == 3
