"""When nothing fits: the fewest days that are missing, or the rules that contradict each other.

Rules and mandates are tried first without any day limit. If they contradict each other, one after another is
left out for good as long as the rest still contradict; what remains is a smallest set in which each is needed
for the contradiction. Otherwise the answer is the choice that goes over the pools by the fewest days in
total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import days_used
from scoring.engine.highs import HighsModel, Limits
from scoring.engine.portfolio import Rule
from scoring.engine.problem import Integers, Problem


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Either `used` (thousandths of a day by pool of the least choice over the limits), or the contradicting
    `rules` and `mandates` (participations by place).
    """

    used: Integers | None
    rules: tuple[Rule, ...] = ()
    mandates: tuple[int, ...] = ()


def diagnose(problem: Problem) -> Infeasible:
    """Why no choice is feasible; call only where none is."""
    limits = Limits(capacity=problem.capacity, allowed=problem.allowed)
    choice = HighsModel(problem, overrun=True).least_overrun(limits)
    if choice is not None:
        return Infeasible(used=days_used(problem, choice))
    binding = [rule for rule in problem.rules if rule.kind != "synergy"]
    mandates = [i for i in range(problem.size) if problem.floor[i] > problem.start[i]]
    for mandate in list(mandates):
        rest = [i for i in mandates if i != mandate]
        if not _agree(problem, binding, rest):
            mandates = rest
    for rule in list(binding):
        others = [other for other in binding if other is not rule]
        if not _agree(problem, others, mandates):
            binding = others
    return Infeasible(used=None, rules=tuple(binding), mandates=tuple(mandates))


def _agree(problem: Problem, rules: list[Rule], mandates: list[int]) -> bool:
    """Whether some choice keeps these rules and mandates, days apart."""
    floor = problem.start[:-1].copy()
    floor[mandates] = problem.floor[mandates]
    limits = Limits(capacity=None, allowed=problem.allowed_from(floor))
    model = HighsModel(problem, tuple(rules))
    return model.solve(np.zeros(len(problem.load)), limits) is not None
