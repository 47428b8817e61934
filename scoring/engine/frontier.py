"""The frontier: the best value against the capacity of one pool, the others as they are."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.engine.problem import Integers
from scoring.engine.study import Study

SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)  # of today's capacity


@dataclass(frozen=True, slots=True)
class Point:
    """Capacity in thousandths of a day, and the best value there (None where nothing fits)."""

    capacity: int
    value: float | None


def frontier(study: Study) -> list[list[Point]]:
    """For each pool, in their order, the points of its curve."""
    return [[_point(study, pool, share) for share in SHARES] for pool in range(len(study.problem.capacity))]


def _point(study: Study, pool: int, share: float) -> Point:
    capacity: Integers = study.problem.capacity.copy()
    capacity[pool] = round(int(capacity[pool]) * share)
    study.progress.step()
    if share == 1.0:
        return Point(int(capacity[pool]), study.best.value)
    solution = study.solver.solve(study.values.mean, capacity=capacity)
    return Point(int(capacity[pool]), None if solution is None else solution.value)
