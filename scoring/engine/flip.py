"""Flips: what is lost when a partnership is held at another level than the best one, by solving again.

The optimum with a level forced is linear in that option's own value, so the loss is also exactly how much
more that level would have to be worth before it came in.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.engine.problem import Integers
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
    found: dict[int, Flip] = {}
    for participation in range(problem.size):
        for option in problem.options_of(participation):
            if option == int(best.choice[participation]):
                continue
            forced = study.solver.solve(study.values.mean, forced={participation: option})
            if forced is None:
                found[option] = Flip(None, None)
            else:
                found[option] = Flip(max(0.0, best.value - forced.value), forced.choice)
            study.progress.step()
    return found
