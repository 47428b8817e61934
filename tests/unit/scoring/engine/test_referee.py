"""The engine against two referees that share no code with it, on 200 random portfolios."""

from __future__ import annotations

import pytest

from scoring.engine import solve
from tests.unit.scoring.engine.portfolios import Document, random_portfolio
from tests.unit.scoring.engine.referee import (
    available,
    combinations,
    days_of,
    enumerated,
    is_feasible,
    place,
    programmed,
    worth,
)


def chosen_places(document: Document, result: Document) -> dict[str, int]:
    """The result's levels as places among the options."""
    return {one["id"]: place(document, one["id"], one["level"]) for one in result["partnerships"]}


def best_of(document: Document, choices: list[dict[str, int]], draw: int) -> dict[str, int]:
    """The choice that is worth most in a draw."""
    return max(choices, key=lambda chosen: worth(document, chosen, draw))


def check_answer(document: Document, result: Document, best: float | None) -> None:
    """The result is feasible, worth what it says, and worth what the referee found."""
    if best is None:
        assert result["status"] == "infeasible"
        return
    assert result["status"] == "optimal"
    chosen = chosen_places(document, result)
    assert is_feasible(document, chosen)
    assert float(worth(document, chosen)) == pytest.approx(result["total_value"], abs=1e-8)
    assert result["total_value"] == pytest.approx(best, abs=1e-6)
    assert result["gap"] <= 1e-6
    assert result["days"] == {pool: float(days) for pool, days in days_of(document, chosen).items()}


@pytest.mark.parametrize("seed", range(110))
def test_equals_enumeration(seed: int) -> None:
    document = random_portfolio(seed, 2 + seed % 6)
    document["outputs"] = ["choice"]
    best = enumerated(document)
    check_answer(document, solve(document), None if best is None else float(best))


@pytest.mark.parametrize("seed", range(1000, 1090))
def test_equals_another_integer_programme(seed: int) -> None:
    document = random_portfolio(seed, 8 + (seed - 1000) * 52 // 89)
    document["outputs"] = ["choice"]
    check_answer(document, solve(document), programmed(document))


@pytest.mark.parametrize("seed", range(3000, 3060))
def test_equals_another_integer_programme_with_up_to_six_pools(seed: int) -> None:
    document = random_portfolio(seed, 1 + (seed - 3000), most_pools=6)
    document["outputs"] = ["choice"]
    check_answer(document, solve(document), programmed(document))


@pytest.mark.parametrize("seed", range(2000, 2015))
def test_every_output_equals_enumeration(seed: int) -> None:
    """Acceptability, flips and the price of a day, each by trying every combination."""
    document = random_portfolio(seed, 4, draws=7)
    result = solve(document)
    if enumerated(document) is None:
        assert result["status"] == "infeasible"
        return
    feasible = [one for one in combinations(document) if is_feasible(document, one)]
    best = max(worth(document, one) for one in feasible)
    for one in result["partnerships"]:
        for level, loss in one["flip"].items():
            there = [c for c in feasible if c[one["id"]] == place(document, one["id"], level)]
            expected = None if not there else best - max(worth(document, c) for c in there)
            assert loss == (None if expected is None else pytest.approx(float(expected), abs=1e-6))
    optima = [best_of(document, feasible, draw) for draw in range(7)]
    for one in result["partnerships"]:
        for level, share in one["acceptability"].items():
            count = sum(c[one["id"]] == place(document, one["id"], level) for c in optima)
            assert share == pytest.approx(count / 7)
    regrets = sorted(
        float(worth(document, c, d) - worth(document, chosen_places(document, result), d)) for d, c in enumerate(optima)
    )
    assert result["regret"]["mean"] == pytest.approx(sum(regrets) / 7, abs=1e-6)
    assert result["regret"]["cvar95"] == pytest.approx(regrets[-1], abs=1e-6)
    for pool in document["pools"]:
        more = {**document, "pools": [dict(one) for one in document["pools"]]}
        for one in more["pools"]:
            # A day on top of what is left after the reserve.
            one["days"], one["reserve"] = float(available(document)[one["id"]]), 0
            one["days"] += one["id"] == pool["id"]
        wider = [one for one in combinations(document) if is_feasible(more, one)]
        gains = [float(max(worth(document, c, d) for c in wider) - worth(document, optima[d], d)) for d in range(7)]
        assert result["price_of_a_day"][pool["id"]]["mean"] == pytest.approx(sum(gains) / 7, abs=1e-6)


@pytest.mark.parametrize("seed", range(3000, 3030))
def test_shortfall_is_the_least_there_is(seed: int) -> None:
    document = random_portfolio(seed, 4)
    for pool in document["pools"]:
        pool["days"] = round(pool["days"] / 20, 3)
    for partnership in document["partnerships"][:2]:
        partnership["at_least"] = "prioritise"
    result = solve(document)
    if enumerated(document) is not None:
        assert result["status"] == "optimal"
        return
    assert result["status"] == "infeasible"
    assert result["total_value"] is None
    kept = [one for one in combinations(document) if is_feasible(document, one, days=False)]
    if not kept:
        assert result["conflict"]
        assert result["shortfall"] == {}
        return
    room = available(document)
    over = [sum(max(0.0, float(used - room[pool])) for pool, used in days_of(document, one).items()) for one in kept]
    assert sum(result["shortfall"].values()) == pytest.approx(min(over), abs=1e-6)
    assert result["conflict"] == []
