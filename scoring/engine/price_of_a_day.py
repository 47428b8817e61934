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
from scoring.engine.solver import Solution
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
        five = _gain(study, pool, FEW_DAYS, study.values.mean, study.best) / FEW_DAYS
        if study.optima:
            gains = [
                _gain(study, pool, 1, values, optimum)
                for values, optimum in zip(study.values.draws, study.optima, strict=True)
            ]
        else:
            gains = [_gain(study, pool, 1, study.values.mean, study.best)]
        p10, p90 = np.percentile(gains, [10, 90])
        found.append(Price(float(np.mean(gains)), float(p10), float(p90), five))
    return found


def _gain(study: Study, pool: int, days: int, values: Floats, before: Solution) -> float:
    more: Integers = study.problem.capacity.copy()
    more[pool] += days * MILLIDAYS
    after = study.solver.solve(values, capacity=more)
    assert after is not None  # noqa: S101 - more days never make a feasible portfolio infeasible
    study.progress.step()
    return max(0.0, after.value - before.value)
