"""The compiled kernel against HiGHS on the same portfolio, solve by solve, and what happens where it cannot be used."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from scoring.engine import solve
from scoring.engine.arithmetic import net_value
from scoring.engine.clusters import groups_of
from scoring.engine.document import read_document
from scoring.engine.kernel import Effort
from scoring.engine.learning import Cases
from scoring.engine.problem import Problem, problem_of
from scoring.engine.solver import FIRST, Solution, Solver, between
from scoring.engine.value import option_values
from tests.unit.scoring.engine.portfolios import Document, random_portfolio
from tests.unit.scoring.engine.referee import programmed


def both(document: Document) -> tuple[Problem, Solver, Solver, np.ndarray]:
    portfolio = read_document(document)
    problem = problem_of(portfolio)
    return problem, Solver(problem), Solver(problem, kernel=False), option_values(portfolio).mean


def levels_of(partnership: Document) -> set[str]:
    return {option["level"] for option in partnership["options"]}


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


def wide_rules(names: list[str]) -> list[Document]:
    """One of each kind, tying too many together to be merged: a chain that nobody can leave out."""
    following = list(itertools.pairwise(names))
    return [
        *({"if": [one, "prioritise"], "then": [other, "sustain"]} for one, other in following[::2]),
        *({"not_both": [[one, "prioritise"], [other, "prioritise"]]} for one, other in following[1::4]),
        *({"synergy": 4, "of": [[one, "sustain"], [other, "prioritise"]]} for one, other in following[3::4]),
        {"at_least": len(names) // 3, "of": names, "level": "sustain"},
        {"synergy": 9, "of": [[name, "sustain"] for name in names[:8]]},
    ]


@pytest.mark.parametrize("seed", range(12))
def test_rules_that_tie_too_many_together_become_rows(seed: int) -> None:
    document = random_portfolio(seed, 14 + seed, rules=0)
    named = [one["id"] for one in document["partnerships"] if {"sustain", "prioritise"} <= levels_of(one)]
    document["rules"] = wide_rules(named)
    _, kernel, highs, values = both(document)
    assert kernel.kernel is not None
    assert len(kernel.kernel.groups.room) > 0
    random = np.random.default_rng(seed)
    for _ in range(3):
        check_same(kernel.solve(values, thorough=True), highs.solve(values))
        values = values + random.normal(0, 3, len(values))
        many, whole = kernel.solve_many(values), highs.solve(values)
        assert bool(many.feasible[0]) == (whole is not None)
        if whole is not None:
            assert many.values[0] == pytest.approx(whole.value, abs=1e-6)
            again = kernel.kernel.groups.joint(many.choices)
            assert kernel.kernel.groups.choices(again).tolist() == many.choices.tolist()


@pytest.mark.parametrize("least", [1, 12])
def test_the_outputs_with_a_rule_too_wide_to_merge(least: int) -> None:
    """One rule over twenty partnerships has far more than 700 joint options; one binds, the other does not."""
    document = random_portfolio(7, 20, rules=0)
    names = [one["id"] for one in document["partnerships"]]
    document["rules"] = [{"at_least": least, "of": names, "level": "prioritise"}]
    document["pools"] = [{**pool, "days": pool["days"] * 1.2 // 1} for pool in document["pools"]]
    best = programmed(document)
    result = solve({**document, "outputs": ["choice", "flip", "load_curve"]})
    assert (result["status"] == "infeasible") == (best is None)
    if best is not None:
        assert result["total_value"] == pytest.approx(best, abs=1e-6)
        assert result["load_curve"]["points"]


@pytest.mark.parametrize("seed", range(60))
def test_splitting_the_choices_finds_the_best_too(seed: int) -> None:
    """With parts split after a handful of nodes, from a good choice, from a bad one and from none."""
    problem, kernel, highs, values = both(random_portfolio(seed, 4 + seed // 3, rules=seed % 4))
    assert kernel.kernel is not None
    best, case = highs.solve(values), Cases(values[None], problem.allowed[None], problem.capacity[None])
    for neighbourhoods in (0, 5):
        found = kernel.kernel.solve(case, Effort(0.0, 10_000_000, 30, neighbourhoods, 3), learn=neighbourhoods > 0)
        assert bool(found.any[0]) == (best is not None)
        if best is not None:
            assert found.proven[0]
            assert net_value(problem, values, found.choices[0]) == pytest.approx(best.value, abs=1e-6)
            assert found.bounds[0] >= best.value - 1e-7


def demanding(seed: int, size: int, pools: int) -> Document:
    """Values that follow the days in six pools, which leave a wide gap below the Lagrangian bound."""
    random = np.random.default_rng(seed)
    days = random.integers(4, 81, (size, pools)) / 2
    names = [f"p{k}" for k in range(pools)]
    return {
        "format": "triage/1",
        "pools": [{"id": name, "days": float(days[:, k].sum() * 0.45 // 1)} for k, name in enumerate(names)],
        "partnerships": [
            {
                "id": f"a{i:03}",
                "options": [
                    {"level": "decline", "value": 0},
                    {
                        "level": "sustain",
                        "value": float(days[i].sum() * random.uniform(0.1, 0.4)),
                        "days": {name: float(days[i, k] * 0.3 // 0.5 * 0.5) for k, name in enumerate(names)},
                    },
                    {
                        "level": "prioritise",
                        "value": float(days[i].sum() * random.uniform(0.4, 1)),
                        "days": {name: float(days[i, k]) for k, name in enumerate(names)},
                    },
                ],
            }
            for i in range(size)
        ],
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_wide_gap_is_closed(seed: int) -> None:
    _, kernel, highs, values = both(demanding(seed, 40, 6))
    check_same(kernel.solve(values, thorough=True), highs.solve(values))
    assert kernel._model is None  # HiGHS was not asked


def test_identical_partnerships_are_not_tried_in_every_order() -> None:
    document = demanding(1, 1, 3)
    one = document["partnerships"][0]
    document["partnerships"] = [{**one, "id": f"a{n:02}"} for n in range(60)]
    document["pools"] = [{"id": f"p{k}", "days": 77} for k in range(3)]
    problem, kernel, highs, values = both(document)
    assert kernel.kernel is not None
    case = Cases(values[None], problem.allowed[None], problem.capacity[None])
    found, best = kernel.kernel.solve(case, FIRST), highs.solve(values)
    assert best is not None
    assert found.proven[0]
    assert net_value(problem, values, found.choices[0]) == pytest.approx(best.value, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_not_wanted_counts_as_not_feasible(seed: int) -> None:
    _, kernel, highs, values = both(random_portfolio(seed, 8, rules=1))
    best = highs.solve(values)
    if best is None:
        assert not kernel.solve_many(values).feasible[0]
        return
    assert kernel.solve_many(values, wanted=between(best.value, best.value)).feasible[0]
    assert not kernel.solve_many(values, wanted=between(best.value + 1e-5, best.value + 1)).feasible[0]
    enough = kernel.solve_many(values, wanted=between(-np.inf, best.value - 2))
    assert best.value - 2 - 1e-6 <= enough.values[0] <= best.value + 1e-6


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
