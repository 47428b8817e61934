"""From criteria to option values: v = p · φ · Σ_o w_o Σ_j w_(j|o) s_oj, less the harm of declining.

Means are exact (weights, ratings and readiness are independent, so the mean of the product is the product of
the means); draws use common random numbers: each quantity has its own stream, keyed by its name and the seed,
so that adding a partnership or changing a number leaves every other draw as it was.

Weights are a mixture of the decision makers, never their average (each draw takes one person's weights);
ratings are triangular; readiness is described in `readiness`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.portfolio import Criteria, Participation, Portfolio, Triple
from scoring.engine.problem import Floats
from scoring.engine.readiness import ReadinessDraws, readiness_of
from scoring.engine.streams import stream

# Claimed but not rated: nobody knows, so anything from nothing to nearly all of the scale (version 1).
UNRATED: Triple = (0.0, 30.0, 90.0)


@dataclass(frozen=True, slots=True)
class OptionValues:
    """Values of every flat option: `mean`, `draws` (draws × options), and the mean at full readiness and the
    readiness of each participation, both None in the form whose options carry a value.
    """

    mean: Floats
    draws: Floats
    at_full_readiness: Floats | None = None
    readiness: ReadinessDraws | None = None


def option_values(portfolio: Portfolio) -> OptionValues:
    """The values a document gives, or those its criteria amount to."""
    if portfolio.criteria is None:
        return _given_values(portfolio)
    return _criteria_values(portfolio, portfolio.criteria)


def _given_values(portfolio: Portfolio) -> OptionValues:
    options = [option for participation in portfolio.participations for option in participation.options]
    mean = np.array([option.value for option in options], dtype=np.float64)
    if portfolio.draws == 0:
        return OptionValues(mean, np.zeros((0, len(options))))
    drawn = [option.value_draws for option in options]
    return OptionValues(mean, np.ascontiguousarray(np.array(drawn, dtype=np.float64).T))


def _criteria_values(portfolio: Portfolio, criteria: Criteria) -> OptionValues:
    readiness = readiness_of(portfolio, criteria.least_readiness)
    weights, mean_weights = _weights(portfolio, criteria)
    means, full, draws = [], [], []
    for i, participation in enumerate(portfolio.participations):
        potential, potential_draws = _potential(portfolio, participation, weights, mean_weights)
        harm, harm_draws = _harm(portfolio, participation)
        lowest = portfolio.levels[0].id
        for option in participation.options:
            loss = 1.0 if option.level == lowest else 0.0
            means.append(readiness.mean[i] * option.share * potential - loss * harm)
            full.append(option.share * potential - loss * harm)
            draws.append(readiness.draws[i] * option.share * potential_draws - loss * harm_draws)
    return OptionValues(np.array(means), np.ascontiguousarray(np.array(draws).T), np.array(full), readiness)


def _weights(portfolio: Portfolio, criteria: Criteria) -> tuple[Floats, Floats]:
    """Weights of every cell in each draw (draws × cells), and on average (cells)."""
    cells = len(criteria.objectives) * len(criteria.ways)
    if not criteria.decision_makers:
        equal = np.full(cells, 1 / cells)
        return np.tile(equal, (portfolio.draws, 1)), equal
    people = np.array([person.weights for person in criteria.decision_makers]).reshape(-1, cells)
    who = stream(portfolio.seed, "weights").integers(len(people), size=portfolio.draws)
    return people[who], people.mean(axis=0)


def _potential(
    portfolio: Portfolio, participation: Participation, weights: Floats, mean_weights: Floats
) -> tuple[float, Floats]:
    """Σ w s of a participation: its mean, and in each draw."""
    criteria = portfolio.criteria
    assert criteria is not None  # noqa: S101 - only called in the criteria form
    mean, draws = 0.0, np.zeros(portfolio.draws)
    for rating in participation.ratings:
        triple = rating.triple or UNRATED
        cell = rating.objective * len(criteria.ways) + rating.way
        name = (participation.id, criteria.objectives[rating.objective], criteria.ways[rating.way])
        mean += float(mean_weights[cell]) * sum(triple) / 3
        draws += weights[:, cell] * _triangular(portfolio, triple, "rating", *name)
    return mean, draws


def _harm(portfolio: Portfolio, participation: Participation) -> tuple[float, Floats]:
    harm = participation.harm
    return sum(harm) / 3, _triangular(portfolio, harm, "harm", participation.id)


def _triangular(portfolio: Portfolio, triple: Triple, *name: str) -> Floats:
    """Draws between low and high with the peak at likely (the inverse of the distribution function)."""
    low, likely, high = triple
    if low == high:
        return np.full(portfolio.draws, likely)
    uniform = stream(portfolio.seed, *name).random(portfolio.draws)
    peak = (likely - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - likely))
    return np.where(uniform < peak, rising, falling)
