"""Scores by hand, and what a small number of answers leaves open."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.instrument import instrument
from diagnostics.instrument.scoring import ROUNDING, Answers, estimate, half_rule, score_person, summarise

INSTRUMENT = instrument()
ITEMS = tuple(INSTRUMENT.item_by_code)


def all_items(value: int | None) -> dict[str, int | None]:
    return dict.fromkeys(ITEMS, value)


def test_an_interval_by_hand() -> None:
    # Five of ten answer 3, 4, 4, 4, 5: mean 4, sd √(2/4) = 0.7071, standard error 0.7071/√5·√(1 − 5/10) = 0.2236,
    # t for 4 degrees 2.776.
    made = estimate([3, 4, 4, 4, 5], 10)
    assert made is not None
    assert made.mean == pytest.approx(4)
    assert made.spread == pytest.approx(0.7071, abs=1e-4)
    assert made.low == pytest.approx(4 - 2.776 * 0.2236, abs=1e-3)
    assert made.high == pytest.approx(4 + 2.776 * 0.2236, abs=1e-3)


def test_where_everybody_answered_their_mean_is_known() -> None:
    made = estimate([2, 3, 4, 5, 5], 5)
    assert made is not None
    assert made.low == made.mean == made.high


def test_people_who_all_tick_the_same_box_are_not_certainty() -> None:
    made = estimate([4] * 5, 10)
    assert made is not None
    assert made.high - made.mean == pytest.approx(2.776 * ROUNDING / math.sqrt(5) * math.sqrt(0.5), abs=1e-3)


def test_one_score_says_next_to_nothing_and_none_says_nothing() -> None:
    made = estimate([4], 10)
    assert made is not None
    assert (made.low, made.high) == (1, 5)
    assert estimate([], 10) is None


def test_more_answers_than_people_asked_count_as_everybody() -> None:
    made = estimate([3, 4, 5, 4, 4], 3)
    assert made is not None
    assert made.low == made.high


@given(st.lists(st.integers(1, 5), min_size=2, max_size=40), st.integers(0, 100))
def test_an_interval_holds_its_mean_and_stays_on_the_scale(values: list[int], more: int) -> None:
    made = estimate([float(value) for value in values], len(values) + more)
    assert made is not None
    assert 1 <= made.low <= made.mean + 1e-9
    assert made.mean - 1e-9 <= made.high <= 5


@pytest.mark.parametrize(
    ("parts", "score"),
    [([4.0, 2.0], 3.0), ([4.0, None], 4.0), ([None, None], None), ([5.0, None, None], None), ([], None)],
)
def test_half_of_the_parts_make_a_whole(parts: list[float | None], score: float | None) -> None:
    assert half_rule(parts) == score


def test_one_persons_scores_by_hand() -> None:
    answers: Answers = {"PUR1": 5, "PUR2": 4, "GOA1": 2, "GOA2": None, "FOC1": None, "FOC2": None}
    scores = score_person(INSTRUMENT, answers)
    # Purpose: (4.5 + 2) / 2. Focus: no view. Strategy: one of its two characteristics, so half.
    assert scores.atoms == {"shared-purpose": 4.5, "realistic-goals": 2.0}
    assert scores.characteristics == {"purpose": 3.25}
    assert scores.groups == {"strategy": 3.25}
    # One of eight characteristics is fewer than half.
    assert scores.overall is None


def test_half_of_a_half_is_no_score() -> None:
    scores = score_person(INSTRUMENT, {"PUR1": 5})
    assert scores.atoms == {"shared-purpose": 5}
    assert scores.characteristics == scores.groups == {}
    # Two of four on purpose are enough of that, and too few of the six of its group.
    scores = score_person(INSTRUMENT, {"PUR1": 5, "GOA1": 4})
    assert scores.characteristics == {"purpose": 4.5}
    assert scores.groups == {}


def test_atoms_count_alike_however_many_items_they_have() -> None:
    scores = score_person(INSTRUMENT, {"PUR1": 1, "GOA1": 5, "GOA2": 5})
    assert scores.characteristics["purpose"] == 3


def test_topics_never_enter_the_overall_score() -> None:
    with_topics = score_person(INSTRUMENT, all_items(4) | {"BEN1": 1, "TIM1": 1, "PAR1": 1, "SET1": 1})
    assert with_topics.overall == 4


def test_a_round_by_hand() -> None:
    responses: list[Answers] = [all_items(value) for value in (3, 4, 4, 4, 5)]
    made = summarise(INSTRUMENT, responses, 10)
    assert (made.invited, made.answered, made.dont_know) == (10, 5, 0)
    assert made.overall is not None
    assert made.overall.mean == pytest.approx(4)
    assert made.overall.low == pytest.approx(4 - 2.776 * 0.2236, abs=1e-3)
    assert set(made.characteristics) == {one.code for one in INSTRUMENT.characteristics}
    assert set(made.groups) == {"strategy", "culture", "structure"}
    assert len(made.atoms) == 11
    assert set(made.topics) == {topic.code for topic in INSTRUMENT.topics}
    assert made.items["PUR1"].counts == {1: 0, 2: 0, 3: 1, 4: 3, 5: 1}


def test_dont_know_is_apart_from_neutral() -> None:
    responses: list[Answers] = [{"PUR1": None}, {"PUR1": None}, {"PUR1": 5}, {"PUR1": 5}, {}]
    item = summarise(INSTRUMENT, responses, 5).items["PUR1"]
    assert item.estimate is not None
    assert item.estimate.mean == 5
    assert item.estimate.people == 2
    # Of the four who answered it; the fifth passed it by.
    assert item.dont_know == 0.5


def test_nobody_answered() -> None:
    made = summarise(INSTRUMENT, [], 7)
    assert made.overall is None
    assert made.characteristics == {}
    assert made.items["PUR1"].estimate is None
    assert (made.dont_know, made.items["PUR1"].dont_know) == (None, 0)


def test_the_order_of_responses_changes_nothing() -> None:
    shuffled = random.Random(1)
    responses: list[Answers] = [{item: shuffled.choice([None, 1, 2, 3, 4, 5]) for item in ITEMS} for _ in range(9)]
    backwards = summarise(INSTRUMENT, responses[::-1], 12)
    forwards = summarise(INSTRUMENT, responses, 12)
    assert forwards.overall is not None
    assert backwards.overall is not None
    assert backwards.overall.mean == pytest.approx(forwards.overall.mean)
    assert set(backwards.characteristics) == set(forwards.characteristics)
