"""The compiled inner loops of the engine. `scoring.engine.warm` compiles them ahead of time into numba's
cache.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from scoring.engine.problem import Floats, Integers


@njit(cache=True)
def values_over_draws(draws: Floats, choice: Integers) -> Floats:  # pragma: no cover - compiled
    """Σ value of one choice in every draw. `draws` is draws × options; Kahan's sum, so that nothing small is
    lost.
    """
    totals = np.zeros(draws.shape[0])
    for d in range(draws.shape[0]):
        total = 0.0
        lost = 0.0
        for option in choice:
            term = draws[d, option] - lost
            bigger = total + term
            lost = (bigger - total) - term
            total = bigger
        totals[d] = total
    return totals
