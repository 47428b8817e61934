"""A run compared with an earlier one: which input moved which level, checked by making the change alone."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scoring.engine.comparison import (
    MANY,
    Change,
    Move,
    Standing,
    changes_between,
    compare,
    comparison_of,
    plain_moves,
)

CONTRACT = Path(__file__).parents[4] / "docs" / "contract"


def example() -> Any:
    return json.loads((CONTRACT / "criteria.json").read_text(encoding="utf-8"))


def four_projects(days: float) -> Any:
    """Projects worth 3, 4, 3 and 2 that take 4, 8, 10 and 8 days (PROBE, table 1)."""
    partnerships = [
        {
            "id": name,
            "options": [
                {"level": "no", "value": 0},
                {"level": "yes", "value": value, "days": {"exec": taken}},
            ],
        }
        for name, value, taken in (("one", 3, 4), ("two", 4, 8), ("three", 3, 10), ("four", 2, 8))
    ]
    return {"format": "triage/1", "pools": [{"id": "exec", "days": days}], "partnerships": partnerships, "rules": []}


def levels(move: Move) -> tuple[str | None, str | None]:
    """The best level before and after; None where it was not there."""
    before, after = (None if one is None else one.level for one in (move.before, move.after))
    return before, after


def test_the_same_document_has_no_change() -> None:
    comparison = compare(example(), example())
    assert (comparison.changes, comparison.moves, comparison.explained) == ((), (), True)


def test_fewer_days_explain_who_goes() -> None:
    comparison = compare(four_projects(20), four_projects(12))
    assert [change.kind for change in comparison.changes] == ["pool"]
    assert [(move.id, *levels(move), move.alone) for move in comparison.moves] == [("four", "yes", "no", True)]
    assert comparison.moves[0].because == comparison.changes


def test_of_two_changes_the_one_that_matters_is_named() -> None:
    after = four_projects(12)
    after["partnerships"][0]["today"] = "yes"
    comparison = compare(four_projects(20), after)
    assert {change.kind for change in comparison.changes} == {"pool", "today"}
    assert [[change.kind for change in move.because] for move in comparison.moves] == [["pool"]]


def test_a_move_that_needs_two_changes_names_those_it_would_not_have_happened_without() -> None:
    """Three would need both more days and more value before it comes in."""
    before, after = four_projects(12), four_projects(17)
    after["partnerships"][2]["options"][1]["value"] = 5
    comparison = compare(before, after)
    three = next(move for move in comparison.moves if move.id == "three")
    assert (*levels(three), three.alone) == ("no", "yes", False)
    assert {(change.kind, change.about) for change in three.because} == {("pool", "exec"), ("options", "three")}


def test_a_partnership_that_is_new_displaces_another() -> None:
    after = four_projects(20)
    newcomer = {
        "id": "five",
        "options": [{"level": "no", "value": 0}, {"level": "yes", "value": 9, "days": {"exec": 8}}],
    }
    after["partnerships"].append(newcomer)
    comparison = compare(four_projects(20), after)
    moves = {move.id: move for move in comparison.moves}
    assert levels(moves["five"]) == (None, "yes")
    assert [change.kind for change in moves["four"].because] == ["added"]


def test_a_rule_that_names_somebody_who_left_does_not_stand_in_the_way() -> None:
    before, after = four_projects(20), four_projects(20)
    before["rules"] = [{"if": ["one", "yes"], "then": ["four", "yes"]}]
    after["partnerships"] = after["partnerships"][:3]
    comparison = compare(before, after)
    assert {change.kind for change in comparison.changes} == {"rules", "removed"}
    assert comparison.explained


def test_other_words_for_the_same_are_no_change() -> None:
    after = example()
    for row in (*after["levels"], *after["objectives"], *after["ways"], *after["pools"], *after["partnerships"]):
        row["label" if "partnerships" not in row and "options" not in row else "name"] = f"The {row['id']}"
        row["note"] = "reworded"
    after["rules"] = [{**rule, "note": "reworded"} for rule in after.get("rules", [])]
    after["pools"][0]["days"] = 1
    comparison = compare(example(), after)
    assert [(change.kind, change.about) for change in comparison.changes] == [("pool", after["pools"][0]["id"])]
    assert comparison.moves
    assert all(move.because for move in comparison.moves)


def test_what_a_level_obtains_is_a_change_like_others() -> None:
    """The middle level worth next to nothing: whoever stood there moves, because of that."""
    before, after = example(), example()
    after["levels"][1]["share"] = 0.01
    comparison = compare(before, after)
    assert [change.kind for change in comparison.changes] == ["levels"]
    assert comparison.explained
    assert comparison.moves
    assert {change.kind for move in comparison.moves for change in move.because} == {"levels"}


def test_where_an_objective_was_added_the_other_changes_are_still_listed() -> None:
    after = example()
    after["objectives"] = [*after["objectives"], {"id": "another"}]
    after["pools"][0]["days"] = 1
    comparison = compare(example(), after)
    assert [(change.kind, change.about) for change in comparison.changes] == [
        ("structure", "objectives"),
        ("pool", after["pools"][0]["id"]),
    ]
    assert not comparison.explained
    assert comparison.moves


def test_a_label_that_moved_while_the_level_stayed_is_seen_and_explained() -> None:
    """The same best portfolio, but the decline of one is softened while nobody has reviewed its harm."""
    before, after = surely_out(), surely_out()
    before["partnerships"][1]["harm_reviewed"] = False
    comparison = compare(before, after)
    [move] = comparison.moves
    assert move.id == "lesser"
    assert move.before == Standing("out", "some", "step_down")
    assert move.after == Standing("out", "out", "say_no_kindly")
    assert [(change.kind, change.about) for change in move.because] == [("harm_reviewed", "lesser")]
    assert move.alone


def surely_out() -> Any:
    """Room for one of two; the lesser is out in every version."""
    partnerships = [
        {
            "id": name,
            "today": "all",
            "harm_reviewed": True,
            "options": [
                {"level": "out", "value": 0, "value_draws": [0.0] * 20},
                {"level": "some", "value": -0.1, "value_draws": [-0.1] * 20, "days": {"exec": 3}},
                {"level": "all", "value": worth, "value_draws": [worth] * 20, "days": {"exec": 8}},
            ],
        }
        for name, worth in (("greater", 9.0), ("lesser", 1.0))
    ]
    return {
        "format": "triage/1",
        "draws": 20,
        "pools": [{"id": "exec", "days": 11}],
        "partnerships": partnerships,
    }


def test_what_the_last_run_said_is_a_cause_that_nobody_entered() -> None:
    before, after = nearly_sure(), nearly_sure()
    after["partnerships"][1] |= {"previous_confidence": "strong", "previous_level": "out"}
    comparison = compare(before, after)
    assert [change.kind for change in comparison.changes] == ["memory"]
    [move] = comparison.moves
    assert (move.before and move.before.label, move.after and move.after.label) == ("step_down", "say_no_kindly")
    assert [change.kind for change in move.because] == ["memory"]


def nearly_sure() -> Any:
    """The lesser is out in four of five versions: down to there a "strong" of the last run is kept."""
    document = surely_out()
    draws = [1.0] * 16 + [30.0] * 4
    document["partnerships"][1]["options"][2] |= {"value": sum(draws) / 20, "value_draws": draws}
    document["partnerships"][0]["options"][2] |= {"value": 20.0, "value_draws": [20.0] * 20}
    document["information_cost"] = 1000
    return document


@pytest.mark.parametrize(
    ("where", "kind"),
    [(key, key) for key in ("ratings", "harm", "harm_reviewed", "readiness", "options", "at_least", "today")],
)
def test_every_input_of_a_partnership_is_seen(where: str, kind: str) -> None:
    before, after = example(), example()
    one = after["partnerships"][0]
    lowest = one["options"][0]["level"]
    values = {"ratings": [], "harm": 7, "harm_reviewed": False, "at_least": lowest, "today": lowest}
    changed = {**values, "readiness": {"mean": 0.21}, "options": copy.deepcopy(one["options"])}[where]
    if where == "options":
        changed[-1]["load"] = 9
    one[where] = changed
    found = changes_between(before, after)
    assert [(change.kind, change.about) for change in found] == [(kind, one["id"])]
    assert isinstance(found[0], Change)


def test_a_default_that_is_spelled_out_is_no_change() -> None:
    """Runs of before the weights of the characteristics were frozen leave them to the default."""
    told, silent, note = (example() for _ in range(3))
    told["readiness"] = {"p_min": 0.2, "weights": dict.fromkeys(told["readiness"]["weights"], 0.125)}
    note["readiness"] = {"note": "as usual"}
    del silent["readiness"]
    assert compare(silent, told).changes == compare(note, told).changes == ()
    [change] = compare(silent, example()).changes
    assert (change.kind, change.after) == ("readiness", example()["readiness"])


def many(worth: float, days: float, size: int = 70) -> Any:
    """One that is worth a lot and takes most days, and many small ones."""
    large = {
        "id": "large",
        "options": [{"level": "no", "value": 0}, {"level": "yes", "value": 50, "days": {"exec": 60}}],
    }
    small = [
        {
            "id": f"s{n:02d}",
            "options": [{"level": "no", "value": 0}, {"level": "yes", "value": worth, "days": {"exec": 1}}],
        }
        for n in range(size)
    ]
    return {"format": "triage/1", "pools": [{"id": "exec", "days": days}], "partnerships": [large, *small], "rules": []}


def test_very_many_changes_are_tried_by_kind() -> None:
    """Each of the seventy does nothing by itself; together they are worth more than the large one."""
    before, after = many(0, 60), many(1, 60)
    after["partnerships"][0]["today"] = "yes"
    comparison = compare(before, after)
    assert (len(comparison.changes), comparison.explained) == (71, True)
    large = next(move for move in comparison.moves if move.id == "large")
    assert (*levels(large), large.alone) == ("yes", "no", True)
    assert large.because == (Change("options", MANY, None, 70),)


def test_of_very_many_a_pool_keeps_its_own_name() -> None:
    comparison = compare(many(0.5, 130), many(0.53, 20))
    large = next(move for move in comparison.moves if move.id == "large")
    assert [(change.kind, change.about) for change in large.because] == [("pool", "exec")]


@pytest.mark.parametrize(
    ("before", "after"),
    [(four_projects(20), four_projects(12)), (many(0, 60), many(1, 60)), (four_projects(20), four_projects(20))],
)
def test_plain_moves_and_the_documents_say_what_the_comparison_said(before: Any, after: Any) -> None:
    comparison = compare(before, after)
    stored = json.loads(json.dumps(plain_moves(comparison)))
    assert comparison_of(before, after, stored) == comparison


def test_each_persons_weights_are_a_change_of_their_own() -> None:
    before, after = example(), example()
    after["weights"][0] = {**after["weights"][0], "objectives": {after["objectives"][0]["id"]: 1}}
    after["weights"].append({"who": "a newcomer", "objectives": {after["objectives"][0]["id"]: 1}})
    found = changes_between(before, after)
    assert [(change.kind, change.about) for change in found] == sorted(
        [("weights", after["weights"][0]["who"]), ("weights", "a newcomer")]
    )
