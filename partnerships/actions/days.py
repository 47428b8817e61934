"""Days a quarter that each level of a participation needs from each pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from partnerships.access import check_can_fill_in
from partnerships.actions.participations import locked
from partnerships.editing import check_version, days_version
from partnerships.estimates import Cell, Estimate
from partnerships.models import DaysNeeded, Participation, Person
from partnerships.models.participations import DAYS_IN_ORDER
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
    check_can_fill_in(by, participation.organisation)
    current = locked(participation)
    if expected_version is not None:
        check_version(expected_version, days_version(current))
    _take_away(current, [cell for cell, estimate in estimates.items() if estimate is None])
    rows = [
        DaysNeeded(
            organisation=current.organisation,
            participation=current,
            level_id=level_id,
            pool_id=pool_id,
            low=estimate.low,
            likely=estimate.likely,
            high=estimate.high,
        )
        for (level_id, pool_id), estimate in estimates.items()
        if estimate and _checked(estimate)
    ]
    # in one statement: a spreadsheet brings some dozens of numbers for each of some dozens of partnerships
    DaysNeeded.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["participation", "level", "pool"],
        update_fields=["low", "likely", "high"],
    )
    announce_change(organisation=current.organisation, by=by)


def _checked(estimate: Estimate) -> bool:
    """True; raises ValidationError, in the words of the database's own rule, for days out of order."""
    if not 0 <= estimate.low <= estimate.likely <= estimate.high:
        raise ValidationError(DAYS_IN_ORDER)
    return True


def _take_away(participation: Participation, cells: Sequence[Cell]) -> None:
    wanted = Q()
    for level_id, pool_id in cells:
        wanted |= Q(level_id=level_id, pool_id=pool_id)
    if cells:
        participation.days_needed.filter(wanted).delete()
