"""Beginning a night: a queued run for every organisation that can be scored and has none waiting."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from partnerships.models import ParticipationState
from scoring.models import Night, Run, RunChange, RunState, RunTrigger
from scoring.runner.steps import ready_to_be_scored

ROWS_AT_ONCE = 1000


class NightUnderWayError(RuntimeError):
    """The night before has not ended; the text says how far it is."""


def begin_night(now: datetime.datetime) -> Night:
    """The new night with its runs, all or nothing. Raises NightUnderWayError.

    An organisation whose run waits already is left alone: that run reads the inputs when it is taken, as ours would.
    """
    Night.objects.end_what_is_over()
    try:
        with transaction.atomic():
            return _new_night(now)
    except IntegrityError as problem:
        night = Night.objects.under_way().first()
        if night is None:
            raise
        left = night.progress().waiting + night.progress().running
        raise NightUnderWayError(f"{night} is still under way, with {left} to go.") from problem


def _new_night(now: datetime.datetime) -> Night:
    night = Night.objects.create(started_at=now)
    # The largest first, so that the night does not end with all workers but one idle.
    active = Count("participations", filter=Q(participations__state=ParticipationState.ACTIVE))
    ready = list(ready_to_be_scored().annotate(size=active).order_by("-size", "pk").values_list("pk", flat=True))
    waiting = set(Run.objects.queued().values_list("organisation_id", flat=True))
    Run.objects.bulk_create(
        (
            Run(organisation_id=pk, trigger=RunTrigger.NIGHT, requested_at=now, night=night)
            for pk in ready
            if pk not in waiting
        ),
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,  # somebody may ask for a run at this very moment
    )
    made = list(night.runs.values_list("pk", "organisation_id"))
    note = RunTrigger.NIGHT.label
    RunChange.objects.bulk_create(
        (RunChange(organisation_id=owner, run_id=pk, state=RunState.QUEUED, at=now, note=note) for pk, owner in made),
        batch_size=ROWS_AT_ONCE,
    )
    night.organisations, night.already_waiting = len(ready), len(ready) - len(made)
    night.save(update_fields=["organisations", "already_waiting"])
    return night
