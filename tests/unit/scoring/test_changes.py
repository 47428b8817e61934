"""Changes and moves in words: every kind has some, and none claims more than was tried."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scoring.changes import ABOUT_MANY, ABOUT_ONE, changes_in_words
from scoring.engine.comparison import OF_A_PARTNERSHIP, WHOLE, compare, plain_moves
from tests.unit.scoring.engine.test_comparison import four_projects, many

Json = dict[str, Any]
CONTRACT = Path(__file__).parents[3] / "docs" / "contract"


def example() -> Json:
    document: Json = json.loads((CONTRACT / "criteria.json").read_text(encoding="utf-8"))
    return document


def words(before: Json, after: Json) -> tuple[list[str], dict[str, tuple[str, str]]]:
    found = changes_in_words(before, after, plain_moves(compare(before, after)))
    assert found.moves is not None
    return found.inputs, {move.id: (move.what, move.why) for move in found.moves}


def test_before_the_moves_are_worked_out_the_inputs_are_there() -> None:
    found = changes_in_words(four_projects(20), four_projects(12), None)
    assert (found.inputs, found.moves) == (["Exec days went from 20 to 12 a quarter."], None)


def test_one_reason() -> None:
    _, moves = words(four_projects(20), four_projects(12))
    assert moves == {"four": ("From yes to no", "Because exec days went from 20 to 12 a quarter.")}


def test_two_that_were_both_needed_are_not_said_to_be_enough() -> None:
    before, after = four_projects(12), four_projects(17)
    after["partnerships"][2]["options"][1]["value"] = 5
    _, moves = words(before, after)
    assert moves["three"][1] == (
        "It would not have moved without each of these: exec days went from 12 to 17 a quarter; "
        "the days of three changed."
    )


def test_very_many_of_a_kind_are_counted() -> None:
    inputs, moves = words(many(0, 60), many(1, 60))
    assert len(inputs) == 70
    assert moves["large"] == ("From yes to no", "Because the days of 70 partnerships changed.")


def test_what_cannot_be_mixed_has_no_reason() -> None:
    before, after = four_projects(20), four_projects(12)
    after["pools"].append({"id": "clin", "days": 1})
    _, moves = words(before, after)
    assert moves["four"][1] == (
        "The levels, objectives, ways or pools themselves changed, so no single reason can be given."
    )


def test_who_comes_and_who_goes() -> None:
    after = four_projects(20)
    after["partnerships"][3] = {**after["partnerships"][3], "id": "five", "name": "Five together"}
    _, moves = words(four_projects(20), after)
    assert moves["four"][0] == "No longer active; it was at yes"
    assert moves["five"] == (
        "New, at yes",
        "Only because Five together is new: otherwise it would not have moved.",
    )


def one_changed(key: str, value: Any) -> Json:
    after = example()
    after["partnerships"][0][key] = value
    return after


def test_every_kind_of_change_has_words() -> None:
    cases = {
        "ratings": "Alliance was rated anew.",
        "harm": "The harm of leaving Alliance changed.",
        "today": "Today’s level of Alliance changed.",
        "at_least": "The duty of Alliance changed.",
        "readiness": "The readiness of Alliance went from 50% to 60%.",
    }
    values = {"ratings": [], "harm": 7, "today": "decline", "at_least": "sustain", "readiness": {"mean": 0.6}}
    before = one_changed("readiness", {"mean": 0.5})
    for one in (before, *(after := [copy.deepcopy(before) for _ in values])):
        one["partnerships"][0]["name"] = "Alliance"
    for changed, (key, value) in zip(after, values.items(), strict=True):
        changed["partnerships"][0][key] = value
        assert changes_in_words(before, changed, None).inputs == [cases[key]]


@pytest.mark.parametrize("key", WHOLE)
def test_what_is_about_all_has_words(key: str) -> None:
    before, after = example(), example()
    after[key] = {"p_min": 0.1} if key == "readiness" else [] if key in ("weights", "rules") else {"up": 1}
    [said] = changes_in_words(before, after, None).inputs
    assert said.endswith(".")


def test_every_kind_about_one_has_words_for_many() -> None:
    assert {*OF_A_PARTNERSHIP, "added", "removed", "pool"} == set(ABOUT_MANY)
    assert set(ABOUT_ONE) <= set(ABOUT_MANY)
