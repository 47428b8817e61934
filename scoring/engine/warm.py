"""Compiles the engine's inner loops into numba's cache: `python -m scoring.engine.warm`.

Run once when an image is built and once when a worker starts, so that no run waits for the compiler.
"""

from __future__ import annotations

import sys
from typing import Any

from scoring.engine.run import solve

# The smallest run that passes through every compiled function with the types the engine uses.
DOCUMENT: dict[str, Any] = {
    "format": "triage/1",
    "draws": 2,
    "pools": [{"id": "exec", "days": 5}],
    "partnerships": [
        {
            "id": name,
            "options": [
                {"level": "decline", "value": 0, "value_draws": [0, 0]},
                {"level": "sustain", "value": 2, "value_draws": [2, 1], "days": {"exec": 3}, "load": 1},
                {"level": "prioritise", "value": 3, "value_draws": [3, 4], "days": {"exec": 4}, "load": 2},
            ],
        }
        for name in ("a", "b", "c")
    ],
    "load": {"knee": 1, "slope": 0.1},
}


def warm() -> None:
    """Compile every inner loop, or load it where that was done before."""
    solve(DOCUMENT)


if __name__ == "__main__":
    warm()
    sys.stdout.write("The engine's inner loops are compiled.\n")
