"""A run compared with an earlier one: which input moved which level, checked by making the change alone."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scoring.engine.comparison import MANY, Change, changes_between, compare, comparison_of, plain_moves

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


def test_the_same_document_has_no_change() -> None:
    comparison = compare(example(), example())
    assert (comparison.changes, comparison.moves, comparison.explained) == ((), (), True)


def test_fewer_days_explain_who_goes() -> None:
    comparison = compare(four_projects(20), four_projects(12))
    assert [change.kind for change in comparison.changes] == ["pool"]
    assert [(move.id, move.before, move.after, move.alone) for move in comparison.moves] == [
        ("four", "yes", "no", True)
    ]
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
    assert (three.before, three.after, three.alone) == ("no", "yes", False)
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
    assert (moves["five"].before, moves["five"].after) == (None, "yes")
    assert [change.kind for change in moves["four"].because] == ["added"]


def test_a_rule_that_names_somebody_who_left_does_not_stand_in_the_way() -> None:
    before, after = four_projects(20), four_projects(20)
    before["rules"] = [{"if": ["one", "yes"], "then": ["four", "yes"]}]
    after["partnerships"] = after["partnerships"][:3]
    comparison = compare(before, after)
    assert {change.kind for change in comparison.changes} == {"rules", "removed"}
    assert comparison.explained


def test_other_levels_cannot_be_mixed_and_are_only_listed() -> None:
    after = example()
    after["levels"] = [{**level, "label": level["id"].upper()} for level in after["levels"]]
    after["pools"][0]["days"] = 1
    comparison = compare(example(), after)
    assert [change.kind for change in comparison.changes] == ["structure"]
    assert comparison.moves
    assert not comparison.explained


@pytest.mark.parametrize(
    ("where", "kind"),
    [("ratings", "ratings"), ("harm", "harm"), ("readiness", "readiness"), ("options", "options")],
)
def test_every_input_of_a_partnership_is_seen(where: str, kind: str) -> None:
    before, after = example(), example()
    one = after["partnerships"][0]
    changed = {"ratings": [], "harm": 7, "readiness": {"mean": 0.21}, "options": copy.deepcopy(one["options"])}[where]
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
    assert (large.before, large.after, large.alone) == ("yes", "no", True)
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
