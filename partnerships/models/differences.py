"""Where partners differ: open, being worked on, or settled, and how it came to that.

Thorny issues are better on the table early. A settled difference says how it was settled; one that comes back is open
again, and its history keeps how it had been settled before.
"""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q

from partnerships.models.ownership import OwnedModel
from partnerships.models.participations import Participation
from partnerships.models.record_entries import RecordEntry
from partnerships.recording import recorded


class DifferenceState(models.TextChoices):
    OPEN = "open", "Open"
    WORKED = "worked", "Being worked on"
    SETTLED = "settled", "Settled"


# From which state to which, said once; actions.differences reads it.
TRANSITIONS: dict[DifferenceState, frozenset[DifferenceState]] = {
    DifferenceState.OPEN: frozenset({DifferenceState.WORKED, DifferenceState.SETTLED}),
    DifferenceState.WORKED: frozenset({DifferenceState.OPEN, DifferenceState.SETTLED}),
    DifferenceState.SETTLED: frozenset({DifferenceState.OPEN, DifferenceState.WORKED}),
}


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def unsettled(self) -> DifferenceQuerySet:
        return self.exclude(state=DifferenceState.SETTLED)

    def for_page(self) -> DifferenceQuerySet:
        """Open ones first, then those being worked on, then settled; the oldest first, since it has waited longest."""
        rank = models.Case(
            *(models.When(state=state, then=place) for place, state in enumerate(DifferenceState)),
            default=len(DifferenceState),
        )
        return self.select_related("recorded_by").order_by(rank, "raised_on", "pk")


@recorded("difference", partnership="participation", about=("what",))
class Difference(RecordEntry):
    """``how`` is what is being done about it or, once it is settled, how it was."""

    FACTS = ("what", "raised_on", "state", "how", "settled_on")

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="differences")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="differences")
    what = models.TextField("where we differ")
    raised_on = models.DateField("came up")
    state = models.CharField(max_length=7, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    how = models.TextField("what is done about it, or how it was settled", blank=True)
    settled_on = models.DateField("settled", null=True, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        ordering = ["participation", "raised_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="difference_says_what",
                condition=Q(what__regex=r"\S"),
                violation_error_message="Say where you differ.",
            ),
            models.CheckConstraint(
                name="difference_state_is_known",
                condition=Q(state__in=DifferenceState.values),
                violation_error_message="A difference is open, being worked on or settled.",
            ),
            models.CheckConstraint(
                name="difference_settled_says_how_and_when",
                condition=Q(state=DifferenceState.SETTLED, how__regex=r"\S", settled_on__isnull=False)
                | (~Q(state=DifferenceState.SETTLED) & Q(settled_on__isnull=True)),
                violation_error_message="Say how and when it was settled; one that is not settled has no such day.",
            ),
            models.CheckConstraint(
                name="difference_settled_after_it_came_up",
                condition=Q(settled_on__isnull=True) | Q(settled_on__gte=F("raised_on")),
                violation_error_message="It was settled before it came up. Check both days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.what[:60]}"

    def days_open(self, today: datetime.date) -> int:
        """How long it has been there, or was until it was settled."""
        return ((self.settled_on or today) - self.raised_on).days


class DifferenceChange(OwnedModel):
    """One step of a difference: from which state to which, with what was done about it then."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="difference_changes"
    )
    difference = models.ForeignKey(Difference, on_delete=models.CASCADE, related_name="changes")
    was = models.CharField(max_length=7, choices=DifferenceState.choices, blank=True)
    became = models.CharField(max_length=7, choices=DifferenceState.choices)
    how = models.TextField(blank=True)
    changed_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["difference", "changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="difference_change_changes_something",
                condition=~Q(was=F("became")),
                violation_error_message="It is in this state already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_was_display()} to {self.get_became_display()}"
