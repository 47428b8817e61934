"""Change from round to round, against an independent library."""

from __future__ import annotations

from dataclasses import replace
from statistics import variance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from diagnostics.instrument import instrument
from diagnostics.instrument.change import compare
from diagnostics.instrument.scoring import ROUNDING

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


def test_a_change_is_told_from_chance() -> None:
    lifted = compare(INSTRUMENT, round_of(2, 2, 3, 3, 2, 3), INSTRUMENT, round_of(4, 4, 5, 4, 5, 4), fewest=5)
    assert lifted.overall is not None
    assert lifted.overall.is_beyond_chance
    wobble = compare(INSTRUMENT, round_of(2, 4, 3, 5, 2, 3), INSTRUMENT, round_of(3, 4, 3, 5, 2, 3), fewest=5)
    assert wobble.overall is not None
    assert not wobble.overall.is_beyond_chance


def test_people_who_all_tick_one_box_then_another_are_not_certainty() -> None:
    made = compare(INSTRUMENT, round_of(*[3] * 6), INSTRUMENT, round_of(*[4] * 6), fewest=5).overall
    assert made is not None
    assert made.low < made.by < made.high


def test_only_statements_in_the_same_words_are_compared() -> None:
    reworded = [
        replace(item, text="Nobody knows what this is for.") if item.code == "PUR1" else item
        for item in INSTRUMENT.items
        if item.code != "BEN1"
    ]
    later = replace(INSTRUMENT, version="other", items=tuple(reworded))
    before = [{**given, "PUR1": 1} for given in round_of(4, 4, 4, 4, 4)]
    made = compare(INSTRUMENT, before, later, round_of(4, 4, 4, 4, 4), fewest=5)
    assert [item.code for item in made.added] == ["PUR1"]
    assert [item.code for item in made.dropped] == ["PUR1", "BEN1"]
    # The statement whose words changed counts in neither round, so nothing fell.
    assert made.characteristics["purpose"].by == 0


def test_under_the_threshold_in_either_round_nothing_is_compared() -> None:
    made = compare(INSTRUMENT, round_of(4, 4, 4, 4), INSTRUMENT, round_of(*[4] * 9), fewest=5)
    assert made.overall is None
    assert made.characteristics == {}
    assert made.groups == {}
