"""The family of portfolios that the engine's speed is measured on, so that ratios can be compared.

Values go with ratings, weights and readiness, and days are whole halves: random portfolios with unrelated values are
far easier for a general solver and prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

OBJECTIVES, WAYS = 5, 4
POOLS = ("executive", "clinical", "programme", "finance", "digital", "estates")
HALF_DAYS = ((2, 25), (0, 41), (8, 81), (0, 21), (0, 41), (0, 61))  # at prioritise, from and below
LEVELS = ("decline", "sustain", "prioritise")
LOADS = (0, 1, 3)


@dataclass(frozen=True)
class Variation:
    """How a portfolio departs from the usual one of the family. `tied`: an option is worth what its days are; `coarse`:
    ratings are whole tens, the same weight for all, so that many options are worth the same."""

    tightness: float = 0.45
    pools: int = 3
    load: bool = False
    rules: bool = True
    tied: bool = False
    coarse: bool = False


USUAL = Variation()


def family(size: int, draws: int, seed: int = 1, variation: Variation = USUAL) -> dict[str, Any]:
    """A `triage/1` document in the form whose options carry values and draws."""
    random = np.random.default_rng(seed)
    by_objective = random.dirichlet(np.ones(OBJECTIVES))
    by_way = random.dirichlet(np.ones(WAYS), size=OBJECTIVES)
    weights = (by_objective[:, None] * by_way).ravel()
    if variation.coarse:
        weights = np.full(weights.shape, 1 / len(weights))
    drawn_weights = random.dirichlet(60 * weights, size=draws)
    partnerships = [_partnership(random, n, weights, drawn_weights, variation) for n in range(size)]
    pairs = [random.choice(size, 2, replace=False) for _ in range(size // 20)]
    pools = POOLS[: variation.pools]
    asked = {pool: sum(one["options"][-1]["days"][pool] for one in partnerships) for pool in pools}
    document: dict[str, Any] = {
        "format": "triage/1",
        "draws": draws,
        "pools": [{"id": pool, "days": variation.tightness * asked[pool] // 0.5 / 2} for pool in pools],
        "partnerships": partnerships,
    }
    if variation.rules:
        document["rules"] = [{"if": [f"p{a:03d}", "prioritise"], "then": [f"p{b:03d}", "sustain"]} for a, b in pairs]
    if variation.load:
        document["load"] = {"knee": size, "slope": 0.2}
    return document


def _partnership(
    random: np.random.Generator, n: int, weights: np.ndarray, drawn_weights: np.ndarray, variation: Variation
) -> dict[str, Any]:
    draws, cells = drawn_weights.shape
    claimed = random.random(cells) < 0.35
    quality = 0.4 + 0.6 * random.beta(4, 2)  # skewed high
    ratings = np.where(claimed, random.uniform(0, 100, cells) * quality, 0)
    readiness, keeps = random.beta(5, 3), random.uniform(0.35, 0.60)
    harm = random.uniform(0, 4) if random.random() < 0.3 else 0.0
    noise = np.where(claimed, 8 * random.standard_normal((draws, cells)), 0)
    if variation.coarse:
        ratings, noise = np.round(ratings, -1), np.round(noise, -1)
        readiness, keeps, harm = 0.5, 0.5, 0.0
    drawn_readiness = np.clip(readiness + 0.06 * random.standard_normal(draws), 0, 1)
    value = readiness * (weights @ ratings)
    drawn = drawn_readiness * (drawn_weights * (ratings + noise)).sum(axis=1)
    top = np.array([random.integers(*half_days) for half_days in HALF_DAYS[: variation.pools]]) / 2
    some = np.round(top * random.uniform(0.2, 0.45) * 2) / 2
    if variation.tied:
        drawn, value, keeps, harm = (
            top.sum() * drawn / max(value, 1e-9),
            top.sum(),
            some.sum() / max(top.sum(), 0.5),
            0.0,
        )
    options = [
        {
            "level": level,
            "value": float(share * value - loss),
            "value_draws": (share * drawn - loss).tolist(),
            "days": dict(zip(POOLS, days.tolist(), strict=False)),
            "load": load,
        }
        for level, share, loss, days, load in zip(
            LEVELS, (0, keeps, 1), (harm, 0, 0), (0 * top, some, top), LOADS, strict=True
        )
    ]
    partnership = {"id": f"p{n:03d}", "today": LEVELS[int(random.integers(3))], "options": options}
    return partnership | ({"at_least": "sustain"} if random.random() < 0.15 else {})
