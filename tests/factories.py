"""Test data, with the fewest facts that the database's own rules allow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from partnerships.actions.organisations import set_up_organisation
from partnerships.models import (
    AccessGrant,
    Organisation,
    Participation,
    ParticipationState,
    Partnership,
    PartnershipKind,
    PartnershipMembership,
    Person,
    Role,
)

PASSWORD = "a-long-enough-password"


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda number: f"T{number:04d}")
    name = factory.Sequence(lambda number: f"Organisation {number}")
    is_invented = True


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.django.Password(PASSWORD)


class PartnershipFactory(DjangoModelFactory[Partnership]):
    class Meta:
        model = Partnership

    slug = factory.Sequence(lambda number: f"partnership-{number}")
    name = factory.Sequence(lambda number: f"Partnership {number}")
    kind = factory.LazyFunction(lambda: PartnershipKind.objects.get(code="provider-collaborative"))
    recorded_by = factory.SubFactory(OrganisationFactory)


class MembershipFactory(DjangoModelFactory[PartnershipMembership]):
    class Meta:
        model = PartnershipMembership

    partnership = factory.SubFactory(PartnershipFactory)
    organisation = factory.SubFactory(OrganisationFactory)


def organisation_with_people(**facts: Any) -> tuple[Organisation, Person, Person]:
    """An organisation with its default levels, pools and criteria, its strategy lead, and an executive."""
    organisation = OrganisationFactory.create(**facts)
    lead, executive = PersonFactory.create(), PersonFactory.create()
    set_up_organisation(organisation=organisation, first_lead=lead)
    AccessGrant.objects.create(organisation=organisation, person=executive, role=Role.EXECUTIVE)
    return organisation, lead, executive


def active_participation(organisation: Organisation, level: str = "sustain", **facts: Any) -> Participation:
    """An active participation of a set-up organisation at ``level``."""
    partnership = facts.pop("partnership", None) or PartnershipFactory.create(recorded_by=organisation)
    return Participation.objects.create(
        organisation=organisation,
        partnership=partnership,
        **{
            "state": ParticipationState.ACTIVE,
            "level": organisation.engagement_levels.get(code=level),
            "purpose": "To plan services together",
            "patient_benefit": "Shorter waits for people in our area",
            "harm_of_declining": Decimal(0),
            **facts,
        },
    )
