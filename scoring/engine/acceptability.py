"""Acceptability: in what share of plausible versions each level is part of the best portfolio (SMAA-2,
Lahdelma and Salminen 2001).
"""

from __future__ import annotations

import numpy as np

from scoring.engine.problem import Floats
from scoring.engine.study import Study


def acceptability(study: Study) -> Floats:
    """For each flat option the share of draws whose optimum has it; without draws 1 for the best choice."""
    options = len(study.problem.load)
    if study.optima is None:
        shares = np.zeros(options)
        shares[study.best.choice] = 1.0
        return shares
    times = np.bincount(study.optima.choices.ravel(), minlength=options)
    return times / len(study.optima)
