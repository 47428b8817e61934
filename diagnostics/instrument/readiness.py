"""Readiness: the share of a partnership's potential that its health lets it realise (section 1 of the decision model).

p = p_min + (1 − p_min)·Σ_c q_c·(θ_c − 1)/4 over the characteristics c, θ_c their means on 1 to 5. What we do not know
of it is drawn, not assumed:

* over respondents by the Bayesian bootstrap (Rubin 1981): each draw weighs the people anew, Dirichlet(1, …, 1); where
  each organisation counts once, those of each among themselves, and the organisations the same in every draw;
* no draw is narrower than people's ticks allow: the spread has a floor, so that three who agree are not certainty;
* each partnership is pooled part of the way towards the portfolio's mean, the more so the less its own answers say:
  normal–normal empirical Bayes with the between-variance by moments (DerSimonian and Laird 1986), which has a floor
  too, since published surveys of many partnerships find that they do differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diagnostics.instrument.definition import LEAST, MOST, Instrument
from diagnostics.instrument.readiness_rule import ReadinessRule, readiness_rule
from diagnostics.instrument.scoring import PersonScores

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RoundScores:
    """One partnership's round, under a number that stays its own and secret: its draws depend on that and the seed.

    ``groups`` are those of the people, where each group counts once.
    """

    number: int
    instrument: Instrument
    people: Sequence[PersonScores]
    groups: Sequence[str] | None = None


@dataclass(frozen=True)
class Readiness:
    """Shares of the potential, 0 to 1: before pooling, after it, the draws of what it may be, and what it would be if
    all characteristics were as weak as the weakest that has a weight (a sensitivity: a chain is as strong as that
    link)."""

    own: float
    mean: float
    draws: list[float]
    weakest: float


def realised(points: Array) -> Array:
    """g(θ): a mean on 1 to 5 as a share of the scale."""
    return (points - LEAST) / (MOST - LEAST)


def assess(
    rounds: Mapping[int, RoundScores], *, draws: int, seed: int, rule: ReadinessRule | None = None
) -> dict[int, Readiness]:
    """Readiness by the keys of ``rounds``, by the current rule where none is given; a round in which nobody scored any
    characteristic that has a weight is left out.

    The same seed gives the same draws, whatever the order of rounds or of the people in them.
    """
    rule = rule or readiness_rule()
    boots = {key: boot for key in sorted(rounds) if (boot := _bootstrap(rounds[key], draws, seed, rule)) is not None}
    if not boots:
        return {}
    own = np.array([boot.own for boot in boots.values()])
    variance = np.array([boot.variance for boot in boots.values()])
    centre, between = _between(own, variance, rule.between_floor**2)
    keep = between / (between + variance)
    assessed = {}
    for place, (key, boot) in enumerate(boots.items()):
        pooled = centre + keep[place] * (boot.own - centre)
        # Shrinking by the share kept, and the spread by its root, is the posterior of the normal–normal model.
        drawn = pooled + np.sqrt(keep[place]) * boot.deviations
        assessed[key] = Readiness(
            own=float(_potential(np.array(boot.own), rule)),
            mean=float(_potential(pooled, rule)),
            draws=_potential(drawn, rule).tolist(),
            weakest=float(_potential(np.array(boot.weakest), rule)),
        )
    return assessed


@dataclass(frozen=True)
class _Bootstrap:
    own: float
    variance: float
    deviations: Array
    weakest: float


def _potential(share: Array, rule: ReadinessRule) -> Array:
    return rule.least + (1 - rule.least) * np.clip(share, 0.0, 1.0)


def _bootstrap(asked: RoundScores, draws: int, seed: int, rule: ReadinessRule) -> _Bootstrap | None:
    """The share realised as the answers have it, its variance, and ``draws`` deviations from it."""
    codes = [one.code for one in asked.instrument.characteristics if rule.weights[one.code] > 0]
    grouped = asked.groups if asked.groups is not None else [""] * len(asked.people)
    pairs = zip(grouped, (one.characteristics for one in asked.people), strict=True)
    rows = sorted(
        (group, tuple(one.get(code, np.nan) for code in codes)) for group, one in pairs if one.keys() & set(codes)
    )
    scores = np.array([row for _, row in rows], dtype=float).reshape(len(rows), len(codes))
    seen = ~np.isnan(scores)
    scored = seen.any(axis=0)
    if not scored.any():
        return None
    scores, seen = np.where(seen, scores, 0.0)[:, scored], seen[:, scored]
    parts = np.array([rule.weights[code] for code in codes])[scored]
    parts = parts / parts.sum()
    sizes = list(Counter(group for group, _ in rows).values())
    ends = np.cumsum(sizes)[:-1]
    groups = list(zip(np.split(scores, ends), np.split(seen, ends), strict=True))
    even = [_group_means(np.ones((1, size)), *one) for size, one in zip(sizes, groups, strict=True)]
    means = _over_groups(even)[0]
    own = float(realised(means) @ parts)
    generator = np.random.default_rng([seed, asked.number])
    weights = [generator.dirichlet(np.ones(size), size=draws) for size in sizes]
    noise = generator.standard_normal(draws)
    drawn = [
        np.where(np.isnan(made), plain, made)
        for plain, made in zip(
            even, (_group_means(some, *one) for some, one in zip(weights, groups, strict=True)), strict=True
        )
    ]
    deviations = realised(_over_groups(drawn)) @ parts - own
    # The variance of the weighted mean in closed form, so that it does not hang on the number of draws.
    views = (np.where(seen, realised(scores), 0.0) @ parts) / np.maximum(seen @ parts, 1e-12)
    within = np.split(views, ends)
    spread = float(sum(some.var() / (some.size + 1) for some in within)) / len(sizes) ** 2
    floor = rule.within_floor**2 * sum(1 / size for size in sizes) / len(sizes) ** 2
    missing = max(0.0, floor - spread)
    weakest = float(realised(means).min())
    return _Bootstrap(own, spread + missing, deviations + noise * np.sqrt(missing), weakest)


def _group_means(weights: Array, scores: Array, seen: NDArray[np.bool_]) -> Array:
    """One group's mean of each characteristic under each row of its people's weights, over those who have a view on it;
    NaN where no weight is on any of them, as a draw may have it.
    """
    heard = weights @ seen
    means: Array = np.where(heard > 1e-9, (weights @ scores) / np.maximum(heard, 1e-9), np.nan)
    return means


def _over_groups(means: Sequence[Array]) -> Array:
    """Each group once, however many people it has; one in which nobody has a view on a characteristic counts not."""
    over: Array = np.nanmean(np.stack(means), axis=0)
    return over


def _between(own: Array, variance: Array, floor: float) -> tuple[float, float]:
    """The portfolio's mean and the variance between partnerships, by moments and not under ``floor``."""
    precision = 1 / variance
    fixed = float((precision * own).sum() / precision.sum())
    surplus = float((precision * (own - fixed) ** 2).sum()) - (len(own) - 1)
    scale = float(precision.sum() - (precision**2).sum() / precision.sum())
    between = max(surplus / scale if scale > 0 else 0.0, floor)
    weight = 1 / (variance + between)
    return float((weight * own).sum() / weight.sum()), between
