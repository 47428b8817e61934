"""What moving a partnership to another level costs, in points of value for each level."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, cost_of_change_version
from partnerships.models import CostOfChange, Organisation, Person
from partnerships.saving import save_checked
from partnerships.signals import announce_change


@transaction.atomic
def set_cost_of_change(
    *, organisation: Organisation, by: Person, up: Decimal, down: Decimal, expected_version: str | None = None
) -> CostOfChange:
    """Record the points lost for each level up and down; 0 is none. Raises ValidationError or ChangedMeanwhile."""
    check_can_edit(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, cost_of_change_version(organisation))
    cost = CostOfChange.objects.filter(organisation=organisation).first() or CostOfChange(organisation=organisation)
    cost.up, cost.down, cost.set_by, cost.set_at = up, down, by, timezone.now()
    save_checked(cost)
    announce_change(organisation=organisation, by=by)
    return cost
