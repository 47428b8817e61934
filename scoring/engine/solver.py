"""Solves one choice after another on the same portfolio, and believes no answer before it has added it up.

The compiled kernel does the work. Where the rules tie too many together for it, where it finds nothing feasible, or
where its search grows too long, HiGHS answers instead. Each answer is the best choice with a certificate: its net value
in plain arithmetic, and how far at most a better one could lie above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import fits, keeps_rule, keeps_rules, net_value, total_load
from scoring.engine.by_load import best_by_load
from scoring.engine.clusters import Groups, groups_of
from scoring.engine.highs import Answer, HighsModel, Limits, SolverError
from scoring.engine.kernel import CUT_SHORT, NOTHING_FOUND, Booleans, solve_groups
from scoring.engine.problem import Floats, Integers, Problem

FINEST = 1e-9  # absolute; floating point allows no finer at ordinary values
ROUNDING = 1e-15  # of the largest value, for each group
MOST_KNOWN = 64  # earlier optima to start from


@dataclass(frozen=True, slots=True)
class Solution:
    """A feasible choice, its net value in plain arithmetic, and the certificate: no choice is worth over value +
    gap.
    """

    choice: Integers
    value: float
    gap: float


@dataclass(frozen=True, slots=True)
class Effort:
    """One try of the kernel: subgradient steps for the bound, how far from the best it may stop as a share of the
    value, and how many nodes it may search.
    """

    steps: int
    tolerance: float
    most_nodes: int


# Few steps do where the prices are nearly right. Where the search then grows, a better bound is cheaper than more
# nodes. The recommendation itself is tried hard for; a draw, a flip or a price may end with a small certified gap
# instead of holding up the other thousand. A million nodes take some fifteen milliseconds.
FEW_STEPS, MANY_STEPS = 30, 400
THOROUGH = (Effort(MANY_STEPS, 0.0, 10_000_000), Effort(2 * MANY_STEPS, 0.0, 200_000_000))
ORDINARY = (
    Effort(FEW_STEPS, 0.0, 100_000),
    Effort(MANY_STEPS, 0.0, 5_000_000),
    Effort(MANY_STEPS, 1e-4, 10_000_000),
    Effort(MANY_STEPS, 1e-3, 10_000_000),
)


class Solver:
    """The best choice of one portfolio under changing values, capacities, mandates and forced levels."""

    def __init__(self, problem: Problem, *, kernel: bool = True) -> None:
        """With `kernel` False every answer comes from HiGHS."""
        self.problem = problem
        self.kernel = _Kernel.of(problem) if kernel else None
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
        answer = None
        for effort in efforts if self.kernel is not None else ():
            assert self.kernel is not None  # noqa: S101 - for the type checker
            allowance = 0.0 if answer is None else effort.tolerance * abs(answer.bound)
            answer = self.kernel.solve(values, limits, effort, allowance)
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
        problem, choice = self.problem, answer.choice
        if not keeps_rules(problem, choice, limits.floor):
            raise SolverError("the solver's answer breaks a rule")
        if limits.capacity is not None and not fits(problem, choice, limits.capacity):
            raise SolverError("the solver's answer does not fit the days available")
        if any(int(choice[i]) != option for i, option in limits.forced.items()):
            raise SolverError("the solver's answer is not at the level that was forced")
        if limits.load is not None and total_load(problem, choice) != limits.load:
            raise SolverError("the solver's answer is not at the load that was asked for")
        value = net_value(problem, values, choice)
        return Solution(choice, value, max(0.0, answer.bound - value))


class _Kernel:
    """The compiled kernel with what it learns from one solve to the next: prices, and earlier optima."""

    def __init__(self, problem: Problem, groups: Groups) -> None:
        self.problem = problem
        self.groups = groups
        greatest = problem.greatest_load
        self.penalty = np.array([problem.penalty.penalty(load) for load in range(greatest + 2)])
        self.prices = np.zeros(len(problem.capacity) + 1)
        self.known = np.zeros((0, len(groups.start) - 1), dtype=np.int64)
        self.next_known = 0
        self.plainly_allowed: Booleans | None = None

    @classmethod
    def of(cls, problem: Problem) -> _Kernel | None:
        """A kernel, or None where the rules do not merge into groups."""
        groups = groups_of(problem)
        return None if groups is None else cls(problem, groups)

    def solve(self, values: Floats, limits: Limits, effort: Effort, allowance: float) -> Answer | None:
        """A choice within `allowance` of the best; not proven where the search was cut short; None where nothing
        feasible was found."""
        assert limits.capacity is not None  # noqa: S101 - without day limits the load decides: see by_load
        joint = self.groups.values(values)
        tolerance = max(FINEST, allowance, ROUNDING * len(self.groups.start) * float(np.max(np.abs(joint))))
        choice, bound, nodes, prices = solve_groups(
            self.groups.start,
            joint,
            self.groups.days,
            self.groups.load,
            self._allowed(limits),
            limits.capacity,
            self.penalty,
            self.prices,
            self.known,
            tolerance,
            effort.most_nodes,
            effort.steps,
        )
        if nodes == NOTHING_FOUND:
            return None
        self._learn(choice, prices)
        return Answer(self.groups.choice(choice), float(bound), proven=nodes != CUT_SHORT)

    def by_load(self, values: Floats, floor: Integers) -> dict[int | None, Integers] | None:
        """The best choice by exact total load, the day limits lifted; None where the table would be too large."""
        limits = Limits(capacity=None, floor=floor, forced={})
        found = best_by_load(self.groups, self.groups.values(values), self._allowed(limits))
        return None if found is None else {load: self.groups.choice(joint) for load, joint in found.items()}

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
            self.prices = prices
        if len(self.known) and bool((self.known == choice).all(axis=1).any()):
            return
        if len(self.known) < MOST_KNOWN:
            self.known = np.vstack([self.known, choice])
        else:
            self.known[self.next_known] = choice
            self.next_known = (self.next_known + 1) % MOST_KNOWN
