"""Why the recommendation moved between two runs: worked out once in the background, and remembered for a while.

Both runs are frozen, so the answer is the same whoever works it out and however often. That is why nobody claims one:
a second worker would only write the same. The broker carries the number, and the row is the truth.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partnerships.models.ownership import OwnedModel
from scoring.models.runs import Run

FORGOTTEN_AFTER = datetime.timedelta(days=30)
AT_ONCE = datetime.timedelta(seconds=3)
FAILURE_STANDS_FOR = datetime.timedelta(minutes=10)  # opening the page later asks again


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    def unfinished(self) -> ExplanationQuerySet:
        return self.filter(finished_at__isnull=True)

    def waiting_too_long(self, now: datetime.datetime) -> ExplanationQuerySet:
        """Those that the broker never took, and those that nobody answered within the time limit of an answer."""
        unsent_since = now - datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
        sent_before = now - datetime.timedelta(seconds=settings.WHAT_IF_TIME_LIMIT)
        return self.unfinished().filter(
            Q(sent_at__isnull=True, requested_at__lt=unsent_since) | Q(sent_at__lt=sent_before)
        )

    def forgotten(self, now: datetime.datetime) -> ExplanationQuerySet:
        return self.filter(requested_at__lt=now - FORGOTTEN_AFTER)

    def begin(self, pk: int) -> Explanation | None:
        """Count another attempt at one that is not finished; None where there is nothing to do."""
        if not self.unfinished().filter(pk=pk).update(attempts=F("attempts") + 1):
            return None
        return self.select_related("before", "after").get(pk=pk)


class Explanation(OwnedModel):
    """The moves from one run's recommendation to a later one's, each with the inputs that moved it."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="explanations")
    before = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    engine_version = models.CharField(max_length=20, help_text="Of the engine that was asked; a newer one asks anew.")
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the broker last took it; blank if never.")
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True, help_text="Why there is no answer, in words for people.")
    moves = models.JSONField(null=True, blank=True, help_text="The moves, each with what moved it.")

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="explanation_unfinished", fields=["requested_at"], condition=Q(finished_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="explanation_once_for_two_runs",
                fields=["before", "after"],
                violation_error_message="These two runs are being compared already. Open that comparison.",
            ),
            models.CheckConstraint(
                name="explanation_goes_forward",
                condition=Q(before__lt=F("after")),
                violation_error_message="Compare a run with an earlier one.",
            ),
            models.CheckConstraint(
                name="explanation_finished_says_something",
                condition=Q(finished_at__isnull=True, moves__isnull=True, failure="")
                | Q(finished_at__isnull=False, moves__isnull=False, failure="")
                | Q(finished_at__isnull=False, moves__isnull=True, failure__regex=r"\S"),
                violation_error_message="A finished comparison has an answer or says why not, and no other has either.",
            ),
        ]

    def __str__(self) -> str:
        return f"From run {self.before_id} to run {self.after_id}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None

    def is_delayed(self, now: datetime.datetime) -> bool:
        """Not taken by the broker at once, or waiting longer than somebody should."""
        patience = datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
        return self.is_open and now - self.requested_at > (AT_ONCE if self.sent_at is None else patience)

    def is_out_of_date(self, now: datetime.datetime, engine_version: str) -> bool:
        """Whether to ask again: another engine has come since, or it failed a while ago."""
        if self.engine_version != engine_version:
            return True
        return bool(self.failure) and self.finished_at is not None and now - self.finished_at > FAILURE_STANDS_FOR
