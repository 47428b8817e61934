"""Notes of a relationship record: what can be said in a few lines, each under the heading it belongs to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partnerships.models.participations import Participation
from partnerships.models.record_entries import RecordEntry
from partnerships.recording import recorded


class NoteKind(models.TextChoices):
    SUCCESS = "success", "Success"
    COMMON_GROUND = "common-ground", "Common ground"
    WE_BRING = "we-bring", "What we bring"
    WE_GAIN = "we-gain", "What we gain"
    HISTORY = "history", "History"
    REPAIR = "repair", "Repair"
    SETTLING = "settling", "How disagreements are settled"


@recorded("note on the relationship", partnership="participation", about=("kind",))
class RecordNote(RecordEntry):
    """``on_day`` is when it was, where it has a day: a success has one, what we bring has none."""

    FACTS = ("text", "on_day")

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="record_notes")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="record_notes")
    kind = models.CharField(max_length=13, choices=NoteKind.choices)
    text = models.TextField("words")
    on_day = models.DateField("when it was", null=True, blank=True)

    class Meta:
        ordering = ["participation", "kind", "-on_day", "-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="record_note_kind_is_known",
                condition=Q(kind__in=NoteKind.values),
                violation_error_message="Choose from the list where this note belongs.",
            ),
            models.CheckConstraint(
                name="record_note_says_something",
                condition=Q(text__regex=r"\S"),
                violation_error_message="Write what you want to keep on the record.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
