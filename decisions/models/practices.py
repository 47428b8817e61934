"""Practices to remove: what we do that gets in the way, why it costs, and the days that stopping it frees."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q

from partnerships.models import CapacityAdjustment
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class PracticeState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    STOPPED = "stopped", "Stopped"
    KEPT = "kept", "Kept after all"


# Which state may follow which, said once; the actions read it. What was stopped may creep back, and its days with it.
TRANSITIONS: dict[PracticeState, frozenset[PracticeState]] = {
    PracticeState.PROPOSED: frozenset({PracticeState.STOPPED, PracticeState.KEPT}),
    PracticeState.STOPPED: frozenset({PracticeState.KEPT}),
    PracticeState.KEPT: frozenset(),
}


class PracticeQuerySet(models.QuerySet["Practice"]):
    def proposed(self) -> PracticeQuerySet:
        return self.filter(state=PracticeState.PROPOSED)

    def overdue_on(self, day: datetime.date) -> PracticeQuerySet:
        """Those that were to stop before that day, and of which nobody has said that they did."""
        return self.proposed().filter(stop_by__lt=day)

    def for_list(self) -> PracticeQuerySet:
        """Everything a row of the list needs, in two queries; those to stop soonest first."""
        rows = self.select_related("owner", "adjustment").prefetch_related("adjustment__amounts__pool")
        return rows.order_by("stop_by", "pk")


@recorded("practice to remove", about=("what",), leave_out=("adjustment", "closed_by", "recorded_by", "recorded_at"))
class Practice(OwnedModel):
    """Something that we do and might stop. ``adjustment`` holds the days that this would free a quarter; they count
    from the day on which it is stopped.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="practices")
    what = models.CharField("what we do", max_length=400)
    why_it_costs = models.TextField("why it gets in the way")
    owner = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    stop_by = models.DateField("stopped by")
    state = models.CharField(max_length=8, choices=PracticeState.choices, default=PracticeState.PROPOSED)
    adjustment = models.OneToOneField(CapacityAdjustment, on_delete=models.PROTECT, related_name="+")
    came_of_it = models.TextField("what came of it", blank=True)
    closed_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField("day on which it was stopped or kept", null=True, blank=True)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = ["stop_by", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="practice_once",
                fields=["organisation", "what"],
                condition=Q(state=PracticeState.PROPOSED),
                violation_error_message="This practice is on the list already.",
            ),
            models.CheckConstraint(
                name="practice_state_is_known",
                condition=Q(state__in=PracticeState.values),
                violation_error_message="A practice is proposed to be removed, stopped, or kept after all.",
            ),
            models.CheckConstraint(
                name="practice_says_what",
                condition=Q(what__regex=r"\S"),
                violation_error_message="Enter what we do that could stop.",
            ),
            models.CheckConstraint(
                name="practice_says_why_it_costs",
                condition=Q(why_it_costs__regex=r"\S"),
                violation_error_message="Say why it gets in the way.",
            ),
            models.CheckConstraint(
                name="practice_closed_by_and_on",
                condition=Q(state=PracticeState.PROPOSED, closed_by__isnull=True, closed_on__isnull=True)
                | ~Q(state=PracticeState.PROPOSED) & Q(closed_by__isnull=False, closed_on__isnull=False),
                violation_error_message="Record both who stopped or kept it and when, or neither while it is proposed.",
            ),
            models.CheckConstraint(
                name="practice_kept_for_a_reason",
                condition=Q(state=PracticeState.PROPOSED, came_of_it="")
                | ~Q(state__in=[PracticeState.PROPOSED, PracticeState.KEPT])
                | Q(state=PracticeState.KEPT, came_of_it__regex=r"\S"),
                violation_error_message="Say why it is kept after all.",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.state == PracticeState.PROPOSED

    def is_overdue_on(self, day: datetime.date) -> bool:
        return self.is_open and self.stop_by < day
