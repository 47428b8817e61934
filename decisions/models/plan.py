"""The plan to become a better partner: what is done about a weak characteristic, what is stopped, what could be added.

The days that all of this takes or frees stand on the ground floor (``CapacityAdjustment``), where the capacity page and
each score count with them; here stands why. What an action changed is never stored: it is worked out from the surveys.
"""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q

from partnerships.models import CapacityAdjustment, Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class Characteristic(models.TextChoices):
    """The eight of the survey, by their codes there; every version of the questions keeps them."""

    PURPOSE = "purpose", "Clear purpose, realistic goals"
    FOCUS = "focus", "Relentless focus"
    COMMITMENT = "commitment", "Committed, empowered partners"
    TRUST = "trust", "Trust and generosity"
    CONNECTION = "connection", "Boundary-spanning leadership and connection"
    LEARNING = "learning", "Measurement and learning"
    GOVERNANCE = "governance", "Enabling governance"
    SKILLS = "skills", "Skills and capabilities"


class PlanState(models.TextChoices):
    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


# Which state may follow which, said once; the actions read it. What was ended is not begun again: that is a new action.
TRANSITIONS: dict[PlanState, frozenset[PlanState]] = {
    PlanState.PLANNED: frozenset({PlanState.UNDER_WAY, PlanState.STOPPED}),
    PlanState.UNDER_WAY: frozenset({PlanState.DONE, PlanState.STOPPED}),
    PlanState.DONE: frozenset(),
    PlanState.STOPPED: frozenset(),
}
OPEN_STATES = tuple(state for state, following in TRANSITIONS.items() if following)


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    def open(self) -> PlanActionQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def overdue_on(self, day: datetime.date) -> PlanActionQuerySet:
        return self.open().filter(due_on__lt=day)

    def for_list(self) -> PlanActionQuerySet:
        """Everything a row of the list needs, in two queries; those due soonest first."""
        rows = self.select_related("participation__partnership", "owner", "adjustment")
        return rows.prefetch_related("adjustment__amounts__pool").order_by("due_on", "pk")


@recorded(
    "action of the plan",
    partnership="participation",
    moves=True,
    about=("what",),
    leave_out=("adjustment", "closed_by", "recorded_by", "recorded_at"),
)
class PlanAction(OwnedModel):
    """Something done about one characteristic, in one partnership or (without one) in all that we do.

    ``adjustment`` holds the days that it takes while it is planned or under way, if it takes any; ``came_of_it`` says
    what came of it once it has ended.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="plan_actions")
    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_actions"
    )
    characteristic = models.CharField(max_length=10, choices=Characteristic.choices)
    what = models.CharField("what is done", max_length=400)
    owner = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField("begins")
    due_on = models.DateField("due")
    state = models.CharField(max_length=9, choices=PlanState.choices, default=PlanState.PLANNED)
    adjustment = models.OneToOneField(
        CapacityAdjustment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    came_of_it = models.TextField("what came of it", blank=True)
    closed_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField("day on which it ended", null=True, blank=True)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="plan_action_once",
                fields=["organisation", "participation", "characteristic", "what"],
                condition=Q(state__in=OPEN_STATES),
                nulls_distinct=False,
                violation_error_message="This action is in the plan already.",
            ),
            models.CheckConstraint(
                name="plan_action_characteristic_is_known",
                condition=Q(characteristic__in=Characteristic.values),
                violation_error_message="Choose one of the eight characteristics.",
            ),
            models.CheckConstraint(
                name="plan_action_state_is_known",
                condition=Q(state__in=PlanState.values),
                violation_error_message="An action is planned, under way, done or stopped.",
            ),
            models.CheckConstraint(
                name="plan_action_says_what",
                condition=Q(what__regex=r"\S"),
                violation_error_message="Enter what will be done.",
            ),
            models.CheckConstraint(
                name="plan_action_due_once_it_begins",
                condition=Q(due_on__gte=F("begins_on")),
                violation_error_message="An action cannot be due before it begins. Enter that day or a later one.",
            ),
            models.CheckConstraint(
                name="plan_action_closed_by_and_on",
                condition=Q(state__in=OPEN_STATES, closed_by__isnull=True, closed_on__isnull=True)
                | ~Q(state__in=OPEN_STATES) & Q(closed_by__isnull=False, closed_on__isnull=False),
                violation_error_message="Record both who ended the action and when, or neither while it goes on.",
            ),
            models.CheckConstraint(
                name="plan_action_says_what_came_of_it",
                condition=Q(state__in=OPEN_STATES, came_of_it="")
                | ~Q(state__in=OPEN_STATES) & Q(came_of_it__regex=r"\S"),
                violation_error_message="Say what came of the action, or why it was stopped.",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_overdue_on(self, day: datetime.date) -> bool:
        return self.is_open and self.due_on < day

    @property
    def may_become(self) -> frozenset[PlanState]:
        return TRANSITIONS[PlanState(self.state)]
