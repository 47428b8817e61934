"""Weights from a ranking alone: every set of weights that fits it is as plausible as any other.

The weights that fit "a before b before c" are the mixtures of (1, 0, 0), (1/2, 1/2, 0) and (1/3, 1/3, 1/3), and a
mixture drawn evenly is an even draw from all of them. Their mean is the rank-order centroid (Barron and Barrett 1996).
What is ranked equal weighs the same in every draw. Objectives and ways are drawn apart from each other: what somebody
said of the one says nothing of the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.engine.portfolio import DecisionMaker, Matrix
from scoring.engine.problem import Floats
from scoring.engine.streams import stream


def corners(tiers: Sequence[Sequence[int]], count: int) -> Matrix:
    """The extreme weights, one row for each tier: all weight spread evenly over the tiers down to that one. `tiers` has
    the places of what is ranked equal, the first the most important; `count` is how many are ranked.
    """
    rows, above = [], list[int]()
    for tier in tiers:
        above.extend(tier)
        rows.append(tuple(1 / len(above) if place in above else 0.0 for place in range(count)))
    return tuple(rows)


def mixtures(extreme: Floats, count: int, generator: np.random.Generator) -> Floats:
    """Even draws (count × columns) from all mixtures of the rows of `extreme`."""
    drawn: Floats = generator.dirichlet(np.ones(len(extreme)), size=count) @ extreme
    return drawn


def mean_weights(person: DecisionMaker) -> Floats:
    """w_o · w_(j given o), on average over all weights that fit what a person said (cells, summing to 1)."""
    mean: Floats = np.mean(person.objectives, axis=0)[:, None] * np.mean(person.ways, axis=0)
    return mean.ravel()


def drawn_weights(person: DecisionMaker, seed: int, count: int) -> Floats:
    """The same in each of so many draws (draws × cells); where a person gave points, the same in all of them."""
    objectives = _drawn(np.array(person.objectives), count, stream(seed, "ranking", person.who))
    ways = _drawn(np.array(person.ways), count, stream(seed, "ranking of ways", person.who))
    cells: Floats = objectives[:, :, None] * ways
    return cells.reshape(count, cells.shape[1] * cells.shape[2])


def _drawn(extreme: Floats, count: int, generator: np.random.Generator) -> Floats:
    """Draws between the corners (draws × the shape of a corner)."""
    if len(extreme) == 1:
        return np.repeat(extreme, count, axis=0)
    flat = extreme.reshape(len(extreme), -1)
    return mixtures(flat, count, generator).reshape(count, *extreme.shape[1:])
