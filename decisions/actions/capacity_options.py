"""Options for more capacity: recording one, having all of them valued, and taking one off the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.actions.plan import days_of
from decisions.models import CapacityOption
from partnerships.access import check_can_decide
from partnerships.actions.adjustments import DaysAdjusted, record_adjustment
from partnerships.actions.organisations import hold
from partnerships.models import AdjustmentKind, Organisation, Person
from partnerships.saving import save_checked


@dataclass(frozen=True)
class Considered:
    """What it is, the days a quarter that it would add by the id of a pool, and pounds a year where somebody knows."""

    name: str
    days: Mapping[int, Decimal]
    yearly_cost: Decimal | None = None


@transaction.atomic
def consider_option(*, organisation: Organisation, by: Person, considered: Considered) -> CapacityOption:
    """Put an option on the list. The same once more changes nothing. Raises ValidationError with what to do."""
    check_can_decide(by, organisation)
    hold(organisation)
    same = organisation.capacity_options.for_list().filter(
        name=considered.name, yearly_cost=considered.yearly_cost, recorded_by=by
    )
    if (found := same.first()) is not None and days_of(found.adjustment) == dict(considered.days):
        return found
    if not considered.days:
        raise ValidationError("Enter the days that it would add, in at least one pool.")
    adjustment = record_adjustment(
        organisation=organisation,
        by=by,
        kind=AdjustmentKind.CONSIDERED,
        adjusted=DaysAdjusted(considered.name, considered.days),
    )
    option = CapacityOption(
        organisation=organisation,
        name=considered.name,
        yearly_cost=considered.yearly_cost,
        adjustment=adjustment,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    save_checked(option)
    return option


@transaction.atomic
def remove_option(*, option: CapacityOption, by: Person) -> None:
    """Take it off the list; one that is gone already stays gone. The record of changes keeps what it said."""
    check_can_decide(by, option.organisation)
    hold(option.organisation)
    if CapacityOption.objects.filter(pk=option.pk).delete()[0]:
        option.adjustment.delete()
