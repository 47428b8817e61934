"""Readiness: the share p of its potential that a partnership realises, and how sure that is.

From survey answers p = p_min + (1 − p_min) · Σ_c q_c · g(θ_c) over the eight characteristics, with g(θ) = (θ
− 1)/4, and p_min = .2 and q_c = 1/8 where the document does not say. Over characteristics that nobody answered
the other weights are shared out. The spread is a Bayesian bootstrap over respondents (Rubin 1981), pooled a little
towards the mean of the portfolio, with a floor: three people who agree do not make p certain.

Where nothing is known, p is p_min plus a broad share of the rest, and the result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.engine.portfolio import Criteria, Portfolio, Readiness
from scoring.engine.problem import Floats
from scoring.engine.streams import stream

# Version 1 of the constants; a change of any of them is a new engine version.
UNKNOWN_SHAPE = (
    2.0,
    2.0,
)  # Beta shape of (p − p_min)/(1 − p_min) where nothing is known: mean one half, wide
POOLING_RESPONDENTS = 4.0  # the portfolio's mean counts as much as this many respondents
SPREAD_OF_ONE = 0.16  # standard deviation that one respondent's view leaves; n of them leave it over √n …
LEAST_SPREAD = 0.03  # … but never less than this


@dataclass(frozen=True, slots=True)
class ReadinessDraws:
    """`mean` (participations) and `draws` (participations × draws) of p, each in 0…1, where each comes from, and p if
    all characteristics were as weak as the weakest that has a weight (None where that is not known): a sensitivity.
    """

    mean: Floats
    draws: Floats
    sources: tuple[str, ...]
    weakest: tuple[float | None, ...]


def readiness_of(portfolio: Portfolio, criteria: Criteria) -> ReadinessDraws:
    """The readiness of each participation."""
    known = [participation.readiness for participation in portfolio.participations]
    counts = np.array(criteria.characteristic_weights)
    surveyed = [_surveyed_share(one.answers, counts) for one in known if one.answers is not None]
    pooled = float(np.mean(surveyed)) if surveyed else 0.5
    means, draws = [], []
    for participation in portfolio.participations:
        generator = stream(portfolio.seed, "readiness", participation.id)
        mean, drawn = _one(participation.readiness, portfolio.draws, criteria, pooled, generator)
        means.append(mean)
        draws.append(np.clip(drawn, 0.0, 1.0))
    return ReadinessDraws(
        np.array(means),
        np.array(draws),
        tuple(one.source for one in known),
        tuple(_weakest(one, criteria.least_readiness, counts) for one in known),
    )


def _weakest(readiness: Readiness, least: float, counts: Floats) -> float | None:
    """p if every characteristic that somebody answered and that counts had the mean of the one with the lowest."""
    if readiness.weakest is not None or readiness.answers is None:
        return readiness.weakest
    table = _table(readiness.answers)
    means = np.nanmean(table[:, ~np.isnan(table).all(axis=0) & (counts > 0)], axis=0)
    return least + (1 - least) * float(means.min())


def _one(
    readiness: Readiness, count: int, criteria: Criteria, pooled: float, generator: np.random.Generator
) -> tuple[float, Floats]:
    least = criteria.least_readiness
    if readiness.draws is not None:
        given = np.array(readiness.draws)
        if len(given) == count:
            return float(given.mean()), given
        return float(given.mean()), generator.choice(given, size=count)
    if readiness.answers is not None:
        return _from_answers(readiness.answers, count, criteria, pooled, generator)
    if readiness.mean is not None:
        mean, sd = readiness.mean, readiness.sd or 0.0
        if sd * sd == 0:  # also where a tiny spread's square is too small for a float
            return mean, np.full(count, mean)
        strength = mean * (1 - mean) / (sd * sd) - 1  # the Beta distribution with this mean and spread
        return mean, generator.beta(mean * strength, (1 - mean) * strength, size=count)
    first, second = UNKNOWN_SHAPE
    mean = least + (1 - least) * first / (first + second)
    return mean, least + (1 - least) * generator.beta(first, second, size=count)


def _surveyed_share(answers: Sequence[Sequence[float | None]], counts: Floats) -> float:
    """Σ q g(θ) with every respondent counting once; a characteristic that nobody answered is left out."""
    return float(_shares(_table(answers), np.ones((1, len(answers))), counts)[0])


def _table(answers: Sequence[Sequence[float | None]]) -> Floats:
    return np.array([[np.nan if one is None else (one - 1) / 4 for one in row] for row in answers], dtype=np.float64)


def _shares(table: Floats, weights: Floats, counts: Floats) -> Floats:
    """For each row of respondent weights, the sum over characteristics of q times their weighted mean answer."""
    answered = ~np.isnan(table)
    asked = answered.any(axis=0)
    counted = weights @ answered[:, asked].astype(np.float64)
    totals = weights @ np.where(answered, table, 0.0)[:, asked]
    shares: Floats = (totals / counted) @ (counts[asked] / counts[asked].sum())
    return shares


def _from_answers(
    answers: Sequence[Sequence[float | None]],
    count: int,
    criteria: Criteria,
    pooled: float,
    generator: np.random.Generator,
) -> tuple[float, Floats]:
    table, respondents, least = _table(answers), len(answers), criteria.least_readiness
    counts = np.array(criteria.characteristic_weights)
    trust = respondents / (respondents + POOLING_RESPONDENTS)
    mean = trust * _surveyed_share(answers, counts) + (1 - trust) * pooled
    # The smallest weight is kept above zero so that a characteristic answered by one person never divides by
    # nothing.
    weights = np.maximum(generator.exponential(size=(count, respondents)), 1e-12)
    shares = trust * _shares(table, weights, counts) + (1 - trust) * pooled
    spread = max(LEAST_SPREAD, SPREAD_OF_ONE / np.sqrt(respondents))
    short = np.sqrt(max(0.0, spread**2 - float(np.var(shares)))) if count > 1 else spread
    shares = np.clip(shares + short * generator.standard_normal(count), 0.0, 1.0)
    return least + (1 - least) * mean, least + (1 - least) * shares
