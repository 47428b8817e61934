"""Beginning a night: a queued run for every organisation that can be scored and has none waiting."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from partnerships.isolation import acting_for_several
from partnerships.over_all_organisations import rows_of
from scoring.models import Night, Run, RunChange, RunState, RunTrigger

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
    ready = rows_of("scoring_ready_for_the_night")
    wanting = [organisation for organisation, already_waiting in ready if not already_waiting]
    made = sum(
        _make_runs(night, wanting[start : start + ROWS_AT_ONCE]) for start in range(0, len(wanting), ROWS_AT_ONCE)
    )
    night.organisations, night.already_waiting = len(ready), len(ready) - made
    night.save(update_fields=["organisations", "already_waiting"])
    return night


def _make_runs(night: Night, organisations: Sequence[int]) -> int:
    """A run for each of these organisations, in this order, as long as it has none waiting; how many were made."""
    now = night.started_at
    with acting_for_several(organisations):
        Run.objects.bulk_create(
            [Run(organisation_id=pk, trigger=RunTrigger.NIGHT, requested_at=now, night=night) for pk in organisations],
            ignore_conflicts=True,  # somebody may ask for a run at this very moment
        )
        made = list(night.runs.filter(organisation__in=organisations).values_list("pk", "organisation_id"))
        RunChange.objects.bulk_create(
            RunChange(organisation_id=owner, run_id=pk, state=RunState.QUEUED, at=now, note=RunTrigger.NIGHT.label)
            for pk, owner in made
        )
    return len(made)
