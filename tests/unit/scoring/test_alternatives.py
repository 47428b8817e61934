"""What a day is worth and the next best answers, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scoring.alternatives import Alternatives, DayWorth, NextBest, building_advice
from scoring.engine import solve
from tests.unit.scoring.engine.test_alternatives import example, pool_bound_portfolio


def found(document: dict[str, Any]) -> Alternatives:
    labelled = {**document, "pools": [{"label": pool["id"].title(), **pool} for pool in document["pools"]]}
    return Alternatives.of(labelled, solve(labelled))


def test_the_next_best_answer_names_its_swaps() -> None:
    [first, *_] = found({**example(), "draws": 50}).next_best
    assert first.cost == "1.6 points less"
    assert first.swaps == [
        "Cancer alliance at Sustain instead of Prioritise",
        "Shared estates at Prioritise instead of Sustain",
    ]


def test_a_dear_day_and_who_waits_for_it() -> None:
    alternatives = found(pool_bound_portfolio(20))
    clinical, executive = alternatives.days
    assert clinical.adds > 5
    assert clinical.worth.startswith(f"{clinical.adds:.0f}") or "points (from" in clinical.worth
    assert executive.worth == "Nothing"
    assert building_advice(alternatives.days) == [
        "Build clin capacity: p08 and p09 would come in or rise with a tenth more days."
    ]


def test_the_chance_of_too_few_days_is_said_in_words() -> None:
    document = pool_bound_portfolio(20)
    for one in document["partnerships"]:
        one["options"][1]["days"] = {"clin": {"low": 0.5, "likely": 1, "high": 3}, "exec": 1}
    clinical, executive = found(document).days
    assert clinical.chance == "Nearly certain"
    assert executive.chance == "Hardly any"
    assert replace(clinical, too_few=0.4).chance == "About 40 in 100"
    assert replace(clinical, too_few=0.994).chance == "About 99 in 100"


def day(adds: float = 0, low: float = 0, high: float = 0, five: float = 0) -> DayWorth:
    return DayWorth("Clinical", 0, adds, low, high, five, waiting=[])


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (day(), "Nothing"),
        (day(five=4), "Nothing; five more would add 4 points in all"),
        (day(adds=0.02, high=0.04), "Less than 0.1 points"),
        (day(adds=0.9, high=0.0), "0.9 points"),
        (day(adds=1, high=3), "1 point (from 0 to 3)"),
    ],
)
def test_a_day_that_adds_nothing_by_itself_is_not_said_to_be_enough(pool: DayWorth, said: str) -> None:
    assert pool.worth == said


@pytest.mark.parametrize(
    ("lost", "said"), [(0, "As good"), (0.01, "Hardly less"), (1, "1 point less"), (2, "2 points less")]
)
def test_what_the_next_best_gives_up(lost: float, said: str) -> None:
    assert NextBest(lost, []).cost == said


def test_where_every_version_agrees_nothing_is_regretted() -> None:
    base: dict[str, Any] = {"partnerships": [], "levels": [], "draws": 40}
    certain = base | {"regret": {"mean": 0.0, "cvar95": 0.0, "of": 9.0}}
    unsure = base | {"regret": {"mean": 1.0, "cvar95": 3.0, "of": 9.0}}
    assert Alternatives.of({"pools": []}, certain).regret == (
        "In none of the 40 plausible versions tried is another portfolio better than the best one."
    )
    assert "3 in the worst twentieth, of 9" in Alternatives.of({"pools": []}, unsure).regret
    assert "3 in the worst of them, of 9" in Alternatives.of({"pools": []}, unsure | {"draws": 4}).regret


def test_a_run_of_an_older_engine_says_nothing() -> None:
    document = example()
    result = solve(document)
    for key in ("competitors", "price_of_a_day", "regret", "build_capacity"):
        result.pop(key)
    labelled = {**document, "pools": [{"label": "x", **pool} for pool in document["pools"]]}
    old = Alternatives.of(labelled, result)
    assert (old.next_best, old.days, old.regret) == ([], [], "")


def a_row(name: str, value: float, readiness: float, both: float) -> dict[str, Any]:
    return {"id": name, "name": name, "information": both, "information_on": {"value": value, "readiness": readiness}}


def test_what_is_most_worth_finding_out_comes_first_with_how() -> None:
    rows = [
        a_row("Small", 0.01, 0.02, 0.03),
        a_row("Rated", 0.4, 0.1, 0.5),
        a_row("Surveyed", 0.2, 1.0, 1.1),
        a_row("Together", 0.04, 0.03, 0.06),
        a_row("Fourth", 0.05, 0.01, 0.05),
    ]
    result: dict[str, Any] = {"partnerships": rows, "levels": [], "draws": 40}
    unsure = Alternatives.of({"pools": []}, result)
    assert unsure.is_unsure
    assert [(one.name, one.in_words) for one in unsure.worth_knowing] == [
        ("Surveyed", "how ready it is, which a survey would tell (about 1 point)"),
        ("Rated", "what it adds, which better evidence for its ratings would tell (about 0.4 points)"),
        ("Together", "what it adds and how ready it is, by better evidence and a survey (about 0.1 points)"),
    ]
    settled = Alternatives.of({"pools": []}, {**result, "partnerships": rows[:1]})
    assert (settled.is_unsure, settled.worth_knowing) == (True, [])


def test_without_draws_or_of_given_values_nothing_is_said_of_finding_out() -> None:
    rows = [a_row("Rated", 0.4, 0.1, 0.5)]
    assert not Alternatives.of({"pools": []}, {"partnerships": rows, "levels": [], "draws": 0}).is_unsure
    given = [{"id": "a", "name": "A", "information": 1.0, "information_on": None}]
    assert not Alternatives.of({"pools": []}, {"partnerships": given, "levels": [], "draws": 9}).is_unsure
