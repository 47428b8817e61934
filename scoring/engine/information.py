"""What it is worth to find out more about one partnership before choosing.

With everything else at its mean, knowing partnership i's values would let its level be chosen to suit. The
best total with i at level ℓ is linear in i's own value, so the forced optima of the flips answer the question
exactly: E over draws of max over ℓ [V(ℓ forced) + (drawn value − mean value)] − V(best). This is the expected value of
perfect information on the values of one partnership (Raiffa and Schlaifer 1961).

In the criteria form the same is told apart: knowing its ratings and the harm of leaving it, at its mean readiness, and
knowing its readiness, at its mean ratings. The weights are at their mean in all three: no finding out about a
partnership settles what people want, and where they disagree that is shown as contested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scoring.engine.flip import Flip
from scoring.engine.problem import Floats
from scoring.engine.study import Study
from scoring.engine.value import values_when_known


@dataclass(frozen=True, slots=True)
class Information:
    """For each participation the expected gain from knowing all of it, and in the criteria form from knowing its value
    alone and its readiness alone; zero without draws.
    """

    all: Floats
    value: Floats | None
    readiness: Floats | None


def information(study: Study, found: dict[int, Flip]) -> Information:
    """What finding out would be worth, for every participation."""
    everybody = range(study.problem.size)
    if study.values.at_mean_weights is None:
        given = (study.values.draws[:, study.problem.options_of(i)] for i in everybody)
        return Information(_gains(study, found, given), None, None)

    def knowing(*, value: bool, readiness: bool) -> Floats:
        known = (
            values_when_known(study.portfolio, study.values, i, value=value, readiness=readiness) for i in everybody
        )
        return _gains(study, found, known)

    return Information(
        knowing(value=True, readiness=True),
        knowing(value=True, readiness=False),
        knowing(value=False, readiness=True),
    )


def _gains(study: Study, found: dict[int, Flip], known: Iterable[Floats]) -> Floats:
    """The expected gain for each participation from knowing its own values (of each: draws × its options)."""
    problem, mean = study.problem, study.values.mean
    worth = np.zeros(problem.size)
    if not len(study.values.draws):
        return worth
    for i, draws in enumerate(known):
        best = int(study.best.choice[i])
        rises = draws - mean[problem.options_of(i)]
        totals = []
        for position, option in enumerate(problem.options_of(i)):
            loss = 0.0 if option == best else found[option].loss
            if loss is not None:
                totals.append(rises[:, position] - loss)
        gain = np.max(totals, axis=0).mean() - rises[:, problem.position(i, best)].mean()
        worth[i] = max(0.0, float(gain))
    return worth
