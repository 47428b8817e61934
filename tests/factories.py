"""Test data, with the fewest facts that the database's own rules allow."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from factory.declarations import LazyFunction, SelfAttribute, Sequence, SubFactory
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


@cache
def hashed_password() -> str:
    return make_password(PASSWORD)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    code = Sequence(lambda number: f"T{number:04d}")
    name = Sequence(lambda number: f"Organisation {number}")
    is_invented = True


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = Sequence(lambda number: f"person{number}@example.org")
    name = Sequence(lambda number: f"Person {number}")
    # hashing is slow on purpose: once a run is enough, since everybody has the same password
    password = LazyFunction(hashed_password)


class PartnershipFactory(DjangoModelFactory[Partnership]):
    class Meta:
        model = Partnership

    slug = Sequence(lambda number: f"partnership-{number}")
    name = Sequence(lambda number: f"Partnership {number}")
    kind = LazyFunction(lambda: PartnershipKind.objects.get(code="provider-collaborative"))
    recorded_by = SubFactory(OrganisationFactory)


class MembershipFactory(DjangoModelFactory[PartnershipMembership]):
    class Meta:
        model = PartnershipMembership

    partnership = SubFactory(PartnershipFactory)
    organisation = SubFactory(OrganisationFactory)
    source = SelfAttribute("partnership.source")


def organisation_with_people(**facts: Any) -> tuple[Organisation, Person, Person]:
    """An organisation with its default levels, pools and criteria, its strategy lead, and an executive."""
    organisation = OrganisationFactory.create(**facts)
    lead, executive = PersonFactory.create(), PersonFactory.create()
    set_up_organisation(organisation=organisation, first_lead=lead)
    AccessGrant.objects.create(organisation=organisation, person=executive, role=Role.EXECUTIVE)
    return organisation, lead, executive


def in_role(organisation: Organisation, role: Role, **facts: Any) -> Person:
    """Somebody with this role there; ``facts`` are of the grant, such as its end."""
    person = PersonFactory.create()
    AccessGrant.objects.create(organisation=organisation, person=person, role=role, **facts)
    return person


def active_participation(organisation: Organisation, level: str | None = "sustain", **facts: Any) -> Participation:
    """An active participation of a set-up organisation at ``level``; a draft may have None."""
    partnership = facts.pop("partnership", None) or PartnershipFactory.create(recorded_by=organisation)
    return Participation.objects.create(
        organisation=organisation,
        partnership=partnership,
        **{
            "state": ParticipationState.ACTIVE,
            "level": organisation.engagement_levels.get(code=level) if level else None,
            "purpose": "To plan services together",
            "patient_benefit": "Shorter waits for people in our area",
            "harm_of_declining": Decimal(0),
            **facts,
        },
    )
