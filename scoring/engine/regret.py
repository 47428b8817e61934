"""Regret: what the recommended portfolio gives up, in each draw, against the best one for that draw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring.engine.study import Study

TAIL = 0.05  # CVaR95 is the mean of the worst twentieth of the draws


@dataclass(frozen=True, slots=True)
class Regret:
    """In value: on average, and on average over the worst twentieth of the draws."""

    mean: float
    cvar95: float


def regret(study: Study) -> Regret:
    """The regret of the best choice; nothing is regretted without draws."""
    if study.optima is None:
        return Regret(0.0, 0.0)
    given_up = np.sort(np.maximum(0.0, study.optima.values - study.values_of(study.best.choice)))
    worst = given_up[-math.ceil(TAIL * len(given_up)) :]
    return Regret(float(given_up.mean()), float(worst.mean()))
