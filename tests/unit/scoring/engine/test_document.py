"""Every wrong document is refused with the field and the reason; nothing else ever escapes."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest

from scoring.engine import DocumentError, parse_text, solve
from scoring.engine.document import read_document

Document = dict[str, Any]

VALUES: Document = {
    "format": "triage/1",
    "seed": 1,
    "draws": 2,
    "pools": [{"id": "exec", "days": 20.0, "reserve": 0.1}],
    "partnerships": [
        {
            "id": name,
            "today": "sustain",
            "at_least": "decline",
            "options": [
                {"level": "decline", "value": 0, "value_draws": [0, 0], "days": {"exec": 0}, "load": 0},
                {"level": "sustain", "value": 3, "value_draws": [2, 4], "days": {"exec": 4}, "load": 1},
                {"level": "prioritise", "value": 5, "value_draws": [5, 5], "days": {"exec": 9}, "load": 3},
            ],
        }
        for name in ("a", "b")
    ],
    "rules": [
        {"at_least": 1, "of": ["a", "b"], "level": "sustain"},
        {"if": ["a", "prioritise"], "then": ["b", "sustain"]},
        {"not_both": [["a", "prioritise"], ["b", "prioritise"]]},
        {"synergy": 2.0, "of": [["a", "prioritise"], ["b", "prioritise"]]},
    ],
    "load": {"knee": 10, "slope": 0.5},
}

EIGHTHS = dict.fromkeys(
    ("purpose", "focus", "commitment", "trust", "connection", "learning", "governance", "skills"), 0.125
)
CRITERIA: Document = {
    "format": "triage/1",
    "draws": 5,
    "pools": [{"id": "exec", "days": 5}],
    "levels": [{"id": "decline", "share": 0}, {"id": "prioritise", "share": 1, "load": 3}],
    "objectives": [{"id": "patients"}, {"id": "staff"}],
    "ways": [{"id": "join"}, {"id": "learn"}],
    "weights": [
        {"who": "chief", "objectives": {"patients": 3, "staff": 1}, "ways": {"join": 1, "learn": 1}},
        {"who": "nurse", "objectives": {"patients": 1}, "ways": {"patients": {"join": 1}}},
    ],
    "readiness": {"p_min": 0.2, "weights": EIGHTHS},
    "partnerships": [
        {
            "id": "a",
            "harm": {"low": 0, "likely": 1, "high": 2},
            "ratings": [
                {"objective": "patients", "way": "join", "low": 10, "likely": 50, "high": 70},
                {"objective": "staff", "way": "learn"},
            ],
            "readiness": {"mean": 0.5, "sd": 0.1},
            "options": [{"level": "decline"}, {"level": "prioritise", "days": {"exec": 3}}],
        }
    ],
}


def changed(document: Document, path: str, value: object) -> Document:
    """A copy with the value at a dotted path replaced; the last part may be new."""
    copied = copy.deepcopy(document)
    *parents, last = path.split(".")
    spot: Any = copied
    for part in parents:
        spot = spot[int(part)] if isinstance(spot, list) else spot[part]
    spot[int(last) if isinstance(spot, list) else last] = value
    return copied


WRONG_VALUES = [
    ("format", "triage/2", "format"),
    ("seed", 1.5, "seed"),
    ("seed", -1, "seed"),
    ("seed", True, "seed"),
    ("draws", 3, "value_draws"),
    ("draws", 0, "value_draws"),
    ("draws", 10**9, "draws"),
    ("draws", None, "draws"),
    ("pools", [], "pools"),
    ("pools", {}, "pools"),
    ("pools.0.days", -1, "pools[0].days"),
    ("pools.0.days", 1.0005, "pools[0].days"),
    ("pools.0.days", math.nan, "pools[0].days"),
    ("pools.0.days", math.inf, "pools[0].days"),
    ("pools.0.days", 10**400, "pools[0].days"),
    ("pools.0.days", "20", "pools[0].days"),
    ("pools.0.reserve", 1.5, "pools[0].reserve"),
    ("pools.0.set_aside", -1, "pools[0].set_aside"),
    ("pools.0.freed", 0.0005, "pools[0].freed"),
    ("pools.0.dayz", 3, "dayz"),
    ("pools.0.id", "", "pools[0].id"),
    ("partnerships", [], "partnerships"),
    ("partnerships", None, "partnerships"),
    ("partnerships.1.id", "a", "partnerships[1]"),
    ("partnerships.0.id", 7, "partnerships[0].id"),
    ("partnerships.0.options", [], "options"),
    ("partnerships.0.options.1.level", "decline", "options[1]"),
    ("partnerships.0.options.1.days", {"exce": 4}, "exce"),
    ("partnerships.0.options.1.days", {"exec": -4}, "exec"),
    ("partnerships.0.options.1.days", {"exec": 4.0001}, "exec"),
    ("partnerships.0.options.1.days", {"exec": {"low": 1, "likely": 2}}, "high"),
    ("partnerships.0.options.1.days", {"exec": {"low": 3, "likely": 2, "high": 4}}, "exec"),
    ("partnerships.0.options.1.days", [4], "days"),
    ("partnerships.0.options.1.load", 1.5, "load"),
    ("partnerships.0.options.1.load", -1, "load"),
    ("partnerships.0.options.1.value", None, "value"),
    ("partnerships.0.options.1.value", "3", "value"),
    ("partnerships.0.options.1.value", True, "value"),
    ("partnerships.0.options.1.value_draws", [1], "value_draws"),
    ("partnerships.0.options.1.value_draws", [1, "x"], "value_draws[1]"),
    ("partnerships.0.options.1.share", 0.5, "share"),
    ("partnerships.0.at_least", "keep", "at_least"),
    ("partnerships.0.today", "keep", "today"),
    ("partnerships.0.at_leats", "sustain", "at_leats"),
    ("partnerships.0.harm_reviewed", "yes", "harm_reviewed"),
    ("partnerships.0.previous_confidence", "sure", "previous_confidence"),
    ("partnerships.0.previous_level", 3, "previous_level"),
    ("partnerships.0.previous_level", "", "previous_level"),
    ("rules", {}, "rules"),
    ("rules.0.note", [[[1]]], "rules[0].note"),
    ("rules.0", [], "rules[0]"),
    ("rules.0", {}, "rules[0]"),
    ("rules.0", {"at_least": 1, "synergy": 2, "of": ["a"], "level": "sustain"}, "rules[0]"),
    ("rules.0.of", [], "rules[0].of"),
    ("rules.0.of", ["a", "a"], "rules[0].of[1]"),
    ("rules.0.of", ["a", "z"], "rules[0].of[1]"),
    ("rules.0.at_least", 1.5, "rules[0].at_least"),
    ("rules.0.at_least", -1, "rules[0].at_least"),
    ("rules.0.level", "keep", "rules[0].level"),
    ("rules.1.if", ["a"], "rules[1].if"),
    ("rules.1.then", ["a", "keep"], "rules[1].then[1]"),
    ("rules.2.not_both", [["a", "prioritise"]], "rules[2].not_both"),
    ("rules.2.not_both", [["a", "prioritise"], ["a", "prioritise"]], "rules[2].not_both[1]"),
    ("rules.3.of", [["a", "prioritise"]], "rules[3].of"),
    ("rules.3.of", [["a", "prioritise"], ["a", "prioritise"]], "rules[3].of[1]"),
    ("rules.3.synergy", -1, "rules[3].synergy"),
    ("load", None, "load"),
    ("load", {"knee": 10}, "load.slope"),
    ("load.knee", -1, "load.knee"),
    ("outputs", ["choices"], "outputs[0]"),
    ("outputs", "choice", "outputs"),
    ("thresholds", {"clear": 0.5}, "thresholds"),
    ("levels", [{"id": "decline"}, {"id": "sustain"}], "level"),
    ("levels", [{"id": "prioritise"}, {"id": "sustain"}, {"id": "decline"}], "options"),
    ("weights", [], "weights"),
    ("information_cost", -1, "information_cost"),
]


@pytest.mark.parametrize(("path", "value", "field"), WRONG_VALUES)
def test_names_the_field_that_is_wrong(path: str, value: object, field: str) -> None:
    with pytest.raises(DocumentError) as caught:
        solve(changed(VALUES, path, value))
    assert field in caught.value.field
    assert caught.value.reason
    assert "\n" not in str(caught.value)


WRONG_CRITERIA = [
    ("objectives", [], "objectives"),
    ("objectives.1.id", "patients", "objectives[1]"),
    ("ways.0.id", "learn", "ways[1]"),
    ("weights.1.who", "chief", "weights[1]"),
    ("weights.0.objectives", {"patient": 1}, "patient"),
    ("weights.0.objectives", {"patients": 0}, "weights[0].objectives"),
    ("weights.0.objectives", {"patients": -1}, "weights[0].objectives"),
    ("weights.0.ways", {"patients": {"joined": 1}}, "joined"),
    ("weights.0.ways", {"patients": {"join": 1}, "join": 1}, "join"),
    ("readiness.p_min", 2, "readiness.p_min"),
    ("readiness.p_min", None, "readiness.p_min"),
    ("readiness.weights", None, "readiness.weights"),
    ("readiness.weights", [0.125] * 8, "readiness.weights"),
    ("readiness.weights", {}, "readiness.weights.purpose"),
    ("readiness.weights", {"purpose": 1}, "readiness.weights.focus"),
    ("readiness.weights.skils", 0, "skils"),
    ("readiness.weights.trust", -0.125, "readiness.weights.trust"),
    ("readiness.weights.trust", "0.125", "readiness.weights.trust"),
    ("readiness.weights.trust", True, "readiness.weights.trust"),
    ("readiness.weights.trust", None, "readiness.weights.trust"),
    ("readiness.weights.trust", math.nan, "readiness.weights.trust"),
    ("readiness.weights.trust", math.inf, "readiness.weights.trust"),
    ("readiness.weights.trust", 1.5, "readiness.weights.trust"),
    ("readiness.weights.trust", 0.124, "readiness.weights"),
    ("readiness.weights", dict.fromkeys(EIGHTHS, 0), "readiness.weights"),
    ("readiness.weihgts", EIGHTHS, "weihgts"),
    ("levels.0.share", 1.2, "levels[0].share"),
    ("partnerships.0.options.0.value", 3, "value"),
    ("partnerships.0.options.0.level", "sustain", "level"),
    ("partnerships.0.harm", -1, "harm"),
    ("partnerships.0.ratings.0.low", 60, "ratings[0]"),
    ("partnerships.0.ratings.0.high", 101, "ratings[0].high"),
    ("partnerships.0.ratings.0.way", "joined", "way"),
    ("partnerships.0.ratings.1", {"objective": "staff"}, "way"),
    ("partnerships.0.ratings.1", {"objective": "staff", "way": "join", "low": 3}, "likely"),
    ("partnerships.0.ratings.1", {"objective": "patients", "way": "join"}, "ratings[1]"),
    ("partnerships.0.readiness", {"mean": 0.5, "draws": [0.5]}, "readiness"),
    ("partnerships.0.readiness", {"sd": 0.1}, "mean"),
    ("partnerships.0.readiness", {"mean": 0.1, "sd": 0.4}, "sd"),
    ("partnerships.0.readiness", {"draws": []}, "draws"),
    ("partnerships.0.readiness", {"draws": [1.1]}, "draws[0]"),
    ("partnerships.0.readiness", {"answers": [[1] * 7]}, "answers[0]"),
    ("partnerships.0.readiness", {"answers": [[None] * 8]}, "answers"),
    ("partnerships.0.readiness", {"answers": [[6] * 8]}, "answers[0][0]"),
]


@pytest.mark.parametrize(("path", "value", "field"), WRONG_CRITERIA)
def test_names_the_field_of_the_criteria_that_is_wrong(path: str, value: object, field: str) -> None:
    with pytest.raises(DocumentError) as caught:
        solve(changed(CRITERIA, path, value))
    assert field in caught.value.field


def test_both_documents_are_right_as_they_stand() -> None:
    assert solve(VALUES)["status"] == "optimal"
    assert solve(CRITERIA)["status"] == "optimal"


@pytest.mark.parametrize("key", ["format", "pools", "partnerships"])
def test_a_required_key_may_not_be_missing(key: str) -> None:
    document = {name: value for name, value in VALUES.items() if name != key}
    with pytest.raises(DocumentError, match=key):
        solve(document)


@pytest.mark.parametrize("thing", [None, 3, "text", [], [VALUES], True])
def test_a_document_is_an_object(thing: Any) -> None:
    with pytest.raises(DocumentError, match="document"):
        solve(thing)


def test_draws_need_something_to_draw_from() -> None:
    document = copy.deepcopy(VALUES)
    for partnership in document["partnerships"]:
        for option in partnership["options"]:
            del option["value_draws"]
    with pytest.raises(DocumentError, match="criteria form"):
        solve(document)


def test_defaults_are_those_of_the_contract() -> None:
    read = read_document(
        {
            "format": "triage/1",
            "pools": [{"id": "exec", "days": 1}],
            "partnerships": [{"id": "a", "options": [{"level": "only", "value": 1}]}],
        }
    )
    assert (read.seed, read.draws, read.load, read.rules) == (1, 0, None, ())
    option = read.participations[0].options[0]
    assert (option.days, option.load) == ((0,), 0)
    assert read.pools[0].capacity == 1000


def test_criteria_draw_a_thousand_by_default() -> None:
    document = {key: value for key, value in CRITERIA.items() if key != "draws"}
    assert read_document(document).draws == 1000


def test_the_reserve_is_taken_exactly() -> None:
    document = changed(VALUES, "pools.0", {"id": "exec", "days": 0.3, "reserve": 0.1})
    assert read_document(document).pools[0].capacity == 270


@pytest.mark.parametrize(
    ("facts", "left"),
    [
        ({"set_aside": 0.05}, 220),
        ({"freed": 0.05}, 320),
        ({"set_aside": 0.05, "freed": 0.02}, 240),
        ({"set_aside": 7}, 0),
        ({"set_aside": 7, "freed": 6.8}, 70),
    ],
)
def test_days_set_aside_and_freed_count_after_the_reserve_and_never_leave_less_than_none(
    facts: dict[str, float], left: int
) -> None:
    document = changed(VALUES, "pools.0", {"id": "exec", "days": 0.3, "reserve": 0.1, **facts})
    assert read_document(document).pools[0].capacity == left


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "too long"),
    ],
)
def test_text_that_is_not_a_document(text: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        parse_text(text)


def test_text_with_a_byte_order_mark_is_read() -> None:
    assert parse_text(b"\xef\xbb\xbf" + json.dumps(VALUES).encode()) == VALUES
