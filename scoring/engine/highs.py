"""The portfolio as a mixed-integer programme, kept hot in HiGHS.

The model is built once; from one solve to the next only costs, bounds and right-hand sides change.

Columns: one 0/1 column an option; one column in 0…1 for each unit of load above the knee, costing what that
unit adds to the penalty (the units cost ever more, so an optimum fills them in order and the convex penalty
is exact at whole loads); one column in 0…1 a synergy. Rows: one level for each participation; days by pool,
divided by their greatest common divisor so that coefficients are small whole numbers; the load; the rules.

HiGHS works in floating point. What it returns is rounded to a choice and checked in `solver`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from scoring.engine.arithmetic import met_members, total_load
from scoring.engine.portfolio import Rule
from scoring.engine.problem import Booleans, Floats, Integers, Problem

INFINITY = highspy.kHighsInf
ABSOLUTE_GAP = 1e-7  # a margin below the 1e-6 that the engine promises
TOLERANCE = 1e-9
MIDDLING = 100.0  # values are scaled to about this size, where HiGHS' tolerances mean what they say


class SolverError(RuntimeError):
    """HiGHS gave no usable answer: a defect to report, never a wrong document."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice, and an upper bound on the net value of any choice."""

    choice: Integers
    bound: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What may change from one solve to the next: the options `allowed`, the days by pool (None lifts the limits), and
    where it is fixed the total `load`.
    """

    capacity: Integers | None
    allowed: Booleans
    load: int | None = None


class HighsModel:
    """One problem, hot in HiGHS."""

    def __init__(self, problem: Problem, rules: tuple[Rule, ...] | None = None, *, overrun: bool = False) -> None:
        """With `overrun` each pool gets a column for the days over it, in thousandths."""
        self.problem = problem
        self.rules = problem.rules if rules is None else rules
        self.options = len(problem.load)
        self.step = [_common_divisor(problem.days[:, k]) for k in range(len(problem.capacity))]
        self.synergies = [rule for rule in self.rules if rule.kind == "synergy"]
        self.unit_costs, self.free_load = _unit_costs(problem)
        self.overrun = overrun
        self._lay_out()
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, setting in _SETTINGS.items():
            self.solver.setOptionValue(name, setting)
        self._pass_model()

    def _lay_out(self) -> None:
        """Where each kind of column and row begins."""
        pools = len(self.problem.capacity)
        self.first_unit = self.options
        self.first_synergy = self.first_unit + len(self.unit_costs)
        self.first_overrun = self.first_synergy + len(self.synergies)
        self.columns = self.first_overrun + (pools if self.overrun else 0)
        self.first_pool = self.problem.size
        self.load_row = self.first_pool + pools
        self.exact_load_row = self.load_row + 1

    def _rows(self) -> list[tuple[float, float, dict[int, float]]]:
        """Every row as (lower, upper, coefficients)."""
        problem = self.problem
        rows: list[tuple[float, float, dict[int, float]]] = [
            (1.0, 1.0, dict.fromkeys(problem.options_of(i), 1.0)) for i in range(problem.size)
        ]
        for k, step in enumerate(self.step):
            days = {j: float(problem.days[j, k] // step) for j in np.flatnonzero(problem.days[:, k]).tolist()}
            if self.overrun:
                days[self.first_overrun + k] = -1.0
            rows.append((-INFINITY, float(problem.capacity[k] // step), days))
        loads = {j: float(problem.load[j]) for j in np.flatnonzero(problem.load).tolist()}
        units = {self.first_unit + m: -1.0 for m in range(len(self.unit_costs))}
        rows.append((-INFINITY, float(self.free_load), {**loads, **units}))
        rows.append((-INFINITY, INFINITY, loads))
        for rule in self.rules:
            rows.extend(self._rule_rows(rule))
        return rows

    def _rule_rows(self, rule: Rule) -> list[tuple[float, float, dict[int, float]]]:
        problem = self.problem
        reached = [
            dict.fromkeys(list(problem.options_of(member.participation))[member.option :], 1.0)
            for member in rule.members
        ]
        if rule.kind == "synergy":
            column = self.first_synergy + self.synergies.index(rule)
            return [(0.0, INFINITY, {**options, column: -1.0}) for options in reached]
        total: dict[int, float] = {}
        signs = (-1.0, 1.0) if rule.kind == "if_then" else (1.0,) * len(reached)
        for sign, options in zip(signs, reached, strict=True):
            for option, one in options.items():
                total[option] = total.get(option, 0.0) + sign * one
        if rule.kind == "at_least":
            return [(rule.amount, INFINITY, total)]
        if rule.kind == "if_then":
            return [(0.0, INFINITY, total)]
        return [(-INFINITY, len(reached) - 1.0, total)]

    def _pass_model(self) -> None:
        rows = self._rows()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, len(rows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.zeros(self.columns)
        model.col_lower_ = np.zeros(self.columns)
        upper = np.ones(self.columns)
        upper[self.first_overrun :] = INFINITY
        model.col_upper_ = upper
        model.row_lower_ = np.array([lower for lower, _, _ in rows])
        model.row_upper_ = np.array([upper for _, upper, _ in rows])
        lengths = [len(coefficients) for _, _, coefficients in rows]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        model.a_matrix_.index_ = np.array([j for *_, row in rows for j in row], dtype=np.int32)
        model.a_matrix_.value_ = np.array([value for *_, row in rows for value in row.values()])
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if j < self.options else kinds.kContinuous for j in range(self.columns)]
        if self.solver.passModel(model) == highspy.HighsStatus.kError:
            raise SolverError("the solver refused the model")

    def solve(self, values: Floats, limits: Limits, start: Integers | None = None) -> Answer | None:
        """The best choice for option `values` (in value) within `limits`, or None where there is none."""
        costs = np.zeros(self.columns)
        costs[: self.options] = values - self.problem.change
        costs[self.first_unit : self.first_synergy] = -self.unit_costs
        costs[self.first_synergy : self.first_overrun] = [rule.amount for rule in self.synergies]
        scale = _scale(values)
        return self._run(costs * scale, scale, limits, start)

    def least_overrun(self, limits: Limits) -> Integers | None:
        """The choice with the least total days over the pools, or None where the rules contradict each
        other.
        """
        costs = np.zeros(self.columns)
        costs[self.first_overrun :] = [-float(step) for step in self.step]
        scale = _scale(costs)
        answer = self._run(costs * scale, scale, limits, None)
        return None if answer is None else answer.choice

    def _run(self, costs: Floats, scale: float, limits: Limits, start: Integers | None) -> Answer | None:
        solver = self.solver
        self._set_limits(limits)
        every = np.arange(self.columns, dtype=np.int32)
        solver.changeColsCost(self.columns, every, costs)
        solver.setOptionValue("mip_abs_gap", ABSOLUTE_GAP * scale)
        if start is not None:
            solver.setSolution(self._hint(start))
        solver.run()
        status = solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        stopped = status == highspy.HighsModelStatus.kSolutionLimit  # too many nodes
        found = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status != highspy.HighsModelStatus.kOptimal and not (stopped and found):
            raise SolverError(f"the solver stopped with {solver.modelStatusToString(status)}")
        picked = np.array(solver.getSolution().col_value)[: self.options]
        choice = np.array(
            [int(np.argmax(picked[low:high])) + low for low, high in _spans(self.problem)], dtype=np.int64
        )
        return Answer(choice, float(solver.getInfo().mip_dual_bound) / scale)

    def _hint(self, start: Integers) -> highspy.HighsSolution:
        """A known choice as a full solution, so that HiGHS need not search for the columns that follow from
        it.
        """
        columns = np.zeros(self.columns)
        columns[start] = 1.0
        over = max(0, total_load(self.problem, start) - self.free_load)
        columns[self.first_unit : self.first_unit + min(over, len(self.unit_costs))] = 1.0
        for s, rule in enumerate(self.synergies):
            columns[self.first_synergy + s] = met_members(self.problem, rule, start) == len(rule.members)
        hint = highspy.HighsSolution()
        hint.col_value = columns.tolist()
        return hint

    def _set_limits(self, limits: Limits) -> None:
        solver = self.solver
        solver.changeColsBounds(
            self.options,
            np.arange(self.options, dtype=np.int32),
            np.zeros(self.options),
            limits.allowed.astype(np.float64),
        )
        for k, step in enumerate(self.step):
            room = INFINITY
            if limits.capacity is not None:  # dividing and rounding down loses nothing where days are whole steps
                capacity = float(limits.capacity[k])
                room = capacity / step if self.overrun else capacity // step
            solver.changeRowBounds(self.first_pool + k, -INFINITY, room)
        exactly = (-INFINITY, INFINITY) if limits.load is None else (float(limits.load), float(limits.load))
        solver.changeRowBounds(self.exact_load_row, *exactly)


_SETTINGS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "log_to_console": False,
    "threads": 1,
    "random_seed": 1,
    "mip_rel_gap": 0.0,
    "mip_max_nodes": 10_000,  # half a minute or so; then the answer goes out with its gap
    "mip_feasibility_tolerance": TOLERANCE,
    "primal_feasibility_tolerance": TOLERANCE,
    "dual_feasibility_tolerance": TOLERANCE,
}


def _common_divisor(days: Integers) -> int:
    """The greatest common divisor of a pool's days; the capacity, divided and rounded down, loses nothing."""
    return math.gcd(*days.tolist()) or 1


def _unit_costs(problem: Problem) -> tuple[Floats, int]:
    """The penalty of each unit of load above the last free one, and how much load is free."""
    greatest = problem.greatest_load
    if problem.penalty.slope == 0:
        return np.zeros(0), greatest
    free = min(int(problem.penalty.knee), greatest)
    steps = [problem.penalty.penalty(load + 1) - problem.penalty.penalty(load) for load in range(free, greatest)]
    return np.array(steps), free


def _scale(costs: Floats) -> float:
    """A power of two (so that scaling is exact) that brings the largest option value near MIDDLING."""
    largest = float(np.max(np.abs(costs), initial=0.0))
    if largest == 0:
        return 1.0
    return 2.0 ** max(-40, min(40, round(math.log2(MIDDLING) - math.log2(largest))))


def _spans(problem: Problem) -> list[tuple[int, int]]:
    return [(int(low), int(high)) for low, high in zip(problem.start[:-1], problem.start[1:], strict=True)]
