"""Finding an entry of a relationship record by what its address names, also one that somebody has just removed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet

from partnerships.models import (
    Difference,
    LedgerEntry,
    MeasurePoint,
    OutcomeMeasure,
    Participation,
    RecordLink,
    RecordNote,
)
from partnerships.models.record_entries import RecordEntry
from partnerships.record_chapters import EVERY, NOTES, Chapter
from partnerships.recording import RECORDED

# By what an address calls it.
NOUNS: Mapping[str, type[RecordEntry]] = MappingProxyType(
    {
        "note": RecordNote,
        "difference": Difference,
        "give-and-take": LedgerEntry,
        "link": RecordLink,
        "measure": OutcomeMeasure,
        "figure": MeasurePoint,
    }
)


def model_of(chapter: Chapter) -> type[RecordEntry]:
    """Of which model the entries of a chapter are."""
    return RecordNote if chapter.kind in NOTES else NOUNS[chapter.kind]


def entries_of(participation: Participation, model: type[RecordEntry]) -> QuerySet[Any]:
    """The participation's own entries of a kind."""
    owned = {"participation": participation, "organisation": participation.organisation}
    return model._default_manager.filter(**owned).select_related("organisation", "recorded_by")


def chapter_of(entry: RecordEntry, noun: str) -> Chapter:
    return EVERY[entry.kind] if isinstance(entry, RecordNote) else EVERY[noun]


def chapter_of_removed(participation: Participation, noun: str, number: int) -> Chapter | None:
    """Under which chapter an entry stood that is no longer there; None where the participation never had it."""
    lines = RECORDED[NOUNS[noun]].events._default_manager.filter(
        organisation=participation.organisation, participation=participation.pk, pgh_obj=number
    )
    last: Any = lines.order_by("-pgh_id").first()
    if last is None:
        return None
    return EVERY[last.kind] if noun == "note" else EVERY[noun]
