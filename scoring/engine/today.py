"""Today: what the current levels promise, and what can be delivered of it.

Where a pool is asked for more days than it has, nobody knows who will go short. The assumption, which the
result states, is that everybody does, evenly: an option that uses pools asked for twice what they have
delivers half its value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import days_used, met_members, total_load
from scoring.engine.problem import Floats, Integers
from scoring.engine.study import Study


@dataclass(frozen=True, slots=True)
class Today:
    """`promised` and `deliverable` net value, `asked` thousandths of a day by pool, `load`, and who has no
    level.
    """

    choice: Integers
    promised: float
    deliverable: float
    asked: Integers
    load: int
    penalty: float
    assumed_lowest: tuple[int, ...]


def today(study: Study) -> Today | None:
    """Today's portfolio; a participation without a level counts at its lowest. None where none has one."""
    problem = study.problem
    positions = [participation.today for participation in study.portfolio.participations]
    if all(position is None for position in positions):
        return None
    choice = problem.start[:-1] + np.array([position or 0 for position in positions], dtype=np.int64)
    asked, load = days_used(problem, choice), total_load(problem, choice)
    parts = _delivered_share(problem.days[choice], asked, problem.capacity)
    values = study.values.mean[choice]
    promised, deliverable = float(values.sum()), float((values * parts).sum())
    for rule in problem.rules:
        if rule.kind == "synergy" and met_members(problem, rule, choice) == len(rule.members):
            promised += rule.amount
            deliverable += rule.amount * min(float(parts[member.participation]) for member in rule.members)
    penalty = problem.penalty.penalty(load)
    return Today(
        choice=choice,
        promised=promised - penalty,
        deliverable=deliverable - penalty,
        asked=asked,
        load=load,
        penalty=penalty,
        assumed_lowest=tuple(i for i, position in enumerate(positions) if position is None),
    )


def _delivered_share(days: Integers, asked: Integers, capacity: Integers) -> Floats:
    """For each row of days the least capacity/asked over the pools it uses, at most 1."""
    ratio = np.minimum(1.0, capacity / np.maximum(asked, 1))
    parts: Floats = np.where(days > 0, ratio, 1.0).min(axis=1, initial=1.0)
    return parts
