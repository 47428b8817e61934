"""A night: the re-scoring of every organisation that can be scored, one run each.

How far it is, is never stored: the runs say it. A night is over when none of its runs is open any more, and until then
no other begins, so that work that a slow night left does not pile up.

A night is everybody's and its runs are each organisation's own, so they are counted by functions of the database that
give out counts and ids (``partnerships.over_all_organisations``).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F, Q

from partnerships.isolation import acting_for_several
from partnerships.over_all_organisations import ids_of, rows_of
from scoring.models.runs import OPEN_STATES, Run, RunQuerySet, RunState


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


@dataclass
class NightCounts:
    """How many runs of a night are in each state that has any, and when the last of them ended."""

    runs: dict[str, int] = field(default_factory=dict)
    last_finished: datetime.datetime | None = None


def counts_of(nights: Iterable[int]) -> defaultdict[int, NightCounts]:
    """By night. One query."""
    found = defaultdict[int, NightCounts](NightCounts)
    for night, state, runs, finished in rows_of("scoring_night_counts", list(nights)):
        counts = found[night]
        counts.runs[state] = runs
        counts.last_finished = max(filter(None, (counts.last_finished, finished)), default=None)
    return found


class NightQuerySet(models.QuerySet["Night"]):
    def under_way(self) -> NightQuerySet:
        return self.filter(ended_at__isnull=True)

    def latest_first(self) -> NightQuerySet:
        return self.order_by("-pk")

    def newest_with_progress(self, most: int) -> list[Night]:
        """The newest, each with its counts, which ``counted`` reads. Two queries."""
        nights = list(self.latest_first()[:most])
        counts = counts_of(night.pk for night in nights)
        for night in nights:
            night.counted = NightProgress.of(counts[night.pk].runs)
        return nights

    def end_what_is_over(self) -> int:
        """End the night under way once none of its runs is open; how many nights that was, 0 or 1."""
        ended = 0
        for night in self.under_way():
            counts = counts_of([night.pk])[night.pk]
            if not any(counts.runs.get(state) for state in OPEN_STATES):
                last = counts.last_finished or night.started_at
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
    counted: NightProgress  # there only where the nights were read ``newest_with_progress``

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
        return NightProgress.of(counts_of([self.pk])[self.pk].runs)

    def finished_since(self, moment: datetime.datetime) -> int:
        """How many of its runs ended at ``moment`` or later."""
        [number] = ids_of("scoring_night_finished_since", self.pk, moment)
        return number

    def failed_runs(self, most: int | None = None) -> list[Run]:
        """Each with its organisation, by the organisation's code. Two queries.

        The people who run the service read why a run failed; of those organisations nothing else is shown to them.
        """
        failed = rows_of("scoring_night_failed", self.pk, most)
        with acting_for_several({organisation for organisation, _ in failed}):
            runs = self.runs.filter(pk__in=[run for _, run in failed]).select_related("organisation")
            return list(runs.without_documents().order_by("organisation__code"))

    def seconds(self, now: datetime.datetime) -> float:
        """How long it took, or has taken so far."""
        return ((self.ended_at or now) - self.started_at).total_seconds()
