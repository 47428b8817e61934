"""The price of a day: what one more day in a pool would add, by solving again with that day.

Multipliers mislead in weakly bound pools, so none is used. Beside one day stands the gain of five days
divided by five: a pool where one day adds nothing and five days add a lot is short of a whole partnership,
not of a day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.problem import Floats, Integers
from scoring.engine.reading import MILLIDAYS
from scoring.engine.study import Study

FEW_DAYS = 5


@dataclass(frozen=True, slots=True)
class Price:
    """Value a day: over the draws for one day, and at the mean values for one of five days."""

    mean: float
    p10: float
    p90: float
    five_days: float


def prices(study: Study) -> list[Price]:
    """A price for each pool, in their order."""
    found = []
    for pool in range(len(study.problem.capacity)):
        five = _gain_at_the_mean(study, pool, FEW_DAYS) / FEW_DAYS
        gains = _gains(study, pool)
        p10, p90 = np.percentile(gains, [10, 90])
        found.append(Price(float(np.mean(gains)), float(p10), float(p90), five))
    return found


def _gains(study: Study, pool: int) -> Floats:
    """What one more day adds in each draw; without draws, at the mean values."""
    if study.optima is None:
        return np.array([_gain_at_the_mean(study, pool, 1)])
    after = study.solver.solve_many(
        study.values.draws,
        capacity=_capacity_with(study, pool, 1),
        start=study.optima,
        on_step=study.progress.step,
    )
    gains: Floats = np.maximum(0.0, after.values - study.optima.values)
    return gains


def _gain_at_the_mean(study: Study, pool: int, days: int) -> float:
    after = study.solver.solve(study.values.mean, capacity=_capacity_with(study, pool, days))
    assert after is not None  # noqa: S101 - more days never make a feasible portfolio infeasible
    study.progress.step()
    return max(0.0, after.value - study.best.value)


def _capacity_with(study: Study, pool: int, days: int) -> Integers:
    more: Integers = study.problem.capacity.copy()
    more[pool] += days * MILLIDAYS
    return more
