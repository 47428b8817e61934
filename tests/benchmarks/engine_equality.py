"""`engine-equality`: on how many random portfolios (every kind of rule, load, 1 to 6 pools, 1 to 60 partnerships) the
engine and an integer programme that shares no code with it agree to a gap of 0.
"""

from __future__ import annotations

from scoring.engine import solve
from tests.benchmarks import report
from tests.unit.scoring.engine.portfolios import random_portfolio
from tests.unit.scoring.engine.referee import programmed

QUICK = False
PORTFOLIOS = 1000
EXACTLY = 1e-6


def main() -> None:
    """Print one line."""
    equal = sum(agrees(seed) for seed in range(10_000, 10_000 + PORTFOLIOS))
    report("engine-equality", measured=equal, reference=PORTFOLIOS, at_least=1)


def agrees(seed: int) -> bool:
    """Whether both find the same value, or both find that nothing fits."""
    document = random_portfolio(seed, 1 + seed % 60, most_pools=6)
    result, best = solve({**document, "outputs": ["choice"]}), programmed(document)
    if best is None:
        return bool(result["status"] == "infeasible")
    close = result["status"] == "optimal" and abs(result["total_value"] - best) <= EXACTLY * max(1.0, abs(best))
    return bool(close and result["gap"] <= EXACTLY)


if __name__ == "__main__":
    main()
