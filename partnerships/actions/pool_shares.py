"""Our agreed, dated share of a pool that several organisations give their days from."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.models import CapacityPool, Organisation, Person, PoolShare, Quarter
from partnerships.numbers import plain_number
from partnerships.saving import save_checked
from partnerships.signals import announce_change


@transaction.atomic
def record_share(
    *,
    organisation: Organisation,
    by: Person,
    pool: CapacityPool,
    shared_with: str,
    percent: Decimal,
    from_quarter: Quarter,
    until_quarter: Quarter | None,
) -> PoolShare:
    """Record what was agreed from one quarter until another (None: until further notice).

    An earlier share without an end ends with the quarter before. Raises ValidationError where two shares of one pool
    would hold in the same quarter.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    if pool.organisation_id != organisation.pk:
        raise ValidationError({"pool": "Choose one of your own pools."})
    others = organisation.pool_shares.filter(pool=pool)
    others.filter(until_quarter__isnull=True, from_quarter__lt=from_quarter.first_day).update(
        until_quarter=from_quarter.previous().first_day
    )
    _check_alone(others, from_quarter, until_quarter)
    share = PoolShare(
        organisation=organisation,
        pool=pool,
        shared_with=shared_with,
        percent=percent,
        from_quarter=from_quarter.first_day,
        until_quarter=until_quarter.first_day if until_quarter else None,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    save_checked(share)
    announce_change(organisation=organisation, by=by)
    return share


@transaction.atomic
def remove_share(*, share: PoolShare, by: Person) -> None:
    """Take a share away; one that is gone already stays gone."""
    check_can_edit(by, share.organisation)
    hold(share.organisation)
    PoolShare.objects.filter(pk=share.pk).delete()
    announce_change(organisation=share.organisation, by=by)


def _check_alone(others: QuerySet[PoolShare], first: Quarter, last: Quarter | None) -> None:
    meets = Q(until_quarter__isnull=True) | Q(until_quarter__gte=first.first_day)
    if last is not None:
        meets &= Q(from_quarter__lte=last.first_day)
    other = others.filter(meets).first()
    if other is not None:
        until = f"until {Quarter(other.until_quarter)}" if other.until_quarter else "until further notice"
        raise ValidationError(
            {
                "from_quarter": f"A share of {plain_number(other.percent)}% holds from {Quarter(other.from_quarter)} "
                f"{until}. Choose other quarters, or remove that share first."
            }
        )
