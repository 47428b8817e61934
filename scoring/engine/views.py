"""The views of the groups that decide: the best portfolio at each group's own mean weights.

People who disagree are not noise to be averaged away. Where the groups' portfolios hold a partnership at different
levels, it is contested, and the result says at which level each group would have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.problem import Floats, Integers
from scoring.engine.ranking import mean_weights
from scoring.engine.study import Study
from scoring.engine.value import values_at_weights

SAME = 1e-9  # in value


@dataclass(frozen=True, slots=True)
class Views:
    """The groups by name, each one's best choice (groups × participations), and the options' values by its weights."""

    groups: tuple[str, ...]
    choices: Integers
    values: Floats

    def contested(self, i: int) -> bool:
        """Whether the groups would have participation i at different levels, and not only because both are worth the
        same to all of them."""
        chosen = np.unique(self.choices[:, i])
        worth = self.values[:, chosen]
        return bool(np.any(np.ptp(worth, axis=1) > SAME))


def groups_of(study: Study) -> tuple[str, ...]:
    """The groups, where there are two or more."""
    criteria = study.portfolio.criteria
    names = sorted({person.group for person in criteria.decision_makers}) if criteria else []
    return tuple(names) if len(names) > 1 else ()


def views(study: Study) -> Views | None:
    """Each group's view; None where there are not two groups."""
    criteria, groups = study.portfolio.criteria, groups_of(study)
    if criteria is None or not groups:
        return None
    weights = [
        np.mean([mean_weights(person) for person in criteria.decision_makers if person.group == group], axis=0)
        for group in groups
    ]
    values = np.array([values_at_weights(study.portfolio, study.values, one) for one in weights])
    found = study.solver.solve_many(values, on_step=study.progress.step)
    return Views(groups, found.choices, values)
