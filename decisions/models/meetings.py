"""Meetings that decide: an agenda in the order of whoever prepared it, the notes made on the way, and what was typed
there and is not decided yet.
"""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class MeetingState(models.TextChoices):
    UNDER_WAY = "under_way", "Under way"
    ENDED = "ended", "Ended"


# From which state to which, said once; the actions read it. What has ended is not held again.
TRANSITIONS: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.UNDER_WAY: frozenset({MeetingState.ENDED}),
    MeetingState.ENDED: frozenset(),
}


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def open(self) -> MeetingQuerySet:
        return self.filter(ended_at__isnull=True)

    def held_today(self, today: datetime.date) -> MeetingQuerySet:
        """Those under way that began today, under which nothing moves; one left open before holds up nothing."""
        return self.open().filter(begun_at__date__gte=today)

    def ended(self) -> MeetingQuerySet:
        """Latest first."""
        return self.filter(ended_at__isnull=False).order_by("-held_on", "-pk")


@recorded("meeting", added="began", about=("name",), leave_out=("begun_by", "begun_at", "ended_by"))
class Meeting(OwnedModel):
    """One sitting that goes through partnerships one at a time; an organisation has at most one under way."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="decision_meetings"
    )
    name = models.CharField(max_length=120)
    held_on = models.DateField("day of the meeting")
    begun_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("ended", null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="meeting_one_under_way",
                fields=["organisation"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="A meeting is under way already. End it before you begin another.",
            ),
            models.CheckConstraint(
                name="meeting_has_a_name",
                condition=Q(name__regex=r"\S"),
                violation_error_message="Enter what the meeting is called.",
            ),
            models.CheckConstraint(
                name="meeting_ended_by_and_at",
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                violation_error_message="Record both who ended the meeting and when, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.held_on:%-d %B %Y}"

    @property
    def state(self) -> MeetingState:
        return MeetingState.UNDER_WAY if self.ended_at is None else MeetingState.ENDED

    def was_left_open(self, today: datetime.date) -> bool:
        """Whether nobody ended it on its day: what it had decided then holds all the same."""
        return self.ended_at is None and timezone.localdate(self.begun_at) < today


@recorded("agenda item", partnership="participation", about=("meeting",), leave_out=("position",))
class AgendaItem(OwnedModel):
    """One partnership on the agenda, with the notes that were made about it."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="agenda_items")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                name="agenda_item_once",
                fields=["meeting", "participation"],
                violation_error_message="This partnership is on the agenda already.",
            ),
            models.UniqueConstraint(
                name="agenda_position_once",
                fields=["meeting", "position"],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two partnerships cannot stand at the same place of the agenda.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.participation_id}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def about(self, participation: Participation) -> DraftQuerySet:
        """Those of a meeting under way, which go with a decision; what one that is over left undecided stays."""
        return self.filter(item__participation=participation, item__meeting__ended_at__isnull=True)


class Draft(OwnedModel):
    """What somebody typed about one partnership of a meeting and has not decided: no decision, and counted as none.

    ``typed`` has what differs from the empty form, by the names of its boxes and as it was typed: a date that is none
    yet stays as it is. It is gone once the partnership is decided about, and what a meeting leaves undecided stays.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="decision_drafts"
    )
    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="draft")
    typed = models.JSONField()
    typed_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["item"]
        constraints = [
            models.CheckConstraint(
                name="draft_has_something_typed",
                condition=~Q(typed={}),
                violation_error_message="Nothing is typed that could be kept.",
            ),
        ]

    def __str__(self) -> str:
        return f"Typed about {self.item_id}"
