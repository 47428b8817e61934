"""How likely the recommended portfolio is to need more days than there are, pool by pool.

Days are drawn from their low–likely–high ranges; the choice is not made again in each draw, because people
live with one.
"""

from __future__ import annotations

import numpy as np

from scoring.engine.problem import Floats
from scoring.engine.streams import stream
from scoring.engine.study import Study

DRAWS = 1000


def overload(study: Study) -> Floats:
    """The share of draws in which each pool is over its days."""
    problem, participations = study.problem, study.portfolio.participations
    used = np.zeros((DRAWS, len(problem.capacity)))
    for i, participation in enumerate(participations):
        option = participation.options[problem.position(i, int(study.best.choice[i]))]
        for k, (low, likely, high) in enumerate(option.day_ranges):
            if low == high:
                used[:, k] += likely
                continue
            name = ("days", participation.id, option.level, study.portfolio.pools[k].id)
            used[:, k] += stream(study.portfolio.seed, *name).triangular(low, likely, high, size=DRAWS)
    shares: Floats = (used > problem.capacity).mean(axis=0)
    return shares
