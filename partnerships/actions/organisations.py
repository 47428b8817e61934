from django.db import transaction

from partnerships import organisation_defaults as defaults
from partnerships.models import (
    AccessGrant,
    CapacityPool,
    EngagementLevel,
    Objective,
    Organisation,
    Person,
    Role,
    WayOfCreatingValue,
)


@transaction.atomic
def set_up_organisation(*, organisation: Organisation, first_lead: Person) -> Organisation:
    """Give an organisation its first strategy lead, levels, pools and criteria; what it already has is left alone."""
    AccessGrant.objects.get_or_create(organisation=organisation, person=first_lead, role=Role.STRATEGY_LEAD)
    give_defaults(organisation)
    return organisation


def give_defaults(organisation: Organisation) -> None:
    """The levels, pools and criteria to begin with; what there is already is left alone."""
    if not organisation.engagement_levels.exists():
        EngagementLevel.objects.bulk_create(
            EngagementLevel(
                organisation=organisation,
                code=level.code,
                name=level.name,
                position=position,
                share_of_value=level.share_of_value,
                share_of_days=level.share_of_days,
                load=level.load,
            )
            for position, level in enumerate(defaults.LEVELS)
        )
    if not organisation.capacity_pools.exists():
        CapacityPool.objects.bulk_create(
            CapacityPool(
                organisation=organisation,
                code=pool.code,
                name=pool.name,
                description=pool.description,
                position=position,
            )
            for position, pool in enumerate(defaults.POOLS)
        )
    if not organisation.objectives.exists():
        Objective.objects.bulk_create(
            Objective(
                organisation=organisation,
                code=objective.code,
                name=objective.name,
                top_of_range=objective.top_of_range,
                position=position,
            )
            for position, objective in enumerate(defaults.OBJECTIVES)
        )
    if not organisation.ways_of_creating_value.exists():
        WayOfCreatingValue.objects.bulk_create(
            WayOfCreatingValue(
                organisation=organisation,
                code=way.code,
                name=way.name,
                description=way.description,
                top_of_range=way.top_of_range,
                position=position,
            )
            for position, way in enumerate(defaults.WAYS)
        )


def hold(organisation: Organisation) -> Organisation:
    """The organisation, held until the transaction ends, so that changes to its lists come one after another."""
    # Rows that name it can still be added meanwhile, by those who hold what we may be waiting for.
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
