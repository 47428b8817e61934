"""Solves one choice after another on the same portfolio, and believes no answer before it has added it up.

Each answer is the best choice with a certificate: its net value in plain arithmetic, and how far at most a
better one could lie above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.engine.arithmetic import fits, keeps_rules, net_value, total_load
from scoring.engine.highs import Answer, HighsModel, Limits, SolverError
from scoring.engine.problem import Floats, Integers, Problem


@dataclass(frozen=True, slots=True)
class Solution:
    """A feasible choice, its net value in plain arithmetic, and the certificate: no choice is worth over
    value + gap.
    """

    choice: Integers
    value: float
    gap: float


class Solver:
    """The best choice of one portfolio under changing values, capacities, mandates and forced levels."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = HighsModel(problem)

    def solve(
        self,
        values: Floats,
        *,
        capacity: Integers | None = None,
        forced: Mapping[int, int] | None = None,
        floor: Integers | None = None,
        start: Integers | None = None,
    ) -> Solution | None:
        """The best choice, or None where nothing is feasible.

        `values` one an option; `capacity` thousandths of a day by pool instead of the portfolio's own;
        `forced` a flat option by participation; `floor` instead of the mandates; `start` a choice that is
        likely to be near.
        """
        limits = Limits(
            capacity=self.problem.capacity if capacity is None else capacity,
            floor=self.problem.floor if floor is None else floor,
            forced=forced or {},
        )
        return self._solve(values, limits, start)

    def solve_at_load(self, values: Floats, load: int) -> Solution | None:
        """The best choice at exactly this total load, with rules and mandates kept and the day limits
        lifted.
        """
        return self._solve(values, Limits(capacity=None, floor=self.problem.floor, forced={}, load=load), None)

    def _solve(self, values: Floats, limits: Limits, start: Integers | None) -> Solution | None:
        if any(option < limits.floor[i] for i, option in limits.forced.items()):
            return None
        answer = self.model.solve(values, limits, start)
        if answer is None:
            return None
        self._check(answer, limits)
        value = net_value(self.problem, values, answer.choice)
        return Solution(answer.choice, value, max(0.0, answer.bound - value))

    def _check(self, answer: Answer, limits: Limits) -> None:
        """Raise SolverError where the answer, added up exactly, breaks a limit."""
        problem, choice = self.problem, answer.choice
        if not keeps_rules(problem, choice, limits.floor):
            raise SolverError("the solver's answer breaks a rule")
        if limits.capacity is not None and not fits(problem, choice, limits.capacity):
            raise SolverError("the solver's answer does not fit the days available")
        if any(int(choice[i]) != option for i, option in limits.forced.items()):
            raise SolverError("the solver's answer is not at the level that was forced")
        if limits.load is not None and total_load(problem, choice) != limits.load:
            raise SolverError("the solver's answer is not at the load that was asked for")
