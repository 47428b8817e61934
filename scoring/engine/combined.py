"""Levels that people chose, together: what they ask of every pool, and which rules they break.

No choice is made here. It is the arithmetic behind a warning, at once and by pool, where decisions that each looked
possible do not fit beside each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.engine.arithmetic import days_used, keeps_rule, synergy_and_penalty
from scoring.engine.document import read_document
from scoring.engine.plain import days_by_pool
from scoring.engine.problem import problem_of

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Combined:
    """``asked`` and ``available`` are days a quarter by the id of their pool, after the reserve; ``broken`` are the
    places of rules in the document; ``value`` is net of load, in points.
    """

    asked: Mapping[str, float]
    available: Mapping[str, float]
    broken: tuple[int, ...]
    value: float

    @property
    def over(self) -> dict[str, float]:
        """Days asked for beyond those there are, by pool, without pools that have enough."""
        over = {pool: asked - self.available[pool] for pool, asked in self.asked.items()}
        return {pool: days for pool, days in over.items() if days > 0}


def combined(document: Json, result: Json, levels: Mapping[str, str]) -> Combined:
    """What ``levels`` (by the id of a partnership) ask for together; a partnership that is not named stands where the
    result advises it.

    ``result`` is the optimal one of ``document``. Raises KeyError for a partnership or level that neither knows, and
    DocumentError for a document that is wrong.
    """
    portfolio = read_document(document)
    problem = problem_of(portfolio)
    rows = {one["id"]: one for one in result["partnerships"]}
    unknown = set(levels) - set(rows)
    if unknown:
        raise KeyError(sorted(unknown)[0])
    chosen = {identifier: levels.get(identifier, one["advised_level"]) for identifier, one in rows.items()}
    places = [_place(participation, chosen[participation.id]) for participation in portfolio.participations]
    choice = problem.start[:-1] + np.array(places, dtype=np.int64)
    values = sum(rows[identifier]["values"][level] for identifier, level in chosen.items())
    return Combined(
        asked=days_by_pool(portfolio, days_used(problem, choice)),
        available=days_by_pool(portfolio, problem.capacity),
        broken=tuple(sorted(rule.index for rule in problem.rules if not bool(keeps_rule(problem, rule, choice)))),
        value=float(values + synergy_and_penalty(problem, choice)),
    )


def _place(participation: Any, level: str) -> int:
    try:
        return int(participation.position_of(level))
    except ValueError as problem:
        raise KeyError(level) from problem
