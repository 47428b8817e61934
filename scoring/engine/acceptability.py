"""Acceptability: in what share of plausible versions each level is part of the best portfolio (SMAA-2,
Lahdelma and Salminen 2001).
"""

from __future__ import annotations

import numpy as np

from scoring.engine.problem import Floats
from scoring.engine.study import Study


def acceptability(study: Study) -> Floats:
    """For each flat option the share of draws whose optimum has it; without draws 1 for the best choice."""
    shares = np.zeros(len(study.problem.load))
    if not study.optima:
        shares[study.best.choice] = 1.0
        return shares
    for solution in study.optima:
        shares[solution.choice] += 1
    return shares / len(study.optima)
