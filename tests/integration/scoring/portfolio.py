"""A portfolio that can be scored: more asked than there are days, ratings that differ, two kinds of pool."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from partnerships.models import (
    CapacityQuarter,
    DaysNeeded,
    EngagementLevel,
    Organisation,
    Participation,
    Partnership,
    PartnershipKind,
    Person,
    Quarter,
    ValueRating,
)
from tests.factories import active_participation, organisation_with_people

REVIEWED_AT = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)


def portfolio(
    size: int = 5, *, days: int = 30, reviewed: bool = True, **facts: object
) -> tuple[Organisation, Person, Person]:
    """An organisation with ``size`` active partnerships, its strategy lead and its executive.

    Partnership number n is rated a little lower than the one before and asks for 6 executive days at the top.
    """
    organisation, lead, executive = organisation_with_people(**facts)
    pools = {pool.code: pool for pool in organisation.capacity_pools.all()}
    quarter = Quarter.containing(timezone.localdate()).first_day
    for code, amount in {"executive": days, "clinical": 200, "programme": 400}.items():
        CapacityQuarter.objects.create(
            organisation=organisation, pool=pools[code], quarter=quarter, days=amount, reserve_percent=10
        )
    for number in range(size):
        add_partnership(organisation, number, reviewed_by=lead if reviewed else None)
    return organisation, lead, executive


def add_partnership(organisation: Organisation, number: int, *, reviewed_by: Person | None = None) -> Participation:
    partnership = Partnership.objects.create(
        slug=f"{organisation.code.lower()}-{number}",
        name=f"Alliance {number}",
        kind=PartnershipKind.objects.get(code="provider-collaborative"),
        recorded_by=organisation,
    )
    review = {} if reviewed_by is None else {"harm_reviewed_by": reviewed_by, "harm_reviewed_at": REVIEWED_AT}
    one = active_participation(organisation, "prioritise", partnership=partnership, **review)
    top: EngagementLevel = organisation.engagement_levels.get(code="prioritise")
    DaysNeeded.objects.create(
        organisation=organisation,
        participation=one,
        level=top,
        pool=organisation.capacity_pools.get(code="executive"),
        low=Decimal(5),
        likely=Decimal(6),
        high=Decimal(8),
    )
    likely = Decimal(max(5, 80 - 7 * number))
    ValueRating.objects.create(
        organisation=organisation,
        participation=one,
        objective=organisation.objectives.get(code="patients"),
        way=organisation.ways_of_creating_value.get(code="join-up"),
        low=likely - 4,
        likely=likely,
        high=likely + 4,
        evidence="Judgement",
    )
    return one
