"""What each partnership is worth at today's level, without solving anything: a caller that sets the load curve from it
needs the values alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.engine.document import read_document
from scoring.engine.value import option_values

# What a value rests on: of a document, of a partnership, of an option.
OF_VALUE = ("format", "seed", "pools", "levels", "objectives", "ways", "weights", "readiness")
OF_A_PARTNERSHIP = ("id", "today", "harm", "ratings", "readiness")
OF_AN_OPTION = ("level", "value", "share", "load")


def worth_today(document: dict[str, Any]) -> list[tuple[float, int]]:
    """Mean value and load at today's level of all that asks for attention today. Raises DocumentError.

    Draws are left out: a readiness given as draws counts with their mean, which is what `solve` values it at too. So is
    all that says nothing of today's value, which `solve` reads.
    """
    kept = {key: document[key] for key in OF_VALUE if key in document}
    partnerships = [_as_today(one) for one in document["partnerships"]]
    portfolio = read_document({**kept, "draws": 0, "partnerships": partnerships})
    values = option_values(portfolio).mean
    return [
        (float(value), one.options[0].load)
        for value, one in zip(values, portfolio.participations, strict=True)
        if one.today is not None and one.options[0].load > 0
    ]


def _as_today(partnership: dict[str, Any]) -> dict[str, Any]:
    """A partnership with one level, today's where there is one, without days, and with the mean of its readiness."""
    today = partnership.get("today")
    options = [one for one in partnership["options"] if today in (None, one["level"])][:1]
    kept = {key: partnership[key] for key in OF_A_PARTNERSHIP if key in partnership}
    draws = partnership.get("readiness", {}).get("draws")
    if draws:
        kept["readiness"] = {"mean": float(np.mean(draws))}
    return {**kept, "options": [{key: one[key] for key in OF_AN_OPTION if key in one} for one in options]}
