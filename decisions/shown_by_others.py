"""What other organisations show of a partnership: their levels, and what they decided where they show that too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.models import SharedDecision
from partnerships.models import SharedLevel


@dataclass(frozen=True)
class Shown:
    """``decision`` is None where none is shown, which does not say that there is none."""

    level: SharedLevel
    decision: SharedDecision | None


def with_decisions(levels: Iterable[SharedLevel]) -> list[Shown]:
    """In the order of the levels; one query."""
    levels = list(levels)
    decided = SharedDecision.objects.all().of(level.sharing_id for level in levels)
    return [Shown(level, decided.get(level.sharing_id)) for level in levels]
