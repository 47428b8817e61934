"""What partnerships are worth today, without solving: the values that a whole run gives them."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.engine import solve
from scoring.engine.worth_today import worth_today

LEVELS = [
    {"id": "decline", "label": "Decline", "share": 0, "load": 0},
    {"id": "sustain", "label": "Sustain", "share": 0.5, "load": 1},
    {"id": "prioritise", "label": "Prioritise", "share": 1, "load": 3},
]


def partnership(name: str, today: str | None, **facts: Any) -> dict[str, Any]:
    options = [{"level": level["id"], "days": {}} for level in LEVELS]
    rating = {"objective": "patients", "way": "join-up", "low": 40, "likely": 50, "high": 60}
    return {"id": name, "name": name, "today": today, "options": options, "ratings": [rating], **facts}


DOCUMENT: dict[str, Any] = {
    "format": "triage/1",
    "draws": 4,
    "pools": [{"id": "executive", "label": "Executive", "days": 10}],
    "levels": LEVELS,
    "objectives": [{"id": "patients", "label": "Patients"}],
    "ways": [{"id": "join-up", "label": "Join up"}],
    "weights": [],
    "partnerships": [
        partnership("a", "prioritise", readiness={"draws": [0.5, 0.6, 0.7, 0.2]}),
        partnership("b", "sustain", readiness={"mean": 0.4}),
        partnership("c", "sustain"),
        partnership("d", "decline"),
        partnership("e", None),
    ],
}


def test_it_is_what_a_run_values_them_at() -> None:
    loads = {level["id"]: level["load"] for level in LEVELS}
    result = solve({**DOCUMENT, "draws": 0})
    expected = [
        (one["values"][one["today"]], loads[one["today"]])
        for one in result["partnerships"]
        if one["today"] in ("sustain", "prioritise")
    ]
    assert [load for _, load in worth_today(DOCUMENT)] == [load for _, load in expected] == [3, 1, 1]
    assert [value for value, _ in worth_today(DOCUMENT)] == pytest.approx([value for value, _ in expected])
    assert worth_today(DOCUMENT)[0][0] == pytest.approx(0.5 * 50)


def test_answers_are_pooled_over_all_partnerships_those_without_a_level_today_too() -> None:
    answers = {"answers": [[2, 3, 4, 5, 3, 2, 4, 4], [1, 1, 2, 3, 2, 2, 1, 2]]}
    partnerships = [
        partnership("a", "prioritise", readiness={"answers": [[4] * 8, [5] * 8]}),
        partnership("e", None, readiness=answers),
    ]
    document = {**DOCUMENT, "draws": 0, "partnerships": partnerships}
    [valued, _] = solve(document)["partnerships"]
    assert [value for value, _ in worth_today(document)] == pytest.approx([valued["values"]["prioritise"]])


def test_values_that_are_given_are_taken() -> None:
    document = {
        "format": "triage/1",
        "draws": 2,
        "pools": [{"id": "executive", "days": 1}],
        "partnerships": [
            {
                "id": "a",
                "today": "in",
                "at_least": "in",
                "options": [
                    {"level": "out", "value": 0, "value_draws": [0, 0]},
                    {"level": "in", "value": 7, "value_draws": [6, 8], "days": {"executive": 9}, "load": 2},
                ],
            }
        ],
        "rules": [{"at_least": 1, "of": ["a"], "level": "in"}],
    }
    assert worth_today(document) == [(7.0, 2)]
