"""Days set aside, freed or considered: recording them, changing them, and giving them back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_decide, check_can_read
from partnerships.actions.organisations import hold
from partnerships.models import (
    AdjustedDays,
    AdjustmentKind,
    CapacityAdjustment,
    Organisation,
    Participation,
    Person,
    Quarter,
)
from partnerships.saving import save_checked
from partnerships.signals import announce_change

MOST_DAYS = Decimal(10_000)  # a quarter, of one pool; more than a hundred people have


@dataclass(frozen=True)
class DaysAdjusted:
    """What for, how many days a quarter by the id of a pool, between which quarters (None: not counted, and until
    further notice), and in which partnership (None: in no one alone).
    """

    what_for: str
    days: Mapping[int, Decimal]
    first: Quarter | None = None
    last: Quarter | None = None
    participation: Participation | None = None


@transaction.atomic
def record_adjustment(
    *, organisation: Organisation, by: Person, kind: AdjustmentKind, adjusted: DaysAdjusted
) -> CapacityAdjustment:
    """Set days aside, free them or only consider them. Raises ValidationError with what to do."""
    check_can_decide(by, organisation)
    hold(organisation)
    adjustment = CapacityAdjustment(organisation=organisation, kind=kind, recorded_by=by, recorded_at=timezone.now())
    _write(adjustment, adjusted)
    announce_change(organisation=organisation, by=by)
    return adjustment


@transaction.atomic
def change_adjustment(*, adjustment: CapacityAdjustment, by: Person, adjusted: DaysAdjusted) -> CapacityAdjustment:
    """Have it say this instead, days and quarters included. Raises ValidationError with what to do."""
    check_can_decide(by, adjustment.organisation)
    hold(adjustment.organisation)
    _write(adjustment, adjusted)
    announce_change(organisation=adjustment.organisation, by=by)
    return adjustment


@transaction.atomic
def give_back_days(*, adjustment: CapacityAdjustment, by: Person, on: datetime.date) -> CapacityAdjustment:
    """Give the days back; once they are, they stay so. Whoever sees to what they were for may, and so whoever belongs
    here: what ends it has checked who it is.
    """
    check_can_read(by, adjustment.organisation)
    hold(adjustment.organisation)
    if adjustment.given_back_on is None:
        adjustment.given_back_by, adjustment.given_back_on = by, on
        save_checked(adjustment)
        announce_change(organisation=adjustment.organisation, by=by)
    return adjustment


def _write(adjustment: CapacityAdjustment, adjusted: DaysAdjusted) -> None:
    pools = set(adjustment.organisation.capacity_pools.values_list("pk", flat=True))
    if not set(adjusted.days) <= pools:
        raise ValidationError("One of these pools is not there any more. Open the page again.")
    if any(days > MOST_DAYS for days in adjusted.days.values()):
        raise ValidationError(f"Enter {MOST_DAYS} days a quarter or less for each pool.")
    adjustment.what_for, adjustment.participation = adjusted.what_for, adjusted.participation
    adjustment.from_quarter = adjusted.first.first_day if adjusted.first else None
    adjustment.until_quarter = adjusted.last.first_day if adjusted.last else None
    save_checked(adjustment)
    kept = {row.pool_id: row for row in adjustment.amounts.all()}
    for pool, row in kept.items():
        if pool not in adjusted.days:
            row.delete()
    for pool, days in adjusted.days.items():
        row = kept.get(pool) or AdjustedDays(organisation=adjustment.organisation, adjustment=adjustment, pool_id=pool)
        if row.pk is None or row.days != days:
            row.days = days
            save_checked(row)
