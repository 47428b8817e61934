"""For the organisation: in which pool to build capacity.

A pool is worth building where a further day adds at least half of what a day adds on average, and where several
partnerships whose recommendation is not sure stand lower only because of that pool: with a tenth more days in it they
would stand higher.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.advice import Advice
from scoring.engine.price_of_a_day import Price
from scoring.engine.reading import MILLIDAYS
from scoring.engine.study import Study

SEVERAL = 2
MORE = 0.1  # of the pool's days
HIGH = 0.5  # of what a day is worth on average: a further day always adds less than the average one
UNSURE = frozenset({"leaning", "open"})


@dataclass(frozen=True, slots=True)
class Blocked:
    """A pool by its place, and the participations that it holds down."""

    pool: int
    participations: tuple[int, ...]


def build_capacity(study: Study, advice: Advice, prices: list[Price]) -> list[Blocked]:
    """The pools worth building, the dearest day first."""
    capacity = study.problem.capacity
    more = np.tile(capacity, (len(capacity), 1))
    np.fill_diagonal(more, capacity + np.ceil(capacity * MORE).astype(np.int64))
    found = study.solver.solve_many(study.values.mean, capacity=more, on_step=study.progress.step)
    pools = []
    for pool, price in enumerate(prices):
        average = study.best.value / max(1, int(capacity[pool])) * MILLIDAYS
        blocked = tuple(
            i
            for i in range(study.problem.size)
            if advice.confidence[i] in UNSURE and found.choices[pool, i] > study.best.choice[i]
        )
        lowered = int(np.sum(found.choices[pool] < study.best.choice))  # who makes room is no gain
        if price.mean >= HIGH * average > 0 and len(blocked) - lowered >= SEVERAL:
            pools.append(Blocked(pool, blocked))
    return sorted(pools, key=lambda one: (-prices[one.pool].mean, one.pool))
