"""Days a quarter that each level of a participation needs from each pool."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from partnerships.access import check_can_edit
from partnerships.actions.participations import locked
from partnerships.editing import check_version, days_version
from partnerships.estimates import Cell, Estimate
from partnerships.models import DaysNeeded, Participation, Person
from partnerships.signals import announce_change


@transaction.atomic
def record_days(
    *,
    participation: Participation,
    by: Person,
    estimates: Mapping[Cell, Estimate | None],
    expected_version: str | None = None,
) -> None:
    """Record an estimate for each level and pool named; None takes one away; those not named stay.

    Raises ChangedMeanwhile where ``expected_version`` is not the stored one, ValidationError for days out of order.
    """
    check_can_edit(by, participation.organisation)
    current = locked(participation)
    if expected_version is not None:
        check_version(expected_version, days_version(current))
    recorded = {(days.level_id, days.pool_id): days for days in current.days_needed.all()}
    for cell, estimate in estimates.items():
        present = recorded.get(cell)
        if estimate is None:
            if present:
                present.delete()
            continue
        level_id, pool_id = cell
        days = present or DaysNeeded(
            organisation=current.organisation, participation=current, level_id=level_id, pool_id=pool_id
        )
        days.low, days.likely, days.high = estimate.low, estimate.likely, estimate.high
        days.full_clean()
        days.save()
    announce_change(organisation=current.organisation, by=by)
