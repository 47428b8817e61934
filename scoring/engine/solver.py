"""Solves one choice after another on the same portfolio, and believes no answer before it has added it up.

The compiled kernel does the work. Where the rules tie too many together for it, where it finds nothing feasible, or
where its search grows too long, HiGHS answers instead. Each answer is the best choice with a certificate: its net value
in plain arithmetic, and how far at most a better one could lie above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import fits, keeps_rule, keeps_rules, net_value, net_values, total_load
from scoring.engine.highs import Answer, HighsModel, Limits, SolverError
from scoring.engine.kernel import Effort
from scoring.engine.learning import LearningKernel, Start
from scoring.engine.problem import Floats, Integers, Problem

# A draw, a flip or a price is tried again with more effort where its search grows too long, then with a small certified
# gap (as a share of the bound), instead of holding up the other thousand. For the recommendation itself no effort is
# spared. A million nodes take some fifteen milliseconds.
FEW_STEPS, MANY_STEPS = 30, 100
FIRST = Effort(0.0, 100_000, FEW_STEPS)
ORDINARY = (
    FIRST,
    Effort(0.0, 5_000_000, MANY_STEPS),
    Effort(1e-4, 10_000_000, MANY_STEPS),
    Effort(1e-3, 10_000_000, MANY_STEPS),
)
THOROUGH = (Effort(0.0, 10_000_000, MANY_STEPS), Effort(0.0, 200_000_000, 2 * MANY_STEPS))
CHUNK = 100  # draws between two tellings of progress


@dataclass(frozen=True, slots=True)
class Solution:
    """A feasible choice, its net value in plain arithmetic, and the certificate: no choice is worth over value +
    gap.
    """

    choice: Integers
    value: float
    gap: float


@dataclass(frozen=True, slots=True)
class Optima:
    """Solutions of many draws: choices (draws × participations), values and gaps (draws), and the prices at which they
    were found, to start from when something else changes."""

    choices: Integers
    values: Floats
    gaps: Floats
    prices: Floats

    def __len__(self) -> int:
        return len(self.values)


class Solver:
    """The best choice of one portfolio under changing values, capacities, mandates and forced levels."""

    def __init__(self, problem: Problem, *, kernel: bool = True) -> None:
        """With `kernel` False every answer comes from HiGHS."""
        self.problem = problem
        self.kernel = LearningKernel.of(problem) if kernel else None
        self.largest_gap = 0.0  # relative, over every solve so far
        self._model: HighsModel | None = None

    def solve(
        self,
        values: Floats,
        *,
        capacity: Integers | None = None,
        forced: Mapping[int, int] | None = None,
        floor: Integers | None = None,
        thorough: bool = False,
    ) -> Solution | None:
        """The best choice, or None where nothing is feasible.

        `values` one an option; `capacity` thousandths of a day by pool instead of the portfolio's own; `forced` a flat
        option by participation; `floor` instead of the mandates; `thorough` to spare no effort for a proof.
        """
        limits = Limits(
            capacity=self.problem.capacity if capacity is None else capacity,
            floor=self.problem.floor if floor is None else floor,
            forced=forced or {},
        )
        if any(option < limits.floor[i] for i, option in limits.forced.items()):
            return None
        answer = self._by_kernel(values, limits, THOROUGH if thorough else ORDINARY)
        if answer is None or not self._keeps_dropped(answer.choice):
            answer = self._by_highs(values, limits, None)
        elif thorough and not answer.proven:
            answer = self._better(values, answer, self._by_highs(values, limits, answer.choice))
        if answer is None:
            return None
        solution = self._checked(values, answer, limits)
        self.largest_gap = max(self.largest_gap, solution.gap / max(1.0, abs(solution.value)))
        return solution

    def solve_draws(
        self,
        draws: Floats,
        *,
        capacity: Integers | None = None,
        start: Optima | None = None,
        on_step: Callable[[int], None] | None = None,
    ) -> Optima:
        """The best choice in each draw of the values (draws × options), of a portfolio in which something is feasible.

        `start` has what was found where something else was the case, and is still feasible; `on_step` hears how many
        more draws are done.
        """
        parts = []
        for first in range(0, len(draws), CHUNK):
            rows = slice(first, first + CHUNK)
            own = None if start is None else Start(start.choices[rows], start.prices[rows])
            parts.append(self._solve_chunk(draws[rows], capacity, own))
            if on_step is not None:
                on_step(len(parts[-1]))
        optima = Optima(
            np.concatenate([one.choices for one in parts]),
            np.concatenate([one.values for one in parts]),
            np.concatenate([one.gaps for one in parts]),
            np.concatenate([one.prices for one in parts]),
        )
        self.largest_gap = max(self.largest_gap, float(np.max(optima.gaps / np.maximum(1.0, np.abs(optima.values)))))
        return optima

    def _solve_chunk(self, draws: Floats, capacity: Integers | None, start: Start | None) -> Optima:
        choices = np.zeros((len(draws), self.problem.size), dtype=np.int64)
        bounds, left = np.zeros(len(draws)), np.ones(len(draws), dtype=np.bool_)
        prices = np.zeros((len(draws), len(self.problem.capacity) + 1))
        limits = Limits(self.problem.capacity if capacity is None else capacity, self.problem.floor, {})
        if self.kernel is not None:
            found = self.kernel.solve(draws, limits, FIRST, start=start)
            choices, bounds, prices = found.choices, found.bounds, found.prices
            left = ~(found.any & found.proven)
            for rule in self.kernel.groups.dropped:
                left |= ~keeps_rule(self.problem, rule, choices)
        for d in np.flatnonzero(left):
            solution = self.solve(draws[d], capacity=capacity)
            assert solution is not None  # noqa: S101 - the values of a draw do not change what is feasible
            choices[d], bounds[d] = solution.choice, solution.value + solution.gap
        self._check(choices, limits)
        values = np.array(net_values(self.problem, draws, choices))
        return Optima(choices, values, np.maximum(0.0, bounds - values), prices)

    def solve_by_load(self, values: Floats, loads: list[int]) -> list[Solution | None]:
        """For each total load the best choice at exactly that load, with rules and mandates kept and the day limits
        lifted; None where no choice has it."""
        limits = [Limits(capacity=None, floor=self.problem.floor, forced={}, load=load) for load in loads]
        choices = None if self.kernel is None else self.kernel.by_load(values, limits[0].floor)
        solutions: list[Solution | None] = []
        for limit in limits:
            if choices is None:
                answer = self._by_highs(values, limit, None)
            else:
                choice = choices.get(limit.load)
                answer = None if choice is None else Answer(choice, -np.inf)
                if choice is not None and not self._keeps_dropped(choice):
                    answer = self._by_highs(values, limit, None)
            solutions.append(None if answer is None else self._checked(values, answer, limit))
        return solutions

    def _by_kernel(self, values: Floats, limits: Limits, efforts: tuple[Effort, ...]) -> Answer | None:
        if self.kernel is None:
            return None
        answer = None
        for effort in efforts:
            allowance = 0.0 if answer is None else effort.tolerance * abs(answer.bound)
            found = self.kernel.solve(values[None], limits, effort._replace(tolerance=allowance), learn=True)
            answer = Answer(found.choices[0], float(found.bounds[0]), bool(found.proven[0])) if found.any[0] else None
            if answer is None or answer.proven:
                break
        return answer

    def _better(self, values: Floats, one: Answer, other: Answer | None) -> Answer:
        """Of two answers to the same question the better choice, with the lower bound."""
        if other is None:
            return one
        bound = min(one.bound, other.bound)
        first, second = (net_value(self.problem, values, answer.choice) for answer in (one, other))
        return Answer(one.choice if first >= second else other.choice, bound)

    def _by_highs(self, values: Floats, limits: Limits, start: Integers | None) -> Answer | None:
        if self._model is None:
            self._model = HighsModel(self.problem)
        return self._model.solve(values, limits, start)

    def _keeps_dropped(self, choice: Integers) -> bool:
        """Whether a choice happens to keep the rules that the kernel does not know of."""
        dropped = () if self.kernel is None else self.kernel.groups.dropped
        return all(keeps_rule(self.problem, rule, choice) for rule in dropped)

    def _checked(self, values: Floats, answer: Answer, limits: Limits) -> Solution:
        """The answer, added up. Raises SolverError where it breaks a limit."""
        self._check(answer.choice, limits)
        value = net_value(self.problem, values, answer.choice)
        return Solution(answer.choice, value, max(0.0, answer.bound - value))

    def _check(self, choice: Integers, limits: Limits) -> None:
        """Of one choice or of many. Raises SolverError where one breaks a limit."""
        problem = self.problem
        if not keeps_rules(problem, choice, limits.floor):
            raise SolverError("the solver's answer breaks a rule")
        if limits.capacity is not None and not fits(problem, choice, limits.capacity):
            raise SolverError("the solver's answer does not fit the days available")
        if any(int(choice[i]) != option for i, option in limits.forced.items()):
            raise SolverError("the solver's answer is not at the level that was forced")
        if limits.load is not None and total_load(problem, choice) != limits.load:
            raise SolverError("the solver's answer is not at the load that was asked for")
