"""From criteria to option values: v = p · φ · Σ_o w_o Σ_j w_(j|o) s_oj, less the harm of declining.

Means are exact (weights, ratings and readiness are independent, so the mean of the product is the product of
the means); draws use common random numbers: each quantity has its own stream, keyed by its name and the seed,
so that adding a partnership or changing a number leaves every other draw as it was.

Weights are a mixture of the decision makers, never their average (each draw takes one person's weights, or weights that
fit that person's ranking);
ratings are triangular; readiness is described in `readiness`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scoring.engine.portfolio import Criteria, Option, Participation, Portfolio, Rating, Triple
from scoring.engine.problem import Floats
from scoring.engine.ranking import drawn_weights, mean_weights
from scoring.engine.readiness import ReadinessDraws, readiness_of
from scoring.engine.streams import stream

# Claimed but not rated: nobody knows, so anything from nothing to nearly all of the scale (version 1).
UNRATED: Triple = (0.0, 30.0, 90.0)


@dataclass(frozen=True, slots=True)
class AtMeanWeights:
    """What each participation could be worth with the mean weights, at full readiness and share, and the harm of
    declining it, in each draw (participations × draws).
    """

    potential: Floats
    harm: Floats


@dataclass(frozen=True, slots=True)
class OptionValues:
    """Values of every flat option: `mean` and `draws` (draws × options).

    In the criteria form also what they are drawn from at the mean weights, the mean at full readiness, what the mean
    rises by with readiness, from none to full (`per_readiness`), the readiness of each participation, and the mean
    weights (objectives × ways, flat).
    """

    mean: Floats
    draws: Floats
    at_full_readiness: Floats | None = None
    per_readiness: Floats | None = None
    readiness: ReadinessDraws | None = None
    mean_weights: Floats = field(default_factory=lambda: np.zeros(0))
    at_mean_weights: AtMeanWeights | None = None


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
    readiness = readiness_of(portfolio, criteria)
    weights, mean_weights = _weights(portfolio, criteria)
    slopes, losses = _at_weights(portfolio, mean_weights)
    draws: list[Floats] = []
    potentials, harms = [], []
    for i, participation in enumerate(portfolio.participations):
        potential, at_mean_weights = _potential_draws(portfolio, participation, weights, mean_weights)
        harm = _triangular(portfolio, participation.harm, "harm", participation.id)
        for option in participation.options:
            loss = harm if _is_lowest(portfolio, option) else 0.0
            draws.append(readiness.draws[i] * option.share * potential - loss)
        potentials.append(at_mean_weights)
        harms.append(harm)
    return OptionValues(
        mean=_by_option(portfolio, readiness.mean) * slopes - losses,
        draws=np.ascontiguousarray(np.array(draws).T),
        at_mean_weights=AtMeanWeights(np.array(potentials), np.array(harms)),
        at_full_readiness=slopes - losses,
        per_readiness=slopes,
        readiness=readiness,
        mean_weights=mean_weights,
    )


def values_at_weights(portfolio: Portfolio, values: OptionValues, weights: Floats) -> Floats:
    """The mean value of every option at other weights (objectives × ways, flat)."""
    assert values.readiness is not None  # noqa: S101 - only asked for in the criteria form
    slopes, losses = _at_weights(portfolio, weights)
    return _by_option(portfolio, values.readiness.mean) * slopes - losses


def values_when_known(portfolio: Portfolio, values: OptionValues, i: int, *, value: bool, readiness: bool) -> Floats:
    """What the options of participation i would be worth at the mean weights in each draw of its ratings and harm
    (`value`) or its `readiness` or both, what is not drawn being at its mean (draws × options of i).
    """
    unsure, ready, participation = values.at_mean_weights, values.readiness, portfolio.participations[i]
    assert unsure is not None  # noqa: S101 - only asked for in the criteria form
    assert ready is not None  # noqa: S101
    assert values.mean_weights.size  # noqa: S101
    cells = [_cell(portfolio, rating) for rating in participation.ratings]
    potential = unsure.potential[i] if value else values.mean_weights[cells] @ np.array(mean_ratings(participation))
    harm = unsure.harm[i] if value else sum(participation.harm) / 3
    realised = ready.draws[i] if readiness else ready.mean[i]
    known = [
        realised * option.share * potential - (harm if _is_lowest(portfolio, option) else 0.0)
        for option in participation.options
    ]
    return np.array(known).T


def _at_weights(portfolio: Portfolio, weights: Floats) -> tuple[Floats, Floats]:
    """For every option φ · Σ w s, and the harm of declining, both at their means."""
    slopes, losses = [], []
    for participation in portfolio.participations:
        cells = [_cell(portfolio, rating) for rating in participation.ratings]
        potential = float(np.dot(weights[cells], mean_ratings(participation))) if cells else 0.0
        harm = sum(participation.harm) / 3
        for option in participation.options:
            slopes.append(option.share * potential)
            losses.append(harm if _is_lowest(portfolio, option) else 0.0)
    return np.array(slopes), np.array(losses)


def mean_ratings(participation: Participation) -> list[float]:
    """The mean of each rating, in their order."""
    return [sum(rating.triple or UNRATED) / 3 for rating in participation.ratings]


def _by_option(portfolio: Portfolio, each: Floats) -> Floats:
    """A number a participation, for each of its options."""
    return np.repeat(each, [len(participation.options) for participation in portfolio.participations])


def _cell(portfolio: Portfolio, rating: Rating) -> int:
    """Where a rating's weight stands among the flat weights."""
    assert portfolio.criteria is not None  # noqa: S101 - only called in the criteria form
    return rating.objective * len(portfolio.criteria.ways) + rating.way


def _is_lowest(portfolio: Portfolio, option: Option) -> bool:
    return option.level == portfolio.levels[0].id


def _weights(portfolio: Portfolio, criteria: Criteria) -> tuple[Floats, Floats]:
    """Weights of every cell in each draw (draws × cells), and on average (cells)."""
    cells = len(criteria.objectives) * len(criteria.ways)
    if not criteria.decision_makers:
        equal = np.full(cells, 1 / cells)
        return np.tile(equal, (portfolio.draws, 1)), equal
    people = criteria.decision_makers
    who = stream(portfolio.seed, "weights").integers(len(people), size=portfolio.draws)
    drawn = np.empty((portfolio.draws, cells))
    for place, person in enumerate(people):
        drawn[who == place] = drawn_weights(person, portfolio.seed, portfolio.draws)[who == place]
    return drawn, np.mean([mean_weights(person) for person in people], axis=0)


def _potential_draws(
    portfolio: Portfolio, participation: Participation, weights: Floats, mean_weights: Floats
) -> tuple[Floats, Floats]:
    """Σ w s of a participation in each draw, with the weights of that draw and with the mean ones."""
    criteria = portfolio.criteria
    assert criteria is not None  # noqa: S101 - only called in the criteria form
    draws, at_mean_weights = np.zeros(portfolio.draws), np.zeros(portfolio.draws)
    for rating in participation.ratings:
        name = (participation.id, criteria.objectives[rating.objective], criteria.ways[rating.way])
        drawn = _triangular(portfolio, rating.triple or UNRATED, "rating", *name)
        draws += weights[:, _cell(portfolio, rating)] * drawn
        at_mean_weights += mean_weights[_cell(portfolio, rating)] * drawn
    return draws, at_mean_weights


def _triangular(portfolio: Portfolio, triple: Triple, *name: str) -> Floats:
    """Draws between low and high with the peak at likely (the inverse of the distribution function)."""
    low, likely, high = triple
    if low == high or portfolio.draws == 0:
        return np.full(portfolio.draws, likely)
    uniform = stream(portfolio.seed, *name).random(portfolio.draws)
    peak = (likely - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - likely))
    return np.where(uniform < peak, rising, falling)
