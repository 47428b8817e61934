"""Plain arithmetic: the second opinion on every answer.

Whatever a solver says is added up again here before it is believed. Days and loads are whole numbers, so
"fits" is exact; values are summed with `math.fsum`, so a value does not depend on the order of the sum.
"""

from __future__ import annotations

import math

import numpy as np

from scoring.engine.portfolio import Rule
from scoring.engine.problem import Floats, Integers, Problem


def days_used(problem: Problem, choice: Integers) -> Integers:
    """Thousandths of a day by pool."""
    used: Integers = problem.days[choice].sum(axis=0)
    return used


def total_load(problem: Problem, choice: Integers) -> int:
    """The coordination load of a choice."""
    return int(problem.load[choice].sum())


def met_members(problem: Problem, rule: Rule, choice: Integers) -> int:
    """How many members of a rule stand at their level or above."""
    return sum(
        int(choice[member.participation]) >= int(problem.start[member.participation]) + member.option
        for member in rule.members
    )


def keeps_rule(problem: Problem, rule: Rule, choice: Integers) -> bool:
    """Whether a choice keeps a rule; a synergy binds nobody."""
    if rule.kind == "at_least":
        return met_members(problem, rule, choice) >= rule.amount
    if rule.kind == "not_both":
        return met_members(problem, rule, choice) < len(rule.members)
    if rule.kind == "if_then":
        first, second = (
            int(choice[member.participation]) >= int(problem.start[member.participation]) + member.option
            for member in rule.members
        )
        return second or not first
    return True


def keeps_rules(problem: Problem, choice: Integers, floor: Integers | None = None) -> bool:
    """Whether a choice has one level for each participation, keeps the mandates and keeps every rule."""
    least = problem.floor if floor is None else floor
    in_range = bool(np.all(choice >= least) and np.all(choice < problem.start[1:]))
    return in_range and all(keeps_rule(problem, rule, choice) for rule in problem.rules)


def fits(problem: Problem, choice: Integers, capacity: Integers | None = None) -> bool:
    """Whether the days of a choice fit every pool, exactly."""
    limit = problem.capacity if capacity is None else capacity
    return bool(np.all(days_used(problem, choice) <= limit))


def net_value(problem: Problem, values: Floats, choice: Integers) -> float:
    """Σ value + synergies − penalty of a choice."""
    synergies = [
        rule.amount
        for rule in problem.rules
        if rule.kind == "synergy" and met_members(problem, rule, choice) == len(rule.members)
    ]
    penalty = problem.penalty.penalty(total_load(problem, choice))
    return math.fsum([*values[choice].tolist(), *synergies, -penalty])


def synergy_and_penalty(problem: Problem, choice: Integers) -> float:
    """The part of a choice's net value that is the same in every draw."""
    return net_value(problem, np.zeros(len(problem.load)), choice)
