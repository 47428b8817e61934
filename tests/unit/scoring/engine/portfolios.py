"""Random portfolios as documents, for tests: with every kind of rule, mandates, load and several pools."""

from __future__ import annotations

from typing import Any

import numpy as np

LEVELS = ("decline", "touch", "sustain", "prioritise")
Document = dict[str, Any]


def random_portfolio(
    seed: int, size: int, *, draws: int = 0, rules: int | None = None, most_pools: int = 3
) -> Document:
    """A portfolio of `size` partnerships whose values go with their days, so that the choice is a hard one."""
    random = np.random.default_rng(seed)
    pools = [f"pool{k}" for k in range(int(random.integers(1, most_pools + 1)))]
    partnerships = [_partnership(random, f"p{n:02d}", pools, draws) for n in range(size)]
    document: Document = {
        "format": "triage/1",
        "seed": seed,
        "draws": draws,
        "pools": [_pool(random, pool, partnerships) for pool in pools],
        "partnerships": partnerships,
        "rules": [rule for _ in range(size // 4 if rules is None else rules) for rule in _rule(random, partnerships)],
    }
    if random.random() < 0.6:
        document["load"] = {
            "knee": float(random.integers(0, 2 * size)) + float(random.choice([0, 0.5])),
            "slope": round(float(random.uniform(0, 2)), 3),
        }
    return document


def _partnership(random: np.random.Generator, name: str, pools: list[str], draws: int) -> Document:
    count = int(random.integers(2, 5))
    levels = [LEVELS[0], *LEVELS[4 - (count - 1) :]]
    scale = float(random.gamma(2, 10))
    top = {pool: float(random.integers(0, 40000)) / 1000 for pool in pools}
    options = []
    for place, level in enumerate(levels):
        share = place / (count - 1)
        value = scale * share ** float(random.uniform(0.4, 1)) if place else -float(random.integers(0, 3))
        days = {pool: round(top[pool] * share * float(random.uniform(0.6, 1)), 3) for pool in pools}
        option: Document = {"level": level, "value": round(value, 4), "days": days}
        option["load"] = int(random.integers(0, 2)) + place
        if draws:
            option["value_draws"] = [round(value + float(random.normal(0, 3)), 4) for _ in range(draws)]
        options.append(option)
    partnership: Document = {"id": name, "options": options, "today": str(random.choice(levels))}
    if random.random() < 0.15:
        partnership["at_least"] = str(random.choice(levels))
    return partnership


def _pool(random: np.random.Generator, pool: str, partnerships: list[Document]) -> Document:
    asked = sum(partnership["options"][-1]["days"][pool] for partnership in partnerships)
    days = round(asked * float(random.uniform(0.3, 0.7)), 3)
    return {"id": pool, "days": days, "reserve": float(random.choice([0, 0.1, 0.15]))}


def _rule(random: np.random.Generator, partnerships: list[Document]) -> list[Document]:
    """One rule over partnerships chosen at random, or none where there are too few."""
    if len(partnerships) < 3:
        return []
    chosen = [partnerships[n] for n in random.choice(len(partnerships), size=3, replace=False)]
    pairs = [[one["id"], _level(random, one)] for one in chosen]
    kind = int(random.integers(4))
    if kind == 0:
        return [{"at_least": int(random.integers(1, 3)), "of": [one["id"] for one in chosen], "level": "prioritise"}]
    if kind == 1:
        return [{"if": pairs[0], "then": pairs[1]}]
    if kind == 2:
        return [{"not_both": pairs[:2]}]
    return [{"synergy": round(float(random.uniform(0, 12)), 3), "of": pairs[: int(random.integers(2, 4))]}]


def _level(random: np.random.Generator, partnership: Document) -> str:
    return str(random.choice([option["level"] for option in partnership["options"][1:]]))
