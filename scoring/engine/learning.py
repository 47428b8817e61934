"""The compiled kernel with what it learns from one solve to the next: prices, earlier optima, and how far optima lie
below their bounds. None of it changes what is best, only how soon it is found and proven.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.by_load import best_by_load
from scoring.engine.clusters import Groups, groups_of
from scoring.engine.highs import Limits
from scoring.engine.kernel import CUT_SHORT, MOST_KNOWN, Booleans, Effort, solve_draws
from scoring.engine.problem import Floats, Integers, Problem

FINEST = 1e-9  # absolute; floating point allows no finer at ordinary values
ROUNDING = 1e-15  # of the largest value, for each group


@dataclass(frozen=True, slots=True)
class Start:
    """Where to start from in each draw: a feasible choice (draws × participations) and prices (draws × pools and load,
    a whole pool's each and all the load's)."""

    choices: Integers
    prices: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """For each draw a choice (draws × participations), a bound on the net value of any, whether a choice was found and
    whether nothing was left unsearched, and the prices reached."""

    choices: Integers
    bounds: Floats
    any: Booleans
    proven: Booleans
    prices: Floats


class LearningKernel:
    """The kernel on one problem."""

    def __init__(self, problem: Problem, groups: Groups) -> None:
        self.problem = problem
        self.groups = groups
        self.penalty = np.array([problem.penalty.penalty(load) for load in range(problem.greatest_load + 2)])
        self.prices = np.zeros((1, len(problem.capacity) + 1))
        self.known = np.zeros((0, len(groups.start) - 1), dtype=np.int64)
        self.usual = 0.0
        self.plainly_allowed: Booleans | None = None

    @classmethod
    def of(cls, problem: Problem) -> LearningKernel | None:
        """A kernel, or None where the rules do not merge into groups."""
        groups = groups_of(problem)
        return None if groups is None else cls(problem, groups)

    def solve(
        self, values: Floats, limits: Limits, effort: Effort, *, learn: bool = False, start: Start | None = None
    ) -> Found:
        """The best choice for each row of values (draws × options), as far as the effort goes; with `learn` later
        solves start from what was found in the last row."""
        assert limits.capacity is not None  # noqa: S101 - without day limits the load decides: see by_load
        joint = self.groups.values(values)
        finest = max(FINEST, ROUNDING * len(self.groups.start) * float(np.max(np.abs(joint))))
        choices, bounds, nodes, prices, self.usual = solve_draws(
            self.groups.start,
            joint,
            self.groups.days,
            self.groups.load,
            self._allowed(limits),
            limits.capacity,
            self.penalty,
            self.prices if start is None else start.prices,
            self.known,
            self.known[:0] if start is None else self.groups.joint(start.choices),
            self.usual,
            Effort(max(finest, effort.tolerance), effort.most_nodes, effort.steps),
        )
        if learn and nodes[-1] >= CUT_SHORT:
            self._learn(choices[-1], prices[-1])
        return Found(self.groups.choices(choices), bounds, nodes >= CUT_SHORT, nodes != CUT_SHORT, prices)

    def by_load(self, values: Floats, floor: Integers) -> dict[int | None, Integers] | None:
        """The best choice by exact total load, the day limits lifted; None where the table would be too large."""
        limits = Limits(capacity=None, floor=floor, forced={})
        found = best_by_load(self.groups, self.groups.values(values), self._allowed(limits))
        return None if found is None else {load: self.groups.choices(joint) for load, joint in found.items()}

    def _allowed(self, limits: Limits) -> Booleans:
        """Which joint options keep the mandates and the forced levels; the plain case is worked out once."""
        plain = not limits.forced and limits.floor is self.problem.floor
        if plain and self.plainly_allowed is not None:
            return self.plainly_allowed
        options = np.arange(len(self.problem.load))
        allowed = options >= limits.floor[self.problem.owner]
        for i, option in limits.forced.items():
            own = self.problem.options_of(i)
            allowed[own.start : own.stop] = False
            allowed[option] = True
        joint = self.groups.allowed(allowed)
        if plain:
            self.plainly_allowed = joint
        return joint

    def _learn(self, choice: Integers, prices: Floats) -> None:
        if not self.prices.any():
            self.prices = prices[None]
        if not bool((self.known == choice).all(axis=1).any()):
            self.known = np.vstack([choice, self.known[: MOST_KNOWN - 1]])
