"""When nothing fits: the fewest days that are missing, or the rules that contradict each other.

Rules and mandates are tried first without any day limit. If they contradict each other, some after others are left
out for good as long as the rest still contradict; what remains is a set in which each is needed for the
contradiction. Otherwise the answer is the choice that goes over the pools by the fewest days in
total.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from scoring.engine.arithmetic import days_used
from scoring.engine.highs import HighsModel, Limits
from scoring.engine.portfolio import Portfolio, Rule
from scoring.engine.problem import Integers, Problem, problem_of
from scoring.engine.reading import MILLIDAYS

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Either `used` (thousandths of a day by pool of the least choice over the limits), or the contradicting
    `rules` and `mandates` (participations by place).
    """

    used: Integers | None
    rules: tuple[Rule, ...] = ()
    mandates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What keeps a participation from every level above its lowest: each is True where it would fit without it.

    `days`: without any day limit. `duties` and `rules`: without the mandates, or without the rules between
    partnerships; where only both together make room, both are True.
    """

    days: bool
    duties: bool
    rules: bool


def diagnose(portfolio: Portfolio) -> Infeasible:
    """Why no choice is feasible; call only where none is."""
    problem = problem_of(portfolio)
    # Exact: what a reserve leaves may end in half a thousandth of a day, and counts in a shortfall.
    net = np.array([float(pool.net * MILLIDAYS) for pool in portfolio.pools])
    limits = Limits(capacity=net, allowed=problem.allowed)
    choice = HighsModel(problem, overrun=True).least_overrun(limits)
    if choice is not None:
        return Infeasible(used=days_used(problem, choice))
    binding = [rule for rule in problem.rules if rule.kind != "synergy"]
    mandates = [i for i in range(problem.size) if problem.floor[i] > problem.start[i]]
    mandates = _needed(mandates, lambda rest: _agree(problem, binding, rest))
    binding = _needed(binding, lambda rest: _agree(problem, rest, mandates))
    return Infeasible(used=None, rules=tuple(binding), mandates=tuple(mandates))


def obstacles(problem: Problem, i: int) -> Obstacles:
    """What stands in the way of participation i; call only where it fits at its lowest level alone."""
    raised = problem.start[:-1].copy()
    raised[i] += 1
    kept, lifted = np.maximum(problem.floor, raised), raised
    days = _fits(problem, kept, problem.rules, limited=False)
    duties = _fits(problem, lifted, problem.rules, limited=days)
    rules = _fits(problem, kept, (), limited=days)
    if not duties and not rules:
        duties = rules = _fits(problem, lifted, (), limited=days)
    return Obstacles(days, duties, rules)


def _fits(problem: Problem, floor: Integers, rules: tuple[Rule, ...], *, limited: bool) -> bool:
    """Whether some choice from these first options up keeps these rules, and the days where they are `limited`."""
    limits = Limits(capacity=problem.capacity if limited else None, allowed=problem.allowed_from(floor))
    return HighsModel(problem, rules).solve(np.zeros(len(problem.load)), limits) is not None


def _needed(contradicting: list[Thing], agree: Callable[[list[Thing]], bool]) -> list[Thing]:
    """Those of contradicting things none of which can be left out: tried first by halves, so that two out of thousands
    are soon found.
    """
    size = len(contradicting)
    while size > 0:
        place = 0
        while place < len(contradicting):
            rest = contradicting[:place] + contradicting[place + size :]
            if agree(rest):
                place += size
            else:
                contradicting = rest
        size //= 2
    return contradicting


def _agree(problem: Problem, rules: list[Rule], mandates: list[int]) -> bool:
    """Whether some choice keeps these rules and mandates, days apart."""
    floor = problem.start[:-1].copy()
    floor[mandates] = problem.floor[mandates]
    return _fits(problem, floor, tuple(rules), limited=False)
