"""Adopting a what-if: its levers become the organisation's real inputs, and those are scored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.actions.capacity import USUAL_RESERVE, PoolCapacity, set_capacity
from partnerships.actions.criteria import set_weights
from partnerships.actions.organisations import hold
from partnerships.actions.participations import set_duty
from partnerships.editing import check_version
from partnerships.models import Organisation, Person, Quarter
from scoring.actions.tipping_point import set_tipping_point
from scoring.adoption import adoption_of, capacity_in_force, share_in_force, why_not_adopted
from scoring.models import WhatIf
from scoring.what_if import Attention, Days, Duty, Lever, Weights


@transaction.atomic
def adopt_what_if(*, what_if: WhatIf, by: Person, sources: Mapping[str, str], expected_version: str) -> WhatIf:
    """Write a saved what-if's levers into capacity, weights, duties and tipping point; a new score follows by itself.

    ``sources`` says where each new duty is written, by the partnership's id. One that is adopted already is left as it
    is. Raises ChangedMeanwhile where the inputs are not as ``expected_version`` saw them, ValidationError with what to
    do, PermissionDenied, WhatIf.DoesNotExist where somebody deleted it meanwhile.
    """
    check_can_edit(by, what_if.organisation)
    # First the what-if and then its organisation, as everywhere: two that wait for each other would both be lost.
    # Nothing is joined to it: PostgreSQL would not find it where its run was replaced while this waited.
    current = WhatIf.objects.select_for_update().get(pk=what_if.pk)
    hold(current.organisation)
    if current.adopted_at is not None:
        return current
    if obstacle := why_not_adopted(current):
        raise ValidationError(obstacle)
    on = timezone.localdate()
    adoption = adoption_of(current, by=by, on=on)
    check_version(expected_version, adoption.version)
    if not adoption.changes:
        raise ValidationError("Nothing in this what-if can be adopted.")
    for change in adoption.changes:
        _write(change.lever, current.organisation, by, Quarter.containing(on), sources)
    current.adopted_by, current.adopted_at = by, timezone.now()
    current.save(update_fields=["adopted_by", "adopted_at"])
    return current


def _write(lever: Lever, organisation: Organisation, by: Person, quarter: Quarter, sources: Mapping[str, str]) -> None:
    if isinstance(lever, Days):
        _write_days(lever, organisation, by, quarter)
    elif isinstance(lever, Weights):
        objectives = dict(organisation.objectives.values_list("code", "pk"))
        ways = dict(organisation.ways_of_creating_value.values_list("code", "pk"))
        set_weights(
            organisation=organisation,
            by=by,
            objective_points={objectives[code]: Decimal(str(points)) for code, points in lever.points},
            way_points={ways[code]: Decimal(str(points)) for code, points in lever.ways},
        )
    elif isinstance(lever, Attention):
        set_tipping_point(
            organisation=organisation, by=by, hurts_from=lever.hurts_from, adds_nothing_at=lever.adds_nothing_at
        )
    elif isinstance(lever, Duty):
        one = organisation.participations.active().get(partnership__slug=lever.partnership)
        level = organisation.engagement_levels.get(code=lever.level) if lever.level else None
        set_duty(
            participation=one,
            by=by,
            mandate_level=level,
            mandate_source=sources[lever.partnership] if level else "",
            harm_of_declining=one.harm_of_declining,
            harm_is_reviewed=False,  # the harm stays as it is, and so does the name of who reviewed it
        )


def _write_days(lever: Days, organisation: Organisation, by: Person, quarter: Quarter) -> None:
    """This quarter's days, of a shared pool those of the whole; the reserve stays the percentage it is."""
    pool = organisation.capacity_pools.get(code=lever.pool)
    row = capacity_in_force(organisation, pool.pk, quarter.first_day)
    reserve = row.reserve_percent if row else USUAL_RESERVE
    share = share_in_force(organisation, pool.pk, quarter.first_day)
    days = Decimal(str(lever.days))
    amounts = {pool.pk: PoolCapacity(share.whole_of(days) if share else days, reserve)}
    set_capacity(organisation=organisation, by=by, quarter=quarter, amounts=amounts)
