"""What it is worth to find out more about one partnership before choosing.

With everything else at its mean, knowing partnership i's values would let its level be chosen to suit. The
best total with i at level ℓ is linear in i's own value, so the forced optima of the flips answer the question
exactly: E over draws of max over ℓ [V(ℓ forced) + (drawn value − mean value)] − V(best).
"""

from __future__ import annotations

import numpy as np

from scoring.engine.flip import Flip
from scoring.engine.problem import Floats
from scoring.engine.study import Study


def information(study: Study, found: dict[int, Flip]) -> Floats:
    """For each participation the expected gain from knowing its values; zero without draws."""
    problem, draws, mean = study.problem, study.values.draws, study.values.mean
    worth = np.zeros(problem.size)
    if not len(draws):
        return worth
    for i in range(problem.size):
        totals = []
        for option in problem.options_of(i):
            loss = 0.0 if option == int(study.best.choice[i]) else found[option].loss
            if loss is not None:
                totals.append(draws[:, option] - mean[option] - loss)
        gain = np.max(totals, axis=0).mean() - np.mean(draws[:, study.best.choice[i]] - mean[study.best.choice[i]])
        worth[i] = max(0.0, float(gain))
    return worth
