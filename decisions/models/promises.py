"""Promises: what we said that we would do, who sees to it, by which day, and what became of it.

A promise is closed once and stays so. Where its day moves, both days and the reason stay on record in a line of their
own, so that nobody finds a promise kept on time that was due a year before.
"""

from __future__ import annotations

import datetime

from django.apps import apps
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from decisions.models.decisions import Decision
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

DUE_SOON = datetime.timedelta(days=30)


class PromiseState(models.TextChoices):
    OPEN = "open", "Open"
    KEPT = "kept", "Kept"
    NOT_KEPT = "not_kept", "Not kept"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Which state may follow which, said once; the actions read it. A promise that was closed is not opened again: what is
# promised then is another promise, with a day of its own.
TRANSITIONS: dict[PromiseState, frozenset[PromiseState]] = {
    PromiseState.OPEN: frozenset({PromiseState.KEPT, PromiseState.NOT_KEPT, PromiseState.WITHDRAWN}),
    PromiseState.KEPT: frozenset(),
    PromiseState.NOT_KEPT: frozenset(),
    PromiseState.WITHDRAWN: frozenset(),
}


# What "to whom" may begin with that is no name.
BEGIN_SMALL = frozenset({"A", "All", "An", "Each", "Every", "Our", "Some", "The", "Their"})


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> PromiseQuerySet:
        return self.filter(state=PromiseState.OPEN)

    def closed(self) -> PromiseQuerySet:
        """What was closed last comes first."""
        return self.exclude(state=PromiseState.OPEN).order_by("-closed_on", "-pk")

    def overdue_on(self, day: datetime.date) -> PromiseQuerySet:
        """Those whose day has passed; on its day itself a promise can still be kept in time."""
        return self.open().filter(due_on__lt=day)

    def with_first_day(self) -> PromiseQuerySet:
        """Adds ``first_due_on``, the day for which it was promised first, and ``times_moved`` since."""
        moves = apps.get_model("decisions.PromiseMoved")._default_manager.filter(promise=OuterRef("pk"))
        first = moves.order_by("moved_at", "pk").values("was_due_on")[:1]
        times = moves.order_by().values("promise").annotate(times=Count("*")).values("times")
        added = {
            "first_due_on": Coalesce(Subquery(first), F("due_on")),
            "times_moved": Coalesce(Subquery(times), 0),
        }
        return self.annotate(**added)

    def for_list(self) -> PromiseQuerySet:
        """Everything a row of the list needs, in one query; those due soonest first."""
        return self.select_related("participation__partnership", "owner").order_by("due_on", "pk")


@recorded(
    "promise",
    added="made",
    partnership="participation",
    about=("what",),
    leave_out=("decision", "made_on", "closed_by"),
)
class Promise(OwnedModel):
    """Something promised in a partnership, with somebody who sees to it and a day by which it is done.

    ``decision`` is the one that it came with, if it did. ``evidence`` says by what one can tell that it was kept, and
    ``why`` what happened where it was not, or was taken back.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="promises")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="promises")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    what = models.CharField("what is promised", max_length=500)
    made_to = models.CharField("to whom", max_length=120)
    to_others = models.BooleanField("made to somebody else than the partners", default=False)
    owner = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField("day on which it was made")
    due_on = models.DateField("due")
    state = models.CharField(max_length=9, choices=PromiseState.choices, default=PromiseState.OPEN)
    evidence = models.TextField(blank=True)
    why = models.TextField(blank=True)
    closed_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField("day on which it was closed", null=True, blank=True)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Added by ``with_first_day``.
    first_due_on: datetime.date
    times_moved: int

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="promise_once",
                fields=["participation", "what", "due_on"],
                condition=Q(state=PromiseState.OPEN),
                violation_error_message="This promise is on record already, for the same day.",
            ),
            models.CheckConstraint(
                name="promise_state_is_known",
                condition=Q(state__in=PromiseState.values),
                violation_error_message="A promise is open, kept, not kept or withdrawn.",
            ),
            models.CheckConstraint(
                name="promise_says_what",
                condition=Q(what__regex=r"\S"),
                violation_error_message="Enter what is promised.",
            ),
            models.CheckConstraint(
                name="promise_to_somebody",
                condition=Q(made_to__regex=r"\S"),
                violation_error_message="Enter to whom it is promised.",
            ),
            models.CheckConstraint(
                name="promise_due_once_it_is_made",
                condition=Q(due_on__gte=F("made_on")),
                violation_error_message="A promise cannot be due before it was made. Enter that day or a later one.",
            ),
            models.CheckConstraint(
                name="promise_closed_by_and_on",
                condition=Q(state=PromiseState.OPEN, closed_by__isnull=True, closed_on__isnull=True)
                | ~Q(state=PromiseState.OPEN) & Q(closed_by__isnull=False, closed_on__isnull=False),
                violation_error_message="Record both who closed the promise and when, or neither while it is open.",
            ),
            models.CheckConstraint(
                name="promise_closed_once_it_was_made",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("made_on")),
                violation_error_message="A promise cannot be closed before it was made.",
            ),
            models.CheckConstraint(
                name="promise_kept_by_evidence",
                condition=Q(state=PromiseState.KEPT, evidence__regex=r"\S")
                | ~Q(state=PromiseState.KEPT) & Q(evidence=""),
                violation_error_message="Say by what one can tell that the promise was kept.",
            ),
            models.CheckConstraint(
                name="promise_not_kept_for_a_reason",
                condition=Q(state__in=[PromiseState.NOT_KEPT, PromiseState.WITHDRAWN], why__regex=r"\S")
                | Q(state__in=[PromiseState.OPEN, PromiseState.KEPT], why=""),
                violation_error_message="Say why the promise was not kept, or was taken back.",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def to_whom(self) -> str:
        """Whom it was made to, within a sentence. A name keeps its capital."""
        first, _, rest = self.made_to.partition(" ")
        return f"{first.lower()} {rest}" if first in BEGIN_SMALL and rest else self.made_to

    @property
    def is_open(self) -> bool:
        return self.state == PromiseState.OPEN

    def is_overdue_on(self, day: datetime.date) -> bool:
        return self.is_open and self.due_on < day

    def is_due_soon_on(self, day: datetime.date) -> bool:
        return self.is_open and day <= self.due_on <= day + DUE_SOON

    def was_closed_since(self, day: datetime.date) -> bool:
        return self.closed_on is not None and self.closed_on >= day

    @property
    def was_late(self) -> bool:
        """Whether it was kept after the day for which it was promised in the end."""
        return self.state == PromiseState.KEPT and self.closed_on is not None and self.closed_on > self.due_on


@recorded(
    "day of a promise",
    added="moved",
    partnership="participation",
    about=("promise",),
    leave_out=("moved_by", "moved_at"),
    changes=False,
)
class PromiseMoved(OwnedModel):
    """That a promise is due on another day than before, and why. Lines are added and never changed."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="moves")
    was_due_on = models.DateField("due before")
    due_on = models.DateField("due")
    reason = models.TextField("why")
    moved_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["promise", "-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="promise_moved_to_another_day",
                condition=~Q(was_due_on=F("due_on")),
                violation_error_message="It is due on this day already. Enter another one.",
            ),
            models.CheckConstraint(
                name="promise_moved_for_a_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message="Say why the day moves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.was_due_on:%-d %B %Y} to {self.due_on:%-d %B %Y}"
