"""The sentence that matters: good grammar, and no clause that the numbers do not bear."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.caveats import certificate_of
from scoring.engine import solve
from scoring.findings import Findings

LEVELS = [
    {"id": "decline", "label": "Decline", "share": 0.0, "load": 0},
    {"id": "sustain", "label": "Sustain", "share": 0.5, "load": 1},
    {"id": "prioritise", "label": "Prioritise", "share": 1.0, "load": 3},
]
ASSUMPTIONS: dict[str, Any] = {
    "days_derived": {},
    "days_typical": [],
    "unrated": [],
    "without_claims": [],
    "surveys": {},
    "pools_without_days": [],
    "equal_weights": True,
    "tipping_point": {"hurts_from": 20, "adds_nothing_at": 40, "is_default": True, "slope": None},
    "quarter": "2026-10-01",
}


def partnership(name: str, value: float, *, today: str | None = "prioritise", days: float = 10) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.capitalize(),
        "today": today,
        "harm": 0,
        "ratings": [{"objective": "patients", "way": "join", "low": value, "likely": value, "high": value}],
        "readiness": {"mean": 1.0},
        "options": [
            {"level": "decline", "days": {}},
            {"level": "sustain", "days": {"exec": days / 2}},
            {"level": "prioritise", "days": {"exec": days}},
        ],
    }


def findings(
    *partnerships: dict[str, Any], days: float, load: dict[str, float] | None = None, **assumptions: Any
) -> Findings:
    document = {
        "format": "triage/1",
        "seed": 1,
        "draws": 4,
        "pools": [{"id": "exec", "label": "Executive", "days": days}],
        "levels": LEVELS,
        "objectives": [{"id": "patients"}],
        "ways": [{"id": "join"}],
        "weights": [],
        "partnerships": list(partnerships),
        **({"load": load} if load else {}),
    }
    return Findings(document, solve(document), ASSUMPTIONS | assumptions, "hash")


def test_over_asked_says_how_many_days_there_are_and_what_to_do() -> None:
    found = findings(
        partnership("a", 80), partnership("b", 60, today="sustain"), partnership("c", 1), partnership("d", 2), days=15
    )
    assert found.sentence == (
        "Your 4 partnerships ask for 35 executive days a quarter; you have 15. "
        "Prioritise 1, sustain 1, say no to 2, and what you can deliver more than doubles."
    )


def test_enough_days_says_of_how_many() -> None:
    found = findings(partnership("a", 80, today="sustain"), partnership("b", 60, today="sustain"), days=100)
    assert found.sentence == (
        "Your 2 partnerships ask for 10 of the 100 executive days you have a quarter. "
        "Prioritise both, and what you can deliver doubles."
    )


def test_one_partnership() -> None:
    found = findings(partnership("a", 80), days=100)
    assert found.sentence == (
        "Your one partnership asks for 10 of the 100 executive days you have a quarter. "
        "Prioritise it, and what you can deliver stays the same."
    )


def test_without_a_level_today_no_comparison_is_made() -> None:
    found = findings(partnership("a", 80, today=None), partnership("b", 70, today=None), days=10)
    assert found.deliverable_today is None
    assert "deliver" not in found.sentence
    assert found.sentence.startswith("You have 2 partnerships to choose between.")


def test_all_of_one_kind() -> None:
    found = findings(*(partnership(name, 50) for name in "abc"), days=100)
    assert "Prioritise all 3, and" in found.sentence


def test_the_scarcest_pool_is_measured_by_what_it_has() -> None:
    found = findings(partnership("a", 80), partnership("b", 60), days=16)
    assert found.scarcest.label == "Executive"
    assert found.scarcest.is_over_asked
    assert found.scarcest.over == pytest.approx(4)
    assert found.scarcest.bars == {"today": 99, "recommended": 74, "available": 79}


def test_the_list_is_by_label_then_value_and_numbered() -> None:
    found = findings(partnership("a", 1), partnership("b", 60), partnership("c", 80), days=20)
    assert [(one.number, one.name, one.label.label) for one in found.advice] == [
        (1, "C", "Prioritise"),
        (2, "B", "Prioritise"),
        (3, "A", "Say no kindly"),
    ]
    assert found.advice_for("b") == found.advice[1]
    assert found.advice_for("nobody") is None
    assert [(label.label, len(group)) for label, group in found.groups] == [("Prioritise", 2), ("Say no kindly", 1)]


def test_what_was_filled_in_is_owned_up_to() -> None:
    found = findings(
        partnership("a", 80),
        partnership("b", 60),
        days=20,
        without_claims=["a"],
        unrated=["b"],
        days_typical=["a", "b"],
        days_derived={"a": ["sustain"]},
        pools_without_days=["Clinical"],
    )
    assert found.caveats == [
        "Nobody has rated what A would add, so it counts as worth nothing.",
        "Claimed but not rated yet, and so taken as very uncertain: B.",
        "Nobody has estimated days for A and B: the typical days of your other partnerships are used.",
        "For 1 partnership, days at some levels are worked out from a level that was estimated, give or take 30%.",
        "Nobody has said how many clinical days there are, so those days set no limit.",
        "Nobody has set weights, so every objective and every way of creating value counts the same.",
    ]


def test_partnerships_without_a_survey_are_counted() -> None:
    unasked = {key: value for key, value in partnership("b", 60).items() if key != "readiness"}
    found = findings(partnership("a", 80), unasked, days=20, equal_weights=False)
    assert found.caveats == ["1 partnership has no survey result yet: how ready it is counts as very uncertain."]


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({}, ""),
        ({"a": False, "b": False}, ", in which each person who answered counts once."),
        ({"a": False, "b": True}, ", in which each person who answered counts once; for B, each organisation does."),
        ({"a": True}, ", in which each organisation counts once, however many of its people answered."),
        ({"gone": True}, ""),
    ],
)
def test_whose_views_readiness_counts_is_said_once(over: dict[str, bool], said: str) -> None:
    surveys = {one: {"over_organisations": True} if yes else {} for one, yes in over.items()}
    found = findings(partnership("a", 80), partnership("b", 60), days=20, equal_weights=False, surveys=surveys)
    assert found.caveats == ([f"How ready a partnership is comes from its survey{said}"] if said else [])


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ({"gap": 0.0, "largest_gap": 0.0}, ""),
        ({"gap": 0.05, "largest_gap": 0.0009}, ""),
        ({"gap": 1.0, "largest_gap": 0.01}, "a better one could be worth up to 1.0% more than the best that was found"),
        ({"gap": 0.02, "largest_gap": 0.02, "total_value": 0.1}, "could be worth up to 0.02 points more"),
        ({"gap": 0.02, "largest_gap": 0.02, "total_value": -4}, "could be worth up to 0.5% more"),
        ({"gap": 0.0, "largest_gap": 0.004}, "known only to within 0.4% of its value"),
    ],
)
def test_a_certificate_is_shown_from_a_thousandth(gaps: dict[str, float], said: str) -> None:
    sentence = certificate_of({"total_value": 100.0, **gaps})
    assert said in sentence
    assert bool(sentence) == bool(said)


def test_days_that_round_to_the_same_are_told_apart() -> None:
    found = findings(partnership("a", 80, days=90.3), partnership("b", 1, today="decline"), days=90)
    assert found.sentence.startswith("Your 2 partnerships ask for 90.3 executive days a quarter; you have 90.")


def test_a_pool_without_days_has_none() -> None:
    found = findings(partnership("a", 80), days=0)
    assert found.sentence == (
        "Your one partnership asks for 10 executive days a quarter; you have none. "
        "Say no to it, and what you can deliver stays the same."
    )


def test_the_best_level_of_a_softened_decline_can_be_done() -> None:
    """The flips leave the best level out, which is not the same as a level that no portfolio has."""
    found = findings({**partnership("a", 1), "harm_reviewed": False}, partnership("b", 80, days=9), days=10)
    softened = found.advice_for("a")
    assert softened is not None
    assert (softened.best.name, softened.recommended.name) == ("Decline", "Sustain")
    assert softened.best.loss == 0
