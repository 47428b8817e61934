"""The compiled kernel against HiGHS on the same portfolio, solve by solve, and what happens where it cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.engine import solve
from scoring.engine.clusters import groups_of
from scoring.engine.document import read_document
from scoring.engine.problem import Problem, problem_of
from scoring.engine.solver import Solution, Solver
from scoring.engine.value import option_values
from tests.unit.scoring.engine.portfolios import Document, random_portfolio
from tests.unit.scoring.engine.referee import programmed


def both(document: Document) -> tuple[Problem, Solver, Solver, np.ndarray]:
    portfolio = read_document(document)
    problem = problem_of(portfolio)
    return problem, Solver(problem), Solver(problem, kernel=False), option_values(portfolio).mean


def check_same(one: Solution | None, other: Solution | None) -> None:
    if one is None or other is None:
        assert one is None
        assert other is None
        return
    assert one.value == pytest.approx(other.value, abs=1e-6)
    assert one.gap <= 1e-6


@pytest.mark.parametrize("seed", range(40))
def test_equals_highs_under_changing_values_capacities_and_forced_levels(seed: int) -> None:
    problem, kernel, highs, values = both(random_portfolio(seed, 5 + seed // 2, rules=1 + seed // 8))
    assert kernel.kernel is not None
    check_same(kernel.solve(values), highs.solve(values))
    random = np.random.default_rng(seed)
    for _ in range(4):
        changed = values + random.normal(0, 3, len(values))
        check_same(kernel.solve(changed), highs.solve(changed))
        option = int(random.integers(len(values)))
        forced = {int(problem.owner[option]): option}
        check_same(kernel.solve(changed, forced=forced), highs.solve(changed, forced=forced))
        capacity = (problem.capacity * random.uniform(0, 1.5, len(problem.capacity))).astype(np.int64)
        check_same(kernel.solve(changed, capacity=capacity), highs.solve(changed, capacity=capacity))
        check_same(kernel.solve(values, floor=problem.start[:-1]), highs.solve(values, floor=problem.start[:-1]))


@pytest.mark.parametrize("seed", range(10))
def test_the_load_curve_equals_highs(seed: int) -> None:
    _, kernel, highs, values = both(random_portfolio(seed, 6))
    loads = list(range(30))
    for one, other in zip(kernel.solve_by_load(values, loads), highs.solve_by_load(values, loads), strict=True):
        if one is None or other is None:
            assert one is other
        else:
            assert one.value == pytest.approx(other.value, abs=1e-6)


def test_small_clusters_become_groups_and_rules_are_kept_inside() -> None:
    document = random_portfolio(3, 6, rules=0)
    names = [one["id"] for one in document["partnerships"]]
    document["rules"] = [{"not_both": [[names[0], "prioritise"], [names[4], "prioritise"]]}]
    portfolio = read_document(document)
    problem = problem_of(portfolio)
    groups = groups_of(problem)
    assert groups is not None
    assert len(groups.start) - 1 == 5
    joint = groups.start[1] - groups.start[0]
    sizes = [len(problem.options_of(i)) for i in (0, 4)]
    assert joint == sizes[0] * sizes[1] - 1


@pytest.mark.parametrize("least", [1, 12])
def test_a_rule_too_wide_to_merge_is_checked_and_else_left_to_highs(least: int) -> None:
    """One rule over twenty partnerships has far more than 700 joint options; one binds, the other does not."""
    document = random_portfolio(7, 20, rules=0)
    names = [one["id"] for one in document["partnerships"]]
    document["rules"] = [{"at_least": least, "of": names, "level": "prioritise"}]
    document["pools"] = [{**pool, "days": pool["days"] * 1.2 // 1} for pool in document["pools"]]
    kernel = Solver(problem_of(read_document(document))).kernel
    assert kernel is not None
    assert len(kernel.groups.dropped) == 1
    best = programmed(document)
    result = solve({**document, "outputs": ["choice", "flip", "load_curve"]})
    assert (result["status"] == "infeasible") == (best is None)
    if best is not None:
        assert result["total_value"] == pytest.approx(best, abs=1e-6)
        assert result["load_curve"]["points"]


def test_synergies_that_tie_too_many_together_leave_everything_to_highs() -> None:
    document = random_portfolio(9, 12, rules=0)
    document["rules"] = [{"synergy": 9, "of": [[one["id"], "prioritise"] for one in document["partnerships"]]}]
    assert Solver(problem_of(read_document(document))).kernel is None
    result = solve({**document, "outputs": ["choice", "load_curve"]})
    best = programmed(document)
    assert (result["status"] == "infeasible") == (best is None)
    if best is not None:
        assert result["total_value"] == pytest.approx(best, abs=1e-6)
        assert result["load_curve"]["points"]


def test_a_search_that_grows_too_long_is_left_to_highs() -> None:
    """Values equal to days and no way to fill the pool exactly: every combination is as promising as the next."""
    partnerships = [
        {
            "id": f"p{n:02d}",
            "options": [{"level": "no", "value": 0}, {"level": "yes", "value": 2.0, "days": {"exec": 2}}],
        }
        for n in range(40)
    ]
    document = {"format": "triage/1", "pools": [{"id": "exec", "days": 41}], "partnerships": partnerships}
    result = solve({**document, "outputs": ["choice"]})
    assert (result["total_value"], result["gap"]) == (40, 0)


def test_earlier_optima_never_change_a_value() -> None:
    """The same solve gives the same value whatever was solved before it."""
    document = random_portfolio(21, 30, draws=30)
    portfolio = read_document(document)
    problem, values = problem_of(portfolio), option_values(portfolio)
    experienced = Solver(problem)
    for drawn in values.draws:
        fresh = Solver(problem).solve(drawn)
        check_same(experienced.solve(drawn), fresh)


def test_no_thread_is_left_behind_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    import threading

    before = threading.active_count()
    solve(random_portfolio(8, 12, draws=3))
    _, _, highs, values = both(random_portfolio(8, 12))
    assert highs.solve(values) is not None
    assert threading.active_count() == before
    assert capfd.readouterr() == ("", "")
