"""Changes and moves in words: every kind has some, and none claims more than was tried."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scoring.changes import ABOUT_MANY, ABOUT_ONE, changes_in_words
from scoring.engine.comparison import OF_A_PARTNERSHIP, WHOLE, compare, plain_moves
from tests.unit.scoring.engine.test_comparison import four_projects, many, nearly_sure, surely_out

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
        "Levels, objectives, ways or pools were added or removed, so no single reason can be given."
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
        "harm_reviewed": "The harm of leaving Alliance has to be reviewed anew.",
        "today": "Today’s level of Alliance changed.",
        "at_least": "The duty of Alliance changed.",
        "readiness": "The readiness of Alliance went from 50% to 60%.",
    }
    values = {
        "ratings": [],
        "harm": 7,
        "harm_reviewed": False,
        "today": "decline",
        "at_least": "sustain",
        "readiness": {"mean": 0.6},
    }
    before = one_changed("readiness", {"mean": 0.5})
    for one in (before, *(after := [copy.deepcopy(before) for _ in values])):
        one["partnerships"][0]["name"] = "Alliance"
    for changed, (key, value) in zip(after, values.items(), strict=True):
        changed["partnerships"][0][key] = value
        assert changes_in_words(before, changed, None).inputs == [cases[key]]


@pytest.mark.parametrize("key", WHOLE)
def test_what_is_about_all_has_words(key: str) -> None:
    before, after = example(), example()
    changed = {"readiness": {"p_min": 0.1}, "rules": [], "seed": 8, "draws": 5, "information_cost": 2}
    if key == "levels":
        after["levels"][1]["share"] = 0.3
    else:
        after[key] = changed.get(key, {"up": 1})
    [said] = changes_in_words(before, after, None).inputs
    assert said.endswith(".")


def test_every_kind_about_one_has_words_for_many() -> None:
    assert {*OF_A_PARTNERSHIP, "added", "removed", "pool", "weights"} == set(ABOUT_MANY)
    assert set(ABOUT_ONE) <= set(ABOUT_MANY)


def test_whose_weights_changed_is_said_by_the_name_of_their_view() -> None:
    before, after = example(), example()
    who = before["weights"][0]["who"]
    before["weights"][0]["group"] = after["weights"][0]["group"] = "Maureen Okafor"
    first, *_ = [one["id"] for one in before["objectives"]]
    after["weights"][0] = {"who": who, "group": "Maureen Okafor", "objectives": {first: 1}}
    after["weights"].append({"who": "new@example.org", "group": "Ada Shah", "objectives": {first: 1}})
    assert sorted(changes_in_words(before, after, None).inputs) == [
        "The weights of Ada Shah were given.",
        "The weights of Maureen Okafor changed.",
    ]
    assert changes_in_words(after, before, None).inputs.count("The weights of Ada Shah no longer count.") == 1


@pytest.mark.parametrize(
    ("was", "became", "said"),
    [
        ([], [1], "1 rule between partnerships came."),
        ([1, 2], [], "2 rules between partnerships went."),
        ([1], [2], "Rules between partnerships changed: 1 rule came and 1 rule went."),
    ],
)
def test_rules_that_came_and_went_are_counted(was: list[int], became: list[int], said: str) -> None:
    before, after = four_projects(20), four_projects(20)
    for document, numbers in ((before, was), (after, became)):
        document["rules"] = [{"at_least": number, "of": ["one", "two"], "level": "yes"} for number in numbers]
    assert changes_in_words(before, after, None).inputs == [said]


def test_what_the_last_run_said_is_a_cause_and_no_input() -> None:
    before, after = nearly_sure(), nearly_sure()
    after["partnerships"][1] |= {"previous_confidence": "strong", "previous_level": "out"}
    found = changes_in_words(before, after, plain_moves(compare(before, after)))
    assert found.inputs == []
    assert found.may_have_moved
    [move] = found.moves or []
    assert move.what == "From some to out"
    assert move.why.startswith("Because the words said last time count")


def test_a_new_label_at_the_same_level() -> None:
    before, after = surely_out(), surely_out()
    before["partnerships"][1] |= {"today": "out", "harm_reviewed": False}
    after["partnerships"][1]["today"] = "out"
    found = changes_in_words(before, after, plain_moves(compare(before, after)))
    [move] = found.moves or []
    assert move.what == "“Say no kindly” instead of “Find out first”, at the same level"
    assert "the harm of leaving lesser was reviewed" in move.why


def test_days_set_aside_and_freed_have_words() -> None:
    before, after = example(), example()
    before["pools"][0]["set_aside"] = 4
    after["pools"][0]["freed"] = 1.5
    assert changes_in_words(before, after, None).inputs == [
        "Executive days set aside for something else went from 4 to 0 a quarter "
        "and executive days freed from something else went from 0 to 1.5 a quarter."
    ]
