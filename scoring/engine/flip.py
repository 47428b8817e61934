"""Flips: what is lost when a partnership is held at another level than the best one, by solving again.

The optimum with a level forced is linear in that option's own value, so the loss is also exactly how much
more that level would have to be worth before it came in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring.engine.problem import Integers
from scoring.engine.solver import between
from scoring.engine.study import Study


@dataclass(frozen=True, slots=True)
class Flip:
    """`loss` of total value and the choice that then is best; both None where no feasible portfolio has the
    level.
    """

    loss: float | None
    choice: Integers | None


def flips(study: Study) -> dict[int, Flip]:
    """A flip for every flat option that is not in the best choice."""
    problem, best = study.problem, study.best
    others = [option for option in range(len(problem.load)) if option != int(best.choice[problem.owner[option]])]
    if not others:
        return {}
    allowed = np.array([problem.with_forced(problem.allowed, {int(problem.owner[one]): one}) for one in others])
    forced = study.solver.solve_many(
        study.values.mean, allowed=allowed, wanted=between(-math.inf, best.value), on_step=study.progress.step
    )
    return {
        option: Flip(max(0.0, best.value - float(forced.values[n])), forced.choices[n])
        if forced.feasible[n]
        else Flip(None, None)
        for n, option in enumerate(others)
    }
