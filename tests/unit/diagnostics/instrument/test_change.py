"""Change from round to round, against an independent library."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import variance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from diagnostics.instrument import Instrument, instrument
from diagnostics.instrument.change import Change, beyond_chance_together, compare, ends_are_apart
from diagnostics.instrument.scoring import ROUNDING, Estimate, summarise

INSTRUMENT = instrument()
ITEMS = tuple(INSTRUMENT.item_by_code)


def round_of(*values: int) -> list[dict[str, int | None]]:
    """People who each give one value to every statement."""
    return [dict.fromkeys(ITEMS, value) for value in values]


people = st.lists(st.integers(1, 5), min_size=5, max_size=15)


@given(people, people)
def test_the_interval_is_welchs_with_whole_degrees_of_freedom(before: list[int], after: list[int]) -> None:
    assume(all(variance(values) > ROUNDING**2 for values in (before, after)))
    made = compare(INSTRUMENT, round_of(*before), INSTRUMENT, round_of(*after), fewest=5).overall
    assert made is not None
    test = stats.ttest_ind(after, before, equal_var=False)
    exact = test.confidence_interval(0.95)
    assert made.by == pytest.approx((exact.low + exact.high) / 2)
    error = made.by / test.statistic if test.statistic else (exact.high - exact.low) / 2 / stats.t.ppf(0.975, test.df)
    reach = stats.t.ppf(0.975, int(round(test.df, 6))) * abs(error)
    assert made.high - made.by == pytest.approx(reach, rel=1e-6)
    assert made.low <= exact.low + 1e-9
    assert made.high >= exact.high - 1e-9
    assert made.chance == pytest.approx(2 * stats.t.sf(abs(made.by / error), int(round(test.df, 6))), abs=1e-9)
    assert made.is_beyond_chance == (made.chance < 0.05)


def test_a_change_is_told_from_chance() -> None:
    lifted = compare(INSTRUMENT, round_of(2, 2, 3, 3, 2, 3), INSTRUMENT, round_of(4, 4, 5, 4, 5, 4), fewest=5)
    assert lifted.overall is not None
    assert lifted.overall.is_beyond_chance
    wobble = compare(INSTRUMENT, round_of(2, 4, 3, 5, 2, 3), INSTRUMENT, round_of(3, 4, 3, 5, 2, 3), fewest=5)
    assert wobble.overall is not None
    assert not wobble.overall.is_beyond_chance


@pytest.mark.parametrize(("low", "said"), [(-0.61, "−0.6"), (-0.04, "0.0"), (0.0, "0.0"), (0.25, "0.2"), (1.96, "2.0")])
def test_the_ends_of_an_interval_are_said_with_a_true_minus(low: float, said: str) -> None:
    assert Change(3, 3, low, 3).low_in_words == said
    assert Change(3, 3, -3, low).high_in_words == said


def with_chances(**chances: float) -> frozenset[str]:
    return beyond_chance_together({code: Change(3, 4, 0.1, 1.9, chance) for code, chance in chances.items()})


def test_several_changes_at_once_are_held_to_holms_steps_by_hand() -> None:
    # 0.05 over 4, 3, 2 and 1: 0.0125, 0.0167, 0.025, 0.05 (Holm 1979).
    assert with_chances(a=0.01, b=0.016, c=0.03, d=0.04) == {"a", "b"}
    # The first that fails ends it, though the last by itself would pass.
    assert with_chances(a=0.02, b=0.021, c=0.022, d=0.023) == frozenset()
    assert with_chances(a=0.04) == {"a"}
    assert with_chances() == frozenset()


def test_chance_alone_seldom_finds_a_change_among_the_eight() -> None:
    chance = random.Random(25)

    def somebody() -> dict[str, int | None]:
        inclined = chance.gauss(3.5, 0.6)
        return {item: min(5, max(1, round(chance.gauss(inclined, 0.7)))) for item in ITEMS}

    found = 0
    for _ in range(200):
        before, after = ([somebody() for _ in range(10)] for _ in range(2))
        made = compare(INSTRUMENT, before, INSTRUMENT, after, fewest=5)
        found += bool(beyond_chance_together(made.characteristics))
    assert found <= 20, "one in twenty, and what 200 rounds leave open"


def test_chance_alone_seldom_makes_a_strongest_and_a_weakest_of_the_eight() -> None:
    chance = random.Random(9)
    found = 0
    for _ in range(200):
        people = [{item: min(5, max(1, round(chance.gauss(3.4, 0.9)))) for item in ITEMS} for _ in range(8)]
        found += ends_are_apart(list(summarise(INSTRUMENT, people, 12).characteristics.values()))
    assert found <= 20, "one in twenty, and what 200 rounds leave open"


def test_a_strongest_and_a_weakest_that_are_far_apart_are_told() -> None:
    def of(*means: float) -> list[Estimate]:
        return [Estimate(mean, mean, mean, 8, 0.5) for mean in means]

    assert ends_are_apart(of(4.5, 4, 4, 4, 4, 4, 4, 3))
    assert not ends_are_apart(of(4))
    # One of two alone would do it, and of eight one such pair is what chance makes.
    assert ends_are_apart(of(3.4, 4))
    assert not ends_are_apart(of(3.4, 4, 4, 4, 4, 4, 4, 4))


def test_people_who_all_tick_one_box_then_another_are_not_certainty() -> None:
    made = compare(INSTRUMENT, round_of(*[3] * 6), INSTRUMENT, round_of(*[4] * 6), fewest=5).overall
    assert made is not None
    assert made.low < made.by < made.high


def other_version(**texts: str | None) -> Instrument:
    """The questions with some in other words, and without those that have none."""
    items = [replace(one, text=texts.get(one.code) or one.text) for one in INSTRUMENT.items]
    gone = {code for code, text in texts.items() if text is None}
    return replace(INSTRUMENT, version="other", items=tuple(one for one in items if one.code not in gone))


def renamed(*codes: str) -> Instrument:
    """The questions with other ones in the place of some: those have codes of their own."""
    items = tuple(replace(one, code=f"{one.code}-X") if one.code in codes else one for one in INSTRUMENT.items)
    return replace(INSTRUMENT, version="other", items=items)


def test_the_same_question_in_other_words_is_compared() -> None:
    later = other_version(PUR1="I know what this partnership is for.", BEN1=None)
    made = compare(INSTRUMENT, round_of(2, 2, 2, 2, 2), later, round_of(4, 4, 4, 4, 4), fewest=5)
    assert [one.now.text for one in made.difference.reworded] == ["I know what this partnership is for."]
    assert [item.code for item in made.difference.dropped] == ["BEN1"]
    assert made.characteristics["purpose"].by == 2
    assert made.over_fewer == frozenset()


def test_another_question_counts_in_neither_round() -> None:
    later = renamed("PUR1")
    before = [{**given, "PUR1": 1} for given in round_of(4, 4, 4, 4, 4)]
    after = [{**given, "PUR1-X": 5} for given in round_of(4, 4, 4, 4, 4)]
    made = compare(INSTRUMENT, before, later, after, fewest=5)
    assert [item.code for item in made.difference.added] == ["PUR1-X"]
    assert [item.code for item in made.difference.dropped] == ["PUR1"]
    assert made.characteristics["purpose"].by == 0
    assert made.over_fewer == {"purpose"}
    assert made.not_comparable == {}


def test_a_characteristic_with_fewer_than_half_of_its_items_in_common_is_not_compared() -> None:
    later = renamed("PUR1", "PUR2", "GOA1", "TRU1")
    made = compare(INSTRUMENT, round_of(*[2] * 6), later, round_of(*[4] * 6), fewest=5)
    assert "purpose" not in made.characteristics
    assert (made.not_comparable["purpose"].items, made.not_comparable["purpose"].of) == (1, 4)
    # Half is enough: of the two on trust one was asked both times.
    assert made.characteristics["trust"].by == 2
    assert made.groups["culture"].by == 2
    assert made.overall is not None
    assert made.overall.by == 2


def test_where_most_of_the_eight_cannot_be_compared_the_whole_cannot() -> None:
    others = [item.code for item in INSTRUMENT.items if item.atom and item.code[:3] not in {"PUR", "GOA", "FOC", "TRU"}]
    made = compare(INSTRUMENT, round_of(*[2] * 6), renamed(*others), round_of(*[4] * 6), fewest=5)
    assert made.characteristics.keys() == {"purpose", "focus", "trust"}
    assert made.overall is None


def test_nothing_is_compared_that_would_give_away_an_answer() -> None:
    """One person alone answered an item that the comparison leaves out: it counts on no page, so none tells of it."""
    later = renamed("TRU1")
    before = [{**given, "TRU1": 5 if number else None} for number, given in enumerate(round_of(*[4] * 6))]
    after = round_of(*[4] * 6)
    assert compare(INSTRUMENT, before, later, after, fewest=5).characteristics["trust"].by == 0
    alone = [
        [{**given, "TRU1": None if number else value} for number, given in enumerate(round_of(*[4] * 6))]
        for value in (1, 5)
    ]
    first, second = (compare(INSTRUMENT, one, later, after, fewest=5) for one in alone)
    assert first == second
    assert first.characteristics["trust"].by == first.groups["culture"].by == 0


def test_a_change_tells_nothing_of_who_passed_a_statement_by() -> None:
    """Their other answer, or that of somebody else: the means before and after are the same."""
    after = round_of(*[4] * 6)
    theirs, others = ([{**given, "FOC1": 4} for given in round_of(*[4] * 8)] for _ in range(2))
    theirs[0] |= {"FOC1": 1, "FOC2": None}
    others[0] |= {"FOC2": None}
    others[1] |= {"FOC1": 1}
    first, second = (compare(INSTRUMENT, one, INSTRUMENT, after, fewest=5) for one in (theirs, others))
    assert first == second


def test_under_the_threshold_in_either_round_nothing_is_compared() -> None:
    made = compare(INSTRUMENT, round_of(4, 4, 4, 4), INSTRUMENT, round_of(*[4] * 9), fewest=5)
    assert made.overall is None
    assert made.characteristics == {}
    assert made.groups == {}
