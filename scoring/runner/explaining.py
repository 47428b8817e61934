"""Explaining what moved between two runs, by trying each changed input."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from scoring.engine import DocumentError
from scoring.engine.comparison import compare, plain_moves
from scoring.models import Explanation


def explain(explanation: Explanation) -> None:
    """Work an explanation out and store it; also that the inputs cannot be read any more is an answer."""
    try:
        comparison = compare(explanation.before.frozen_inputs(), explanation.after.frozen_inputs())
    except DocumentError as error:
        leave_unexplained(
            explanation,
            "One of the two was scored so long ago that its inputs cannot be read any more: "
            f"{error.field} {error.reason}.",
        )
        return
    _finish(explanation, moves=plain_moves(comparison))


def leave_unexplained(explanation: Explanation, reason: str) -> None:
    """End an explanation with the reason why there is none, in words."""
    _finish(explanation, failure=reason)


def _finish(explanation: Explanation, **facts: Any) -> None:
    """Where another worker was quicker, its answer stands: it is the same."""
    Explanation.objects.unfinished().filter(pk=explanation.pk).update(finished_at=timezone.now(), **facts)
