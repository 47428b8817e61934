"""The penalty for too much attention asked at once, from the organisation's two answers, or from those assumed."""

from __future__ import annotations

from typing import Any

from scoring.attention import attention_penalty
from scoring.models import TippingPoint

Json = dict[str, Any]


def penalty_of(document: Json, tipping_point: TippingPoint) -> tuple[Json | None, Json]:
    """The ``load`` of a document that has none yet (None where it cannot be set), and a note of the assumption."""
    start, end = tipping_point.hurts_from, tipping_point.adds_nothing_at
    penalty = attention_penalty(document, start, end)
    note: Json = {
        "hurts_from": start,
        "adds_nothing_at": end,
        "is_default": tipping_point.pk is None,
        "slope": penalty["slope"] if penalty else None,
    }
    return penalty, note
