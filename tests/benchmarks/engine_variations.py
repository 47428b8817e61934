"""How fast the engine is away from the usual portfolio: other tightness, more pools, load, no rules, and the bad cases.

As `engine_draws`, at 60 partnerships. In the bad cases many portfolios are worth nearly the same, so that a search has
little to cut by: values tied to days, and coarse ratings with ties.
"""

from __future__ import annotations

from scoring.engine.warm import warm
from tests.benchmarks._engine_family import Variation
from tests.benchmarks.engine_draws import draws_against_highs

QUICK = False
VARIATIONS = {
    **{f"tightness-{tightness}": Variation(tightness=tightness) for tightness in (0.2, 0.3, 0.6, 0.7)},
    **{f"pools-{pools}": Variation(pools=pools) for pools in (1, 2, 4, 5, 6)},
    "load": Variation(load=True),
    "no-rules": Variation(rules=False),
    "load-no-rules": Variation(load=True, rules=False),
    "tied": Variation(tied=True),
    "coarse": Variation(coarse=True),
}


def main() -> None:
    """Print one line a figure."""
    warm()
    for name, variation in VARIATIONS.items():
        draws_against_highs(f"engine-draws-60-{name}", 60, sample=3, required=1000, variation=variation)


if __name__ == "__main__":
    main()
