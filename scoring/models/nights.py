"""A night: the re-scoring of every organisation that can be scored, one run each.

How far it is, is never stored: the runs say it. A night is over when none of its runs is open any more, and until then
no other begins, so that work that a slow night left does not pile up.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, F, Max, Q

from scoring.models.runs import OPEN_STATES, RunQuerySet, RunState


@dataclass(frozen=True)
class NightProgress:
    """How many runs of a night are in each state; ``skipped`` are those whose inputs had not changed."""

    waiting: int
    running: int
    done: int
    skipped: int
    failed: int

    @property
    def total(self) -> int:
        return self.waiting + self.running + self.ended

    @property
    def ended(self) -> int:
        return self.done + self.skipped + self.failed

    @property
    def left(self) -> int:
        return self.waiting + self.running

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.total if self.total else 100

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> NightProgress:
        return cls(
            waiting=counts.get(RunState.QUEUED, 0),
            running=counts.get(RunState.RUNNING, 0),
            done=counts.get(RunState.DONE, 0),
            skipped=counts.get(RunState.SKIPPED, 0),
            failed=counts.get(RunState.FAILED, 0),
        )


class NightQuerySet(models.QuerySet["Night"]):
    def under_way(self) -> NightQuerySet:
        return self.filter(ended_at__isnull=True)

    def latest_first(self) -> NightQuerySet:
        return self.order_by("-pk")

    def newest_with_progress(self, most: int) -> NightQuerySet:
        """The newest, each with its counts in the same query, which ``counted`` reads.

        They are chosen before anything is counted: years of nights have millions of runs.
        """
        states = {f"runs_{state}": Count("runs", filter=Q(runs__state=state)) for state in RunState.values}
        newest = self.latest_first().values("pk")[:most]
        return self.filter(pk__in=newest).annotate(**states).latest_first()

    def end_what_is_over(self) -> int:
        """End the night under way once none of its runs is open; how many nights that was, 0 or 1."""
        ended = 0
        for night in self.under_way():
            runs = night.runs.order_by()
            if not runs.filter(state__in=OPEN_STATES).exists():
                last = runs.aggregate(last=Max("finished_at"))["last"] or night.started_at
                ended += self.under_way().filter(pk=night.pk).update(ended_at=last)
        return ended


class Night(models.Model):
    """One re-scoring of everybody. ``organisations`` is how many could be scored when it began; ``already_waiting``,
    how many of those had a run waiting, which scores them without us.
    """

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    organisations = models.PositiveIntegerField(default=0)
    already_waiting = models.PositiveIntegerField(default=0)

    runs: RunQuerySet  # what the related manager is made from

    objects = NightQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="night_one_under_way",
                fields=["ended_at"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                violation_error_message="Last night's scoring is still under way. Wait until it has ended.",
            ),
            models.CheckConstraint(
                name="night_ends_after_it_starts",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                violation_error_message="A night cannot end before it starts. Check both times.",
            ),
            models.CheckConstraint(
                name="night_waiting_are_some_of_all",
                condition=Q(already_waiting__lte=F("organisations")),
                violation_error_message="More organisations are waiting already than there are. Count them again.",
            ),
        ]

    def __str__(self) -> str:
        return f"The night of {self.started_at:%-d %B %Y %H:%M}"

    def progress(self) -> NightProgress:
        """One query."""
        counted = self.runs.order_by().values("state").annotate(count=Count("pk")).values_list("state", "count")
        return NightProgress.of(dict(counted))

    @property
    def counted(self) -> NightProgress:
        """The same without a query, of a night that was read ``newest_with_progress``."""
        return NightProgress.of({state: getattr(self, f"runs_{state}") for state in RunState.values})

    def failed_runs(self) -> RunQuerySet:
        """Each with its organisation, by the organisation's code."""
        failed = self.runs.filter(state=RunState.FAILED).select_related("organisation").without_documents()
        return failed.order_by("organisation__code")

    def seconds(self, now: datetime.datetime) -> float:
        """How long it took, or has taken so far."""
        return ((self.ended_at or now) - self.started_at).total_seconds()
