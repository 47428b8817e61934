"""The frontier: the best value against the capacity of one pool, the others as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import days_used
from scoring.engine.study import Study

SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)  # of today's capacity


@dataclass(frozen=True, slots=True)
class Point:
    """Capacity in thousandths of a day, and the best value there (None where nothing fits)."""

    capacity: int
    value: float | None


def frontier(study: Study) -> list[list[Point]]:
    """For each pool, in their order, the points of its curve."""
    capacity = study.problem.capacity
    tried = np.tile(capacity, (len(capacity) * len(SHARES), 1))
    for pool in range(len(capacity)):
        own = slice(pool * len(SHARES), (pool + 1) * len(SHARES))
        tried[own, pool] = [round(int(capacity[pool]) * share) for share in SHARES]
    found = study.solver.solve_many(study.values.mean, capacity=tried, on_step=study.progress.step)
    # What fits fits with more days too, and so does the best: a point is worth at least as much as those before it.
    fits = np.all(days_used(study.problem, study.best.choice) <= tried, axis=1)
    values = np.fmax(found.values, np.where(fits, study.best.value, np.nan)).reshape(len(capacity), -1)
    values = np.fmax.accumulate(values, axis=1)
    return [
        [
            Point(int(days), None if np.isnan(value) else float(value))
            for days, value in zip(tried[pool * len(SHARES) :, pool], values[pool], strict=False)
        ]
        for pool in range(len(capacity))
    ]
