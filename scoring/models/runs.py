"""A run: one scoring of one organisation's portfolio, from the request to the result or to the reason it has none.

The row is the truth and the broker only carries its number, so a request outlives a broker that is down and a worker
that is killed. A worker takes a run by a conditional update that leaves a *claim*, and everything it writes later is
conditional on that claim: whoever lost a run to another worker cannot write over its result.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded
from scoring.models.json_text import JsonTextField


class RunState(models.TextChoices):
    QUEUED = "queued", "Waiting to be scored"
    RUNNING = "running", "Being scored"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be scored"
    SKIPPED = "skipped", "Nothing had changed"


# From which state to which, said once. A running run may start again: another worker takes it where the first died.
TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.FAILED}),
    RunState.RUNNING: frozenset({RunState.RUNNING, RunState.DONE, RunState.FAILED, RunState.SKIPPED}),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.SKIPPED: frozenset(),
}
OPEN_STATES = frozenset(state for state, following in TRANSITIONS.items() if following)
ENDED_STATES = tuple(state for state, following in TRANSITIONS.items() if not following)


class RunTrigger(models.TextChoices):
    CHANGE = "change", "A change to what the score rests on"
    BUTTON = "button", "Somebody asked for it"
    NIGHT = "night", "The night's scoring of everybody"


class RunQuerySet(models.QuerySet["Run"]):
    def queued(self) -> RunQuerySet:
        return self.filter(state=RunState.QUEUED)

    def open(self) -> RunQuerySet:
        """Waiting or being scored."""
        return self.filter(state__in=OPEN_STATES)

    def done(self) -> RunQuerySet:
        return self.filter(state=RunState.DONE)

    def latest_first(self) -> RunQuerySet:
        """By the order of the requests, which is the order of the inputs they saw."""
        return self.order_by("-pk")

    def without_documents(self) -> RunQuerySet:
        """Leave out the two large columns, which a page that only tells the state does not need."""
        return self.defer("document", "result")

    def waiting_too_long(self, now: datetime.datetime) -> RunQuerySet:
        """Queued runs that no worker took within the patience of the settings, counted from the last sending.

        Not those of a night, which wait in their thousands: they have a window of their own (``for_the_night``).
        """
        since = now - datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
        return (
            self.queued()
            .exclude(trigger=RunTrigger.NIGHT)
            .annotate(waiting_since=Coalesce("sent_at", "requested_at"))
            .filter(waiting_since__lt=since)
        )

    def wanted_by_somebody(self) -> RunQuerySet:
        """What somebody's deed asked for, and so what a page tells of; the night's work comes by itself."""
        return self.exclude(trigger=RunTrigger.NIGHT)

    def for_the_night(self) -> RunQuerySet:
        """Queued by a night and not taken over since, in the order in which they are sent."""
        return self.queued().filter(trigger=RunTrigger.NIGHT).order_by("pk")

    def never_sent(self) -> RunQuerySet:
        return self.filter(sent_at__isnull=True)

    def sent_before(self, moment: datetime.datetime) -> RunQuerySet:
        return self.filter(sent_at__lt=moment)

    def abandoned(self, now: datetime.datetime) -> RunQuerySet:
        """Running runs whose worker has not been heard of for too long, or gave them back."""
        silent_since = now - datetime.timedelta(seconds=settings.SCORING_LOST_AFTER_SECONDS)
        return self.filter(state=RunState.RUNNING).filter(
            Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=silent_since)
        )

    @transaction.atomic
    def claim(self, pk: int, *, worker: str, now: datetime.datetime) -> Run | None:
        """Take a run for ``worker``: a queued one, or one whose worker died; None where it is not to be had."""
        claim = uuid.uuid4()
        available = self.queued() | self.abandoned(now)
        taken = available.filter(pk=pk).update(
            state=RunState.RUNNING,
            claim=claim,
            claimed_by=worker[:120],
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", now),
            heartbeat_at=now,
            progress_done=0,
            progress_total=0,
        )
        if not taken:
            return None
        run = self.select_related("organisation").get(pk=pk)
        run.note(RunState.RUNNING, now, f"Taken by {worker}, attempt {run.attempts}")
        return run

    def of_claim(self, run: Run) -> RunQuerySet:
        """This run, as long as the claim is still ours; every write of a worker goes through here."""
        return self.filter(pk=run.pk, claim=run.claim, state=RunState.RUNNING)


# That somebody asked; not what came out and how far it is, of which ``RunChange`` keeps the history.
ASKED = ("id", "organisation", "trigger", "requested_by", "state")
BY_SOMEBODY = '{row}."requested_by_id" IS NOT NULL'


@recorded("recommendation", added="asked for", fields=ASKED, only=BY_SOMEBODY, changes=False)
class Run(OwnedModel):
    """One scoring: what was asked, by whom, how far it is, what it saw and what came out."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.QUEUED)
    trigger = models.CharField(max_length=8, choices=RunTrigger.choices)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the broker last took it; blank if never.")
    night = models.ForeignKey(
        "scoring.Night",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
        help_text="The night that made it, also where somebody has wanted it sooner since.",
    )

    claim = models.UUIDField(null=True, blank=True, help_text="Names the worker's turn at this run.")
    claimed_by = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True, help_text="Why it could not be scored, in words for people.")

    document = JsonTextField(null=True, blank=True, help_text="The frozen inputs, a triage/1 document.")
    assumptions = models.JSONField(default=dict, blank=True, help_text="What was filled in where nobody had said.")
    inputs_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the document's canonical JSON.")
    entered_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of what was entered and assumed: the inputs without the memory of the run before.",
    )
    engine_version = models.CharField(max_length=20, blank=True)
    seed = models.PositiveBigIntegerField(default=1)
    result = JsonTextField(null=True, blank=True, help_text="A triage-result/1 document.")

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="run_by_organisation_state", fields=["organisation", "state", "-id"]),
            models.Index(
                name="run_open", fields=["state", "trigger", "id"], condition=Q(state__in=("queued", "running"))
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="run_one_queued_per_organisation",
                fields=["organisation"],
                condition=Q(state=RunState.QUEUED),
                violation_error_message="Scoring is already waiting: your change will be part of it.",
            ),
            models.CheckConstraint(name="run_state_is_known", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(name="run_trigger_is_known", condition=Q(trigger__in=RunTrigger.values)),
            models.CheckConstraint(
                name="run_button_was_pressed_by_somebody",
                condition=~Q(trigger=RunTrigger.BUTTON) | Q(requested_by__isnull=False),
            ),
            models.CheckConstraint(
                name="run_running_is_claimed",
                condition=~Q(state=RunState.RUNNING)
                | Q(claim__isnull=False, started_at__isnull=False) & ~Q(claimed_by=""),
            ),
            models.CheckConstraint(
                name="run_finished_has_an_end",
                condition=Q(state__in=ENDED_STATES, finished_at__isnull=False)
                | ~Q(state__in=ENDED_STATES) & Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="run_by_night_is_of_a_night",
                condition=~Q(trigger=RunTrigger.NIGHT) & ~Q(state=RunState.SKIPPED) | Q(night__isnull=False),
                violation_error_message="Only a night's run goes by night or is skipped. Say which night it is of.",
            ),
            models.CheckConstraint(
                name="run_done_has_inputs_and_result",
                condition=~Q(state=RunState.DONE)
                | Q(document__isnull=False, result__isnull=False) & ~Q(inputs_hash="") & ~Q(engine_version=""),
            ),
            models.CheckConstraint(
                name="run_failed_has_a_reason",
                condition=Q(state=RunState.FAILED, failure__regex=r"\S") | ~Q(state=RunState.FAILED) & Q(failure=""),
            ),
            models.CheckConstraint(
                name="run_progress_within_total", condition=Q(progress_done__lte=F("progress_total"))
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def recommends_as(self, other: Run) -> bool:
        """Whether both recommend the same levels under the same labels. Two queries."""
        said, before = (
            set(run.recommendations.values_list("participation", "label", "level_code", "best_code"))
            for run in (self, other)
        )
        return said == before

    @property
    def progress_percent(self) -> int:
        return 100 * self.progress_done // self.progress_total if self.progress_total else 0

    def is_delayed(self, now: datetime.datetime) -> bool:
        """Waiting without the broker knowing of it, or waiting longer than somebody should."""
        if self.trigger == RunTrigger.NIGHT:
            return False  # nobody waits for it
        patience = datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
        return self.state == RunState.QUEUED and (self.sent_at is None or now - self.requested_at > patience)

    def note(self, state: RunState, at: datetime.datetime, note: str = "") -> RunChange:
        """Add a line to the history; the caller changed the state."""
        return self.changes.create(organisation_id=self.organisation_id, state=state, at=at, note=note[:250])

    def outcome(self) -> dict[str, Any]:
        """The engine's result, for a run that is known to have one. Raises ValueError for one that has not ended."""
        if self.result is None:
            raise ValueError(f"Run {self.pk} has no result yet.")
        result: dict[str, Any] = self.result
        return result

    def frozen_inputs(self) -> dict[str, Any]:
        """The document, for a run that is known to have one. Raises ValueError for one that has not started."""
        if self.document is None:
            raise ValueError(f"Run {self.pk} has no inputs yet.")
        document: dict[str, Any] = self.document
        return document


class RunChange(OwnedModel):
    """A line of a run's history: which state it came into, when, and why."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="run_changes")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=8, choices=RunState.choices)
    at = models.DateTimeField()
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["run", "at", "pk"]
        constraints = [models.CheckConstraint(name="run_change_state_is_known", condition=Q(state__in=RunState.values))]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.at:%-d %B %Y %H:%M}"
