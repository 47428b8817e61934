"""The penalty for too much attention asked at once, from two answers. Values in, values out; no Django.

With the load at which one more partnership starts to hurt the others (L0) and the load at which one more typical
partnership would add nothing (L1), the slope is v̄ / (ū·(L1 − L0)), v̄ and ū the median value and load of what the
organisation takes part in today. The engine itself says what those are worth, so value is defined in one place.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from scoring.engine.worth_today import worth_today

Json = dict[str, Any]


def attention_penalty(document: Json, hurts_from: int, adds_nothing_at: int) -> Json | None:
    """The ``load`` of a document that has none yet; None where nothing asks for attention today."""
    values = worth_today(document)
    if not values:
        return None
    typical_value = median(value for value, _ in values)
    typical_load = median(load for _, load in values)
    slope = round(max(0.0, typical_value / (typical_load * (adds_nothing_at - hurts_from))), 6)
    return {"knee": hurts_from, "slope": slope}
