"""Weights from a ranking alone: every set of weights that fits it is as plausible as any other.

The weights that fit "a before b before c" are the mixtures of (1, 0, 0), (1/2, 1/2, 0) and (1/3, 1/3, 1/3), and a
mixture drawn evenly is an even draw from all of them. Their mean is the rank-order centroid (Barron and Barrett 1996).
Objectives ranked equal weigh the same in every draw.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.engine.problem import Floats


def corners(tiers: Sequence[Sequence[int]], count: int) -> tuple[tuple[float, ...], ...]:
    """The extreme weights, one row for each tier: all weight spread evenly over the tiers down to that one. `tiers` has
    the places of the objectives ranked equal, the first the most important; `count` is how many objectives there are.
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
