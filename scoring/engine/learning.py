"""The compiled kernel with what it learns from one solve to the next: prices, earlier optima, and how far optima lie
below their bounds. None of it changes what is best, only how soon it is found and proven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring.engine.by_load import best_by_load
from scoring.engine.clusters import Groups, groups_of
from scoring.engine.kernel import CUT_SHORT, MOST_KNOWN, NOTHING_FITS, Effort, Wanted, solve_cases
from scoring.engine.problem import Booleans, Floats, Integers, Problem

FINEST = 1e-9  # absolute; floating point allows no finer at ordinary values
ROUNDING = 1e-15  # of the largest value, for each group
ANY = Wanted(-1e300, 1e300)


@dataclass(frozen=True, slots=True)
class Cases:
    """Many solves on one problem: the values and the options allowed (cases × options) and the days there are (cases ×
    pools), each with one row where it is the same in all cases."""

    values: Floats
    allowed: Booleans
    capacity: Integers

    def __len__(self) -> int:
        return max(len(self.values), len(self.allowed), len(self.capacity))

    def __getitem__(self, rows: slice) -> Cases:
        return Cases(
            self.values if len(self.values) == 1 else self.values[rows],
            self.allowed if len(self.allowed) == 1 else self.allowed[rows],
            self.capacity if len(self.capacity) == 1 else self.capacity[rows],
        )

    def row_by_row(self) -> Cases:
        """The same with a row for each case in every part."""
        return Cases(
            np.broadcast_to(self.values, (len(self), self.values.shape[1])),
            np.broadcast_to(self.allowed, (len(self), self.allowed.shape[1])),
            np.broadcast_to(self.capacity, (len(self), self.capacity.shape[1])),
        )


@dataclass(frozen=True, slots=True)
class Start:
    """Where to start from in each case: a feasible choice (cases × participations) and prices (cases × pools and load,
    a whole pool's each and all the load's)."""

    choices: Integers
    prices: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """For each case a choice (cases × participations), a bound on the net value of any, whether there is one, whether
    nothing was left unsearched, whether it is certain that nothing is feasible, and the prices reached; and the nodes
    that all cases took, or may have taken.
    """

    choices: Integers
    bounds: Floats
    any: Booleans
    proven: Booleans
    impossible: Booleans
    prices: Floats
    nodes: int


class LearningKernel:
    """The kernel on one problem."""

    def __init__(self, problem: Problem, groups: Groups) -> None:
        self.problem = problem
        self.groups = groups
        self.penalty = np.array([problem.penalty.penalty(load) for load in range(problem.greatest_load + 2)])
        self.prices = np.zeros((1, groups.days.shape[1] + 1))
        self.known = np.zeros((0, len(groups.start) - 1), dtype=np.int64)
        self.usual = 0.0
        # Days are whole steps, so what is left over of the capacity is of no use, and only slackens the bound.
        self.step = np.array([math.gcd(*column) or 1 for column in problem.days.T.tolist()])

    @classmethod
    def of(cls, problem: Problem) -> LearningKernel | None:
        """A kernel, or None where the rules do not merge into groups."""
        groups = groups_of(problem)
        return None if groups is None else cls(problem, groups)

    def solve(
        self, cases: Cases, effort: Effort, *, learn: bool = False, start: Start | None = None, wanted: Wanted = ANY
    ) -> Found:
        """The best choice in each case, as far as the effort goes; with `learn` later solves start from what was found
        in the last one. A case in which nothing is worth what is wanted counts as one where nothing is feasible.
        """
        joint = self.groups.values(cases.values - self.problem.change)
        finest = max(FINEST, ROUNDING * len(self.groups.start) * float(np.max(np.abs(joint))))
        choices, bounds, nodes, prices, self.usual = solve_cases(
            self.groups.start,
            joint,
            self.groups.days,
            self.groups.load,
            self.groups.allowed(cases.allowed),
            self._capacity(cases.capacity),
            self.penalty,
            self.prices if start is None else start.prices,
            self.known,
            self.known[:0] if start is None else self.groups.joint(start.choices),
            self.usual,
            Wanted(wanted.least - 2 * finest, wanted.enough - 2 * finest),
            effort._replace(tolerance=max(finest, effort.tolerance)),
        )
        if learn and nodes[-1] >= CUT_SHORT:
            self._learn(choices[-1], prices[-1])
        return Found(
            choices=self.groups.choices(choices),
            bounds=bounds,
            any=nodes >= CUT_SHORT,
            proven=nodes > CUT_SHORT,
            impossible=nodes == NOTHING_FITS,
            prices=prices,
            nodes=int(np.where(nodes >= 0, nodes, effort.most_nodes).sum()),
        )

    def _capacity(self, days: Integers) -> Integers:
        """The days by pool (cases × pools) in whole steps, and the room in each row of a rule set apart."""
        room = np.broadcast_to(self.groups.room, (len(days), len(self.groups.room)))
        return np.concatenate([days // self.step * self.step, room], axis=1)

    def by_load(self, values: Floats) -> dict[int | None, Integers] | None:
        """The best choice by exact total load, the day limits lifted; None where rules are set apart or the table would
        be too large.
        """
        if len(self.groups.room):
            return None
        joint = self.groups.values(values - self.problem.change)
        found = best_by_load(self.groups, joint, self.groups.allowed(self.problem.allowed))
        return None if found is None else {load: self.groups.choices(choice) for load, choice in found.items()}

    def _learn(self, choice: Integers, prices: Floats) -> None:
        if not self.prices.any():
            self.prices = prices[None]
        if not bool((self.known == choice).all(axis=1).any()):
            self.known = np.vstack([choice, self.known[: MOST_KNOWN - 1]])
