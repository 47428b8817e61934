"""What each partnership is worth at today's level, without solving anything: a caller that sets the load curve from it
needs the values alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.engine.document import read_document
from scoring.engine.value import option_values


def worth_today(document: dict[str, Any]) -> list[tuple[float, int]]:
    """Mean value and load at today's level of all that asks for attention today. Raises DocumentError.

    Draws are left out: a readiness given as draws counts with their mean, which is what `solve` values it at too.
    """
    plain = {**document, "draws": 0, "partnerships": [_with_mean_readiness(one) for one in document["partnerships"]]}
    portfolio = read_document(plain)
    values = option_values(portfolio).mean
    worth, first = [], 0
    for one in portfolio.participations:
        if one.today is not None and one.options[one.today].load > 0:
            worth.append((float(values[first + one.today]), one.options[one.today].load))
        first += len(one.options)
    return worth


def _with_mean_readiness(partnership: dict[str, Any]) -> dict[str, Any]:
    draws = partnership.get("readiness", {}).get("draws")
    return {**partnership, "readiness": {"mean": float(np.mean(draws))}} if draws else partnership
