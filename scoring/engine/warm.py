"""Compiles the engine's inner loops into numba's cache: `python -m scoring.engine.warm`.

Run once when an image is built and once when a worker starts, so that no run waits for the compiler.
"""

from __future__ import annotations

import sys

import numpy as np

from scoring.engine.compiled import values_over_draws


def warm() -> None:
    """Call every compiled function once with the types the engine uses."""
    values_over_draws(np.zeros((1, 2)), np.zeros(1, dtype=np.int64))


if __name__ == "__main__":
    warm()
    sys.stdout.write("The engine's inner loops are compiled.\n")
