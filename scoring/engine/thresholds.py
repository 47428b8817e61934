"""How far a rating, the readiness or the days of a partnership would have to move before its level changed.

The best value with a level forced is linear in that level's own value, and that is linear in each rating and in the
readiness; so the forced optima of the flips give both thresholds exactly. Days enter through the limits, so their
threshold is found by solving again, with ever fewer days asked by the partnership for the level above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.flip import Flip
from scoring.engine.problem import Booleans, Floats
from scoring.engine.solver import WHETHER, between
from scoring.engine.study import Study
from scoring.engine.value import mean_ratings

HALVINGS = 7  # to less than a hundredth of the days
SCALE = 100.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What a quantity is now, the nearest value at which another option comes in, and that option."""

    now: float
    at: float
    option: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Of one participation. None where nothing changes within the range that the quantity can have.

    `weakest` is the option at the readiness of the weakest characteristic. `ratings` by (objective, way): the nearest
    turn below and above. `days` is the share of the days that the level above asks for at which it would come in.
    """

    readiness: tuple[Turn | None, Turn | None]
    weakest: Turn | None
    ratings: dict[tuple[int, int], tuple[Turn | None, Turn | None]]
    days: Turn | None


def thresholds(study: Study, flips: dict[int, Flip]) -> list[Thresholds]:
    """The thresholds of every participation."""
    days = _days(study, flips)
    return [
        Thresholds(
            _readiness(study, flips, i), _at_the_weakest(study, flips, i), _ratings(study, flips, i), days.get(i)
        )
        for i in range(study.problem.size)
    ]


def _readiness(study: Study, flips: dict[int, Flip], i: int) -> tuple[Turn | None, Turn | None]:
    readiness, slopes, criteria = study.values.readiness, study.values.per_readiness, study.portfolio.criteria
    if readiness is None or slopes is None or criteria is None:
        return None, None
    return _turns(study, flips, i, slopes, float(readiness.mean[i]), (criteria.least_readiness, 1.0))


def _at_the_weakest(study: Study, flips: dict[int, Flip], i: int) -> Turn | None:
    """The option in the best choice if the readiness were that of the weakest characteristic; None where not known."""
    readiness = study.values.readiness
    at = None if readiness is None else readiness.weakest[i]
    if readiness is None or at is None:
        return None
    return Turn(float(readiness.mean[i]), at, option_at(study, flips, i, at))


def option_at(study: Study, flips: dict[int, Flip], i: int, at: float) -> int:
    """The option of participation i in the best choice if its readiness were `at`; needs the criteria form."""
    readiness, slopes = study.values.readiness, study.values.per_readiness
    assert readiness is not None  # noqa: S101 - see above
    assert slopes is not None  # noqa: S101
    now, best = float(readiness.mean[i]), int(study.best.choice[i])
    worth = {best: float(slopes[best]) * (at - now)}
    for option in study.problem.options_of(i):
        loss = None if option == best else flips[option].loss
        if loss is not None:
            worth[option] = float(slopes[option]) * (at - now) - loss
    return max(worth, key=lambda option: (worth[option], option == best, -option))


def _ratings(study: Study, flips: dict[int, Flip], i: int) -> dict[tuple[int, int], tuple[Turn | None, Turn | None]]:
    readiness, criteria = study.values.readiness, study.portfolio.criteria
    if readiness is None or criteria is None:
        return {}
    participation, found = study.portfolio.participations[i], {}
    slopes = np.zeros(len(study.problem.load))
    weights = study.values.mean_weights.reshape(len(criteria.objectives), len(criteria.ways))
    means = mean_ratings(participation)
    for rating, now in zip(participation.ratings, means, strict=True):
        per_point = float(readiness.mean[i]) * float(weights[rating.objective, rating.way])
        for option in study.problem.options_of(i):
            slopes[option] = per_point * participation.options[study.problem.position(i, option)].share
        turns = _turns(study, flips, i, slopes, now, (-SCALE, SCALE))
        found[rating.objective, rating.way] = turns
    return found


def _turns(
    study: Study, flips: dict[int, Flip], i: int, slopes: Floats, now: float, within: tuple[float, float]
) -> tuple[Turn | None, Turn | None]:
    """The nearest turn below and above `now`, where each option's value rises by its slope a unit."""
    best = int(study.best.choice[i])
    below: list[Turn] = []
    above: list[Turn] = []
    for option in study.problem.options_of(i):
        loss = None if option == best else flips[option].loss
        steeper = float(slopes[option] - slopes[best])
        if loss is not None and steeper:
            at = now + loss / steeper
            if within[0] <= at <= within[1]:
                (above if steeper > 0 else below).append(Turn(now, at, option))
    return (
        max(below, key=lambda turn: (turn.at, -turn.option), default=None),
        min(above, key=lambda turn: (turn.at, turn.option), default=None),
    )


def _days(study: Study, flips: dict[int, Flip]) -> dict[int, Turn]:
    """For each participation the largest share of its days at which the next level up would come in, also where that
    level does not fit at all with the days it asks for now."""
    problem = study.problem
    wanted = [
        int(option) + 1
        for option in study.best.choice
        if option + 1 < problem.start[problem.owner[option] + 1] and problem.days[option + 1].any()
    ]
    if not wanted:
        return {}
    options = np.array(wanted)
    allowed = np.array([problem.with_forced(problem.allowed, {int(problem.owner[one]): one}) for one in wanted])

    def comes_in(shares: Floats) -> Booleans:
        """Whether each option is at least as good as the best when it asks for so much of its days."""
        less = problem.days[options] - np.ceil(problem.days[options] * shares[:, None]).astype(np.int64)
        found = study.solver.solve_many(
            study.values.mean,
            allowed=allowed,
            capacity=problem.capacity + less,
            patience=WHETHER,
            wanted=between(study.best.value, study.best.value),
            on_step=study.progress.step,
        )
        return found.feasible

    low, high = np.zeros(len(options)), np.ones(len(options))
    possible = comes_in(low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = comes_in(middle)
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return {
        int(problem.owner[option]): Turn(1.0, float(share), int(option))
        for option, share, found in zip(options, low, possible, strict=True)
        if found
    }
