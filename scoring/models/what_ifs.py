"""A what-if: levers pulled on the inputs of one run, and what came out.

Like a run, the row is the truth and the broker only carries its number: a worker takes it by a conditional update that
leaves a claim, and whoever lost it to another worker writes nothing. A try without a name is forgotten after a while;
with a name it is kept until somebody deletes it.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded
from scoring.models.json_text import JsonTextField
from scoring.models.runs import Run
from scoring.what_if import Lever, lever_from

USUAL_SECONDS = 5  # an answer takes about one; after this many the page says that it is late
FORGOTTEN_AFTER = datetime.timedelta(days=7)


class WhatIfState(models.TextChoices):
    QUEUED = "queued", "Waiting to be worked out"
    RUNNING = "running", "Being worked out"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be worked out"


class WhatIfQuerySet(models.QuerySet["WhatIf"]):
    def saved(self) -> WhatIfQuerySet:
        """Those with a name, by name."""
        return self.exclude(name="").order_by(Lower("name"), "pk")

    def without_results(self) -> WhatIfQuerySet:
        return self.defer("result")

    def waiting(self) -> WhatIfQuerySet:
        return self.filter(state=WhatIfState.QUEUED)

    def waiting_too_long(self, now: datetime.datetime) -> WhatIfQuerySet:
        """Those that no worker took within the patience of the settings, counted from the last sending."""
        since = now - datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
        waiting = self.waiting().annotate(waiting_since=Coalesce("sent_at", "requested_at"))
        return waiting.filter(waiting_since__lt=since)

    def abandoned(self, now: datetime.datetime) -> WhatIfQuerySet:
        """Those whose worker was stopped by the time limit, died, or gave them back."""
        since = now - datetime.timedelta(seconds=settings.WHAT_IF_TIME_LIMIT)
        return self.filter(state=WhatIfState.RUNNING).filter(Q(claimed_at__isnull=True) | Q(claimed_at__lt=since))

    def claim(self, pk: int, *, now: datetime.datetime, worker_died: bool = False) -> WhatIf | None:
        """Take one: a waiting one, or one whose worker died; None where it is not to be had.

        With ``worker_died`` somebody knows that its worker is gone, and nobody waits for the time limit to pass.
        """
        available = self.waiting() | (self.filter(state=WhatIfState.RUNNING) if worker_died else self.abandoned(now))
        taken = available.filter(pk=pk).update(
            state=WhatIfState.RUNNING, claim=uuid.uuid4(), claimed_at=now, attempts=F("attempts") + 1
        )
        return self.select_related("base_run").get(pk=pk) if taken else None

    def of_claim(self, what_if: WhatIf) -> WhatIfQuerySet:
        """This one, as long as the claim is still ours; every write of a worker goes through here."""
        return self.filter(pk=what_if.pk, claim=what_if.claim, state=WhatIfState.RUNNING)

    def forgotten(self, now: datetime.datetime) -> WhatIfQuerySet:
        """Tries that nobody gave a name in time."""
        return self.filter(name="", requested_at__lt=now - FORGOTTEN_AFTER)


# What somebody kept; how a try is worked out is no change.
SAVED_OR_ADOPTED = ("id", "organisation", "name", "saved_by", "adopted_at", "adopted_by")
WITH_A_NAME = "{row}.\"name\" <> ''"


@recorded("what-if", added="saved", about=("name",), fields=SAVED_OR_ADOPTED, only=WITH_A_NAME)
class WhatIf(OwnedModel):
    """What somebody tried on which run, the answer or why there is none, and whether it was saved or adopted."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="what_ifs")
    base_run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="what_ifs")
    levers = models.JSONField(help_text="What is to be otherwise than in the inputs of the run.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the levers: the same for the same levers.")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the broker last took it; blank if never.")

    state = models.CharField(max_length=8, choices=WhatIfState.choices, default=WhatIfState.QUEUED)
    claim = models.UUIDField(null=True, blank=True, help_text="Names the worker's turn at it.")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="Blank once a worker has given it back.")
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True, help_text="Why there is no answer, in words for people.")
    result = JsonTextField(null=True, blank=True, help_text="A triage-result/1 document.")
    kept_value = models.FloatField(
        null=True, blank=True, help_text="What keeping to the recommendation is worth with these levers, days apart."
    )

    name = models.CharField(max_length=80, blank=True, help_text="Blank until somebody saves it.")
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                name="what_if_not_answered_yet",
                fields=["requested_at"],
                condition=Q(state__in=(WhatIfState.QUEUED, WhatIfState.RUNNING)),
            ),
            models.Index(name="what_if_without_a_name", fields=["requested_at"], condition=Q(name="")),
        ]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="what_if_name_once",
                condition=~Q(name=""),
                violation_error_message="You already have a what-if with this name. Choose another name.",
            ),
            models.UniqueConstraint(
                name="what_if_tried_once",
                fields=["base_run", "requested_by", "fingerprint"],
                condition=Q(name=""),
                violation_error_message="You have tried exactly this already. Open that what-if.",
            ),
            models.CheckConstraint(
                name="what_if_changes_something",
                condition=~Q(levers=[]),
                violation_error_message="Change at least one thing.",
            ),
            models.CheckConstraint(
                name="what_if_state_is_known",
                condition=Q(state__in=WhatIfState.values),
                violation_error_message="A what-if waits, is being worked out, is done or has failed.",
            ),
            models.CheckConstraint(
                name="what_if_being_answered_is_claimed",
                condition=~Q(state=WhatIfState.RUNNING) | Q(claim__isnull=False),
                violation_error_message="A what-if that is being worked out names the worker's turn.",
            ),
            models.CheckConstraint(
                name="what_if_finished_has_an_end",
                condition=Q(state__in=(WhatIfState.DONE, WhatIfState.FAILED), finished_at__isnull=False)
                | ~Q(state__in=(WhatIfState.DONE, WhatIfState.FAILED)) & Q(finished_at__isnull=True),
                violation_error_message="A finished what-if says when it was finished, and no other does.",
            ),
            models.CheckConstraint(
                name="what_if_done_has_a_result",
                condition=Q(state=WhatIfState.DONE, result__isnull=False)
                | ~Q(state=WhatIfState.DONE) & Q(result__isnull=True),
                violation_error_message="A what-if that is done has an answer, and no other has.",
            ),
            models.CheckConstraint(
                name="what_if_failed_has_a_reason",
                condition=Q(state=WhatIfState.FAILED, failure__regex=r"\S")
                | ~Q(state=WhatIfState.FAILED) & Q(failure=""),
                violation_error_message="Say why the what-if could not be worked out.",
            ),
            models.CheckConstraint(
                name="what_if_saved_by_and_at",
                condition=Q(name="", saved_by__isnull=True, saved_at__isnull=True)
                | Q(name__regex=r"\S", saved_by__isnull=False, saved_at__isnull=False),
                violation_error_message="Give the what-if a name to save it.",
            ),
            models.CheckConstraint(
                name="what_if_adopted_by_and_at",
                condition=Q(adopted_by__isnull=True, adopted_at__isnull=True)
                | Q(adopted_by__isnull=False, adopted_at__isnull=False),
                violation_error_message="Record both who adopted the what-if and when, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"What-if {self.pk}"

    @property
    def pulled(self) -> list[Lever]:
        return [lever_from(stored) for stored in self.levers]

    @property
    def is_open(self) -> bool:
        return self.state in (WhatIfState.QUEUED, WhatIfState.RUNNING)

    def is_delayed(self, now: datetime.datetime) -> bool:
        """Waiting without the broker knowing of it, or waiting longer than it should."""
        patience = datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
        return self.state == WhatIfState.QUEUED and (self.sent_at is None or now - self.requested_at > patience)

    def is_late(self, now: datetime.datetime) -> bool:
        """Being worked out for longer than usual, or once more after it was cut off."""
        usual = datetime.timedelta(seconds=USUAL_SECONDS)
        return self.state == WhatIfState.RUNNING and (self.attempts > 1 or now - self.requested_at > usual)

    def outcome(self) -> dict[str, Any]:
        """The engine's result. Raises ValueError for a what-if that has none."""
        if self.result is None:
            raise ValueError(f"What-if {self.pk} has no result.")
        result: dict[str, Any] = self.result
        return result
