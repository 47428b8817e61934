"""Solves one choice after another on the same portfolio, and believes no answer before it has added it up.

The compiled kernel does the work. Where the rules tie too many together for it, where it finds nothing feasible, or
where its search grows too long, HiGHS answers instead. Each answer is the best choice with a certificate: its net value
in plain arithmetic, and how far at most a better one could lie above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import fits, keeps_rules, net_value, net_values, total_load
from scoring.engine.highs import Answer, HighsModel, Limits, SolverError
from scoring.engine.kernel import Effort, Wanted
from scoring.engine.learning import ANY, Cases, LearningKernel, Start
from scoring.engine.problem import Booleans, Floats, Integers, Problem

FEW_STEPS, MANY_STEPS, PART = 30, 100, 5_000
CLOSE = 9e-4  # a certified gap, as a share of the bound: safely under the 0.1 % over which a page shows it
FIRST = Effort(0.0, 100_000, FEW_STEPS)
HURRIED = (Effort(CLOSE, 300_000, MANY_STEPS, 50, PART),)
THOROUGH = (FIRST, Effort(0.0, 10_000_000, MANY_STEPS, 100, PART), Effort(0.0, 300_000_000, 2 * MANY_STEPS, 500, PART))


@dataclass(frozen=True, slots=True)
class Patience:
    """What to do for a case that a first short search does not prove: efforts, one after the other, at the end for a
    small certified gap (as a share of the bound). When all cases together have taken `most_nodes`, those that are left
    are hurried, so that a run ends. A million nodes take some fifteen milliseconds.
    """

    efforts: tuple[Effort, ...]
    most_nodes: int


# For what is told to the last digit; for draws, of which only the shares count; for whether something is worth so much.
EXACT = Patience(
    (
        Effort(0.0, 5_000_000, MANY_STEPS, 100, PART),
        Effort(CLOSE / 10, 5_000_000, MANY_STEPS, 200, PART),
        Effort(CLOSE, 5_000_000, MANY_STEPS, 300, PART),
    ),
    400_000_000,
)
ROUGH = Patience(
    (Effort(CLOSE / 10, 2_000_000, MANY_STEPS, 30, PART), Effort(CLOSE, 2_000_000, MANY_STEPS, 200, PART)),
    1_000_000_000,
)
WHETHER = Patience((Effort(0.0, 2_000_000, MANY_STEPS, 30, PART),), 100_000_000)
GOOD_ENOUGH = 1e-2  # the gap, as a share of the bound, above which HiGHS is asked for a recommendation too
CHUNK = 100  # cases between two tellings of progress


def between(least: float, most: float) -> Wanted:
    """Look only for what is worth `least`, and no further once something is worth `most`, which nothing exceeds or
    which is enough."""
    return Wanted(max(ANY.least, least), min(ANY.enough, most))


@dataclass(frozen=True, slots=True)
class Solution:
    """A feasible choice, its net value in plain arithmetic, and the certificate: no choice is worth over value +
    gap.
    """

    choice: Integers
    value: float
    gap: float


@dataclass(frozen=True, slots=True)
class Solutions:
    """Solutions of many cases: choices (cases × participations), values and gaps (cases; NaN where nothing is
    feasible), and the prices at which they were found, to start from when something else changes."""

    choices: Integers
    values: Floats
    gaps: Floats
    prices: Floats

    def __len__(self) -> int:
        return len(self.values)

    @property
    def feasible(self) -> Booleans:
        """In which cases there is a feasible choice."""
        return ~np.isnan(self.values)


class Solver:
    """The best choice of one portfolio under changing values, capacities and options allowed."""

    def __init__(self, problem: Problem, *, kernel: bool = True) -> None:
        """With `kernel` False every answer comes from HiGHS."""
        self.problem = problem
        self.kernel = LearningKernel.of(problem) if kernel else None
        self.largest_gap = 0.0  # relative, over every solve so far
        self._nodes = 0  # of every search so far
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
        problem = self.problem
        allowed = problem.allowed if floor is None else problem.allowed_from(floor)
        limits = Limits(
            capacity=problem.capacity if capacity is None else capacity,
            allowed=problem.with_forced(allowed, forced) if forced else allowed,
        )
        return self._solve(values, limits, THOROUGH if thorough else (FIRST, *EXACT.efforts))

    def solve_many(
        self,
        values: Floats,
        *,
        allowed: Booleans | None = None,
        capacity: Integers | None = None,
        start: Solutions | None = None,
        patience: Patience = EXACT,
        wanted: Wanted = ANY,
        on_step: Callable[[int], None] | None = None,
    ) -> Solutions:
        """The best choice in each of many cases.

        `values` and `allowed` (cases × options) and `capacity` (cases × pools, thousandths of a day) have a row for
        each case or one for all. `start` has what was found where something else was the case, and is feasible here
        too; `patience` is for a case that is hard to prove; what is not `wanted` counts as not
        feasible, and a choice that is worth enough as the best; `on_step` hears how many more cases are done.
        """
        cases = Cases(
            np.atleast_2d(values),
            np.atleast_2d(self.problem.allowed if allowed is None else allowed),
            np.atleast_2d(self.problem.capacity if capacity is None else capacity),
        )
        parts, most = [], self._nodes + patience.most_nodes
        for first in range(0, len(cases), CHUNK):
            rows = slice(first, first + CHUNK)
            own = None if start is None else Start(start.choices[rows], start.prices[rows])
            parts.append(self._solve_chunk(cases[rows], own, patience.efforts, wanted, most))
            if on_step is not None:
                on_step(len(parts[-1]))
        found = Solutions(
            np.concatenate([one.choices for one in parts]),
            np.concatenate([one.values for one in parts]),
            np.concatenate([one.gaps for one in parts]),
            np.concatenate([one.prices for one in parts]),
        )
        relative = found.gaps / np.maximum(1.0, np.abs(found.values))
        self.largest_gap = max(self.largest_gap, float(np.max(relative, initial=0.0, where=found.feasible)))
        return found

    def _solve_chunk(
        self, cases: Cases, start: Start | None, efforts: tuple[Effort, ...], wanted: Wanted, most: int
    ) -> Solutions:
        """Those that a first effort does not prove get more, as long as there are not `most` nodes behind us."""
        count, problem = len(cases), self.problem
        choices = np.tile(problem.start[:-1], (count, 1))
        bounds, feasible = np.full(count, np.nan), np.zeros(count, dtype=np.bool_)
        prices, left = np.zeros((count, 1)), np.ones(count, dtype=np.bool_)
        if self.kernel is not None:
            found = self.kernel.solve(cases, FIRST, start=start, wanted=wanted)
            self._nodes += found.nodes
            choices, bounds, prices, feasible = found.choices, found.bounds, found.prices, found.any
            left = ~found.proven & ~found.impossible
        for c in np.flatnonzero(left):
            case = cases[c : c + 1]
            more = efforts if self._nodes < most else HURRIED
            own = Start(choices[c : c + 1], prices[c : c + 1]) if feasible[c] else None
            solution = self._solve(case.values[0], Limits(case.capacity[0], case.allowed[0]), more, own, wanted)
            feasible[c] = solution is not None
            if solution is not None:
                choices[c], bounds[c] = solution.choice, solution.value + solution.gap
        values, gaps = np.full(count, np.nan), np.full(count, np.nan)
        if feasible.any():
            rows = np.flatnonzero(feasible)
            whole = cases.row_by_row()
            self._check(choices[rows], Limits(whole.capacity[rows], whole.allowed[rows]))
            values[rows] = net_values(problem, whole.values[rows], choices[rows])
            gaps = np.maximum(0.0, bounds - values)
        return Solutions(choices, values, gaps, prices)

    def solve_by_load(self, values: Floats, loads: list[int]) -> list[Solution | None]:
        """For each total load the best choice at exactly that load, with rules and mandates kept and the day limits
        lifted; None where no choice has it."""
        choices = None if self.kernel is None else self.kernel.by_load(values)
        solutions: list[Solution | None] = []
        for load in loads:
            limits = Limits(capacity=None, allowed=self.problem.allowed, load=load)
            choice = None if choices is None else choices.get(load)
            answer = None if choice is None else Answer(choice, -np.inf)
            if choices is None:
                answer = self._by_highs(values, limits, None)
            solutions.append(None if answer is None else self._checked(values, answer, limits))
        return solutions

    def _solve(
        self,
        values: Floats,
        limits: Limits,
        efforts: tuple[Effort, ...],
        start: Start | None = None,
        wanted: Wanted = ANY,
    ) -> Solution | None:
        answer, impossible = self._by_kernel(values, limits, efforts, start, wanted)
        if impossible:
            return None
        if answer is None and self.kernel is not None and wanted.least > ANY.least:
            return None  # nothing of that worth was found, and it is not worth HiGHS' time
        if answer is None:
            answer = self._by_highs(values, limits, None)
        elif efforts is THOROUGH and self._checked(values, answer, limits).gap > GOOD_ENOUGH * abs(answer.bound):
            answer = self._better(values, answer, self._by_highs(values, limits, answer.choice))
        if answer is None:
            return None
        solution = self._checked(values, answer, limits)
        self._note(solution.gap, solution.value)
        return solution

    def _note(self, gap: float, value: float) -> None:
        """Keep the largest gap."""
        self.largest_gap = max(self.largest_gap, gap / max(1.0, abs(value)))

    def _by_kernel(
        self, values: Floats, limits: Limits, efforts: tuple[Effort, ...], start: Start | None, wanted: Wanted
    ) -> tuple[Answer | None, bool]:
        """What the kernel finds with the least of these efforts that is enough, and whether it is certain that nothing
        is feasible. Each effort goes on from the choice that the one before it came to."""
        if self.kernel is None:
            return None, False
        assert limits.capacity is not None  # noqa: S101 - without day limits the load decides: see solve_by_load
        cases, answer = Cases(values[None], limits.allowed[None], limits.capacity[None]), None
        for effort in efforts:
            allowance = effort.tolerance * abs(answer.bound) if answer is not None else 0.0
            allowed = effort._replace(tolerance=allowance)
            found = self.kernel.solve(cases, allowed, learn=True, start=start, wanted=wanted)
            self._nodes += found.nodes
            if not found.any[0]:
                if found.impossible[0]:
                    return None, True
                if wanted.least > ANY.least:
                    self._note(float(found.bounds[0]) - wanted.least, wanted.least)
                    break
                continue
            bound = float(found.bounds[0]) if answer is None else min(answer.bound, float(found.bounds[0]))
            answer, start = Answer(found.choices[0], bound), Start(found.choices, found.prices)
            if found.proven[0]:
                break
        return answer, False

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

    def _checked(self, values: Floats, answer: Answer, limits: Limits) -> Solution:
        """The answer, added up. Raises SolverError where it breaks a limit."""
        self._check(answer.choice, limits)
        value = net_value(self.problem, values, answer.choice)
        return Solution(answer.choice, value, max(0.0, answer.bound - value))

    def _check(self, choice: Integers, limits: Limits) -> None:
        """Of one choice or of many (each with limits of its own). Raises SolverError where one breaks a limit."""
        problem = self.problem
        if not keeps_rules(problem, choice):
            raise SolverError("the solver's answer breaks a rule")
        if not np.all(np.take_along_axis(limits.allowed, choice, axis=-1)):
            raise SolverError("the solver's answer is at a level that is not allowed")
        if limits.capacity is not None and not fits(problem, choice, limits.capacity):
            raise SolverError("the solver's answer does not fit the days available")
        if limits.load is not None and total_load(problem, choice) != limits.load:
            raise SolverError("the solver's answer is not at the load that was asked for")
