"""Plain arithmetic: the second opinion on every answer.

Whatever a solver says is added up again here before it is believed. Days and loads are whole numbers, so
"fits" is exact; values are summed with `math.fsum`, so a value does not depend on the order of the sum.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from scoring.engine.portfolio import Rule
from scoring.engine.problem import Floats, Integers, Problem


def days_used(problem: Problem, choice: Integers) -> Integers:
    """Thousandths of a day by pool, of one choice or of many (… × participations)."""
    used: Integers = problem.days[choice].sum(axis=-2)
    return used


def total_load(problem: Problem, choice: Integers) -> int:
    """The coordination load of a choice."""
    return int(problem.load[choice].sum())


def met_members(problem: Problem, rule: Rule, choice: Integers) -> Integers:
    """How many members of a rule stand at their level or above, in one choice or in each of many."""
    places = [member.participation for member in rule.members]
    levels = problem.start[places] + np.array([member.option for member in rule.members])
    met: Integers = (choice[..., places] >= levels).sum(axis=-1)
    return met


def keeps_rule(problem: Problem, rule: Rule, choice: Integers) -> NDArray[np.bool_]:
    """Whether a choice, or each of many, keeps a rule; a synergy binds nobody."""
    met = met_members(problem, rule, choice)
    if rule.kind == "at_least":
        return np.asarray(met >= rule.amount)
    if rule.kind == "not_both":
        return np.asarray(met < len(rule.members))
    if rule.kind == "if_then":
        condition, consequence = rule.members
        first = choice[..., condition.participation] >= problem.start[condition.participation] + condition.option
        second = choice[..., consequence.participation] >= problem.start[consequence.participation] + consequence.option
        return np.asarray(second | ~first)
    return np.ones_like(met, dtype=np.bool_)


def keeps_rules(problem: Problem, choice: Integers) -> bool:
    """Whether a choice (all of many) has one level for each participation and keeps every rule."""
    in_range = bool(np.all(choice >= problem.start[:-1]) and np.all(choice < problem.start[1:]))
    return in_range and all(bool(np.all(keeps_rule(problem, rule, choice))) for rule in problem.rules)


def fits(problem: Problem, choice: Integers, capacity: Integers | None = None) -> bool:
    """Whether the days of a choice (of all of many) fit every pool (one row for all, or one each), exactly."""
    limit = problem.capacity if capacity is None else capacity
    return bool(np.all(days_used(problem, choice) <= limit))


def net_values(problem: Problem, values: Floats, choices: Integers) -> list[float]:
    """Σ value + synergies − penalty − cost of change of each of many choices (cases × participations), with the values
    of each case (cases × options, or one row for all)."""
    synergies = [
        np.where(met_members(problem, rule, choices) == len(rule.members), rule.amount, 0.0)
        for rule in problem.rules
        if rule.kind == "synergy"
    ]
    loads, which = np.unique(problem.load[choices].sum(axis=-1), return_inverse=True)
    penalties = np.array([problem.penalty.penalty(int(load)) for load in loads])[which]
    of_each = np.broadcast_to(values, (len(choices), values.shape[-1]))
    changes = -problem.change[choices]
    parts = np.column_stack([np.take_along_axis(of_each, choices, axis=-1), changes, *synergies, -penalties])
    return [math.fsum(row) for row in parts.tolist()]


def net_value(problem: Problem, values: Floats, choice: Integers) -> float:
    """Σ value + synergies − penalty − cost of change of a choice."""
    return net_values(problem, values[None], choice[None])[0]


def synergy_and_penalty(problem: Problem, choice: Integers) -> float:
    """The part of a choice's net value that is the same in every draw."""
    return net_value(problem, np.zeros(len(problem.load)), choice)
