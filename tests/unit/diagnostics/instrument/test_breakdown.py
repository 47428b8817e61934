"""Breaking results down: what is shown, and that what is hidden cannot be worked out."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.instrument import instrument
from diagnostics.instrument.breakdown import FEWEST_TO_BREAK_DOWN, break_down
from diagnostics.instrument.scoring import Answers, estimate

INSTRUMENT = instrument()
ITEMS = INSTRUMENT.items_on_the_eight
FEWEST = 5


def people_of(**parts: int) -> list[tuple[str, Answers]]:
    return [(code, dict.fromkeys(ITEMS, 3 + number % 2)) for code, count in parts.items() for number in range(count)]


def shown(people: list[tuple[str, Answers]]) -> list[str]:
    made = break_down(people, INSTRUMENT, invited=len(people), fewest=FEWEST)
    return [part.code for part in made.parts] if made else []


def test_two_large_parts_are_shown() -> None:
    made = break_down(people_of(board=5, front=6), INSTRUMENT, invited=22, fewest=FEWEST)
    assert made is not None
    assert [(part.code, part.people) for part in made.parts] == [("board", 5), ("front", 6)]
    assert made.hidden == 0
    # Half of those asked answered, so the board's five are taken to be half of ten.
    assert made.parts[0].estimates["focus"] == estimate([3, 4, 3, 4, 3], 10)


@pytest.mark.parametrize(("fewest_in_all", "is_broken_down"), [(5, True), (11, True), (12, False)])
def test_the_eleven_can_be_raised_and_not_lowered(fewest_in_all: int, is_broken_down: bool) -> None:
    eleven, ten = people_of(board=5, front=6), people_of(board=5, front=5)
    made = break_down(eleven, INSTRUMENT, invited=22, fewest=FEWEST, fewest_in_all=fewest_in_all)
    assert (made is not None) is is_broken_down
    assert break_down(ten, INSTRUMENT, invited=22, fewest=FEWEST, fewest_in_all=fewest_in_all) is None


def test_nothing_is_broken_down_under_eleven_answers() -> None:
    assert shown(people_of(board=5, front=5)) == []
    assert shown(people_of(board=5, front=6)) == ["board", "front"]


def test_one_small_part_hides_the_next_smallest_too() -> None:
    # From the whole of 24 and the shown 6, 7 and 8 the three could be worked out; with the six they are nine.
    assert shown(people_of(board=3, elsewhere=8, front=6, lead=7)) == ["elsewhere", "lead"]


def test_small_parts_that_are_many_together_hide_no_other() -> None:
    assert shown(people_of(board=3, elsewhere=2, front=6, lead=7)) == ["front", "lead"]


def test_a_small_part_beside_one_other_hides_both() -> None:
    assert shown(people_of(board=1, front=12)) == []


def test_a_part_with_too_few_views_on_one_statement_is_hidden_on_all() -> None:
    people = people_of(board=5, elsewhere=9, front=7, lead=8)
    people[0] = ("board", {**people[0][1], "FOC2": None})
    # Four of the board have a view on that, so the board is hidden, and so is the front line beside it.
    assert shown(people) == ["elsewhere", "lead"]


def test_one_part_beside_the_whole_is_no_breakdown() -> None:
    assert shown(people_of(front=20)) == []
    assert shown(people_of(board=3, front=6, lead=7)) == []


one_person = st.tuples(st.sampled_from("abcd"), st.sets(st.sampled_from(ITEMS), max_size=3))


@given(st.lists(one_person, max_size=40), st.integers(5, 8))
def test_whatever_can_be_worked_out_is_nobody_or_enough(passed_by: list[tuple[str, set[str]]], fewest: int) -> None:
    people = [(code, {item: None if item in none else 3 for item in ITEMS}) for code, none in passed_by]
    made = break_down(people, INSTRUMENT, invited=len(people), fewest=fewest)
    if made is None:
        return
    assert len(people) >= FEWEST_TO_BREAK_DOWN
    visible = {part.code for part in made.parts}
    assert len(visible) > 1
    for item in ITEMS:
        views = Counter(code for code, answers in people if answers[item] is not None)
        assert all(views[code] >= fewest for code in visible)
        left = sum(count for code, count in views.items() if code not in visible)
        assert left == 0 or left >= fewest
    assert made.hidden == sum(code not in visible for code, _ in people)
    assert all(math.isfinite(part.estimates["overall"].mean) for part in made.parts)
