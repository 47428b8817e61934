"""What a day is worth and the next best answers, in words."""

from __future__ import annotations

from typing import Any

from scoring.alternatives import Alternatives, building_advice
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
    assert executive.worth == "Nothing: there are enough"
    assert building_advice(alternatives.days) == [
        "Build clin capacity: p08 and p09 would come in or rise with a tenth more days."
    ]


def test_the_chance_of_too_few_days_is_said_in_words() -> None:
    document = pool_bound_portfolio(20)
    for one in document["partnerships"]:
        one["options"][1]["days"] = {"clin": {"low": 0.5, "likely": 1, "high": 3}, "exec": 1}
    clinical, executive = found(document).days
    assert clinical.chance.startswith("About")
    assert executive.chance == "Hardly any"


def test_a_run_of_an_older_engine_says_nothing() -> None:
    document = example()
    result = solve(document)
    for key in ("competitors", "price_of_a_day", "regret", "build_capacity"):
        result.pop(key)
    labelled = {**document, "pools": [{"label": "x", **pool} for pool in document["pools"]]}
    old = Alternatives.of(labelled, result)
    assert (old.next_best, old.days, old.regret) == ([], [], "")
