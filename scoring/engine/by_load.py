"""The best choice at each exact total load, without day limits: dynamic programming over the groups."""

from __future__ import annotations

import numpy as np
from numba import njit

from scoring.engine.clusters import Groups
from scoring.engine.problem import Booleans, Floats, Integers

MOST_CELLS = 20_000_000  # groups × loads
NOWHERE = -1e300


@njit(cache=True)
def fill(
    start: Integers, value: Floats, load: Integers, allowed: Booleans, best: Floats, picked: Integers
) -> None:  # pragma: no cover - compiled
    """Fill `best` (groups + 1 × loads) with the best value of the first groups at each load, and `picked` (groups ×
    loads) with the option it takes, −1 where there is none."""
    for g in range(start.shape[0] - 1):
        for total in range(best.shape[1]):
            for j in range(start[g], start[g + 1]):
                rest = total - load[j]
                if allowed[j] and rest >= 0 and best[g, rest] > NOWHERE:
                    worth = best[g, rest] + value[j]
                    if worth > best[g + 1, total]:
                        best[g + 1, total] = worth
                        picked[g, total] = j


def best_by_load(groups: Groups, value: Floats, allowed: Booleans) -> dict[int, Integers] | None:
    """Joint options by total load, for every load that some choice has; None where the table would be too large."""
    count = len(groups.start) - 1
    most = int(np.maximum.reduceat(groups.load, groups.start[:-1]).sum())
    if count * (most + 1) > MOST_CELLS:
        return None
    best = np.full((count + 1, most + 1), NOWHERE)
    best[0, 0] = 0.0
    picked = np.full((count, most + 1), -1, dtype=np.int64)
    fill(groups.start, value, groups.load, allowed, best, picked)
    return {int(load): _trace(groups, picked, int(load)) for load in np.flatnonzero(best[count] > NOWHERE)}


def _trace(groups: Groups, picked: Integers, load: int) -> Integers:
    choice = np.zeros(len(picked), dtype=np.int64)
    for g in range(len(picked) - 1, -1, -1):
        choice[g] = picked[g, load]
        load -= int(groups.load[choice[g]])
    return choice
