"""Who has access to an organisation, as its administrator looks at it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from partnerships.editing import version_of
from partnerships.models import AccessGrant, AccessInvitation, Organisation, Participation, Person, Role
from partnerships.named_people import is_named
from partnerships.roles import MANAGE_PEOPLE, ROLES_IN_WORDS, Capability, RoleInWords

FORMER_SHOWN_FOR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class PeopleInRole:
    """One role with its people's grants, by name."""

    words: RoleInWords
    grants: tuple[AccessGrant, ...]


@dataclass(frozen=True)
class Former:
    """Somebody whose last role here has ended, and when."""

    person: Person
    ended_at: datetime.datetime


@dataclass(frozen=True)
class Invited:
    """An invitation nobody has answered; ``sender_gone`` where who sent it may no longer, so that it cannot be used."""

    invitation: AccessInvitation
    sender_gone: bool


@dataclass(frozen=True)
class People:
    roles: tuple[PeopleInRole, ...]
    former: tuple[Former, ...]
    invited: tuple[Invited, ...]


def people_of(organisation: Organisation) -> People:
    """Everybody by role, those who hold several in each; who left within a year; who is invited. Two queries."""
    grants = list(organisation.access_grants.select_related("person").order_by("person__name", "person__email", "pk"))
    now = timezone.now()
    current = [grant for grant in grants if grant.is_current]
    here = {grant.person_id for grant in current}
    roles = tuple(
        PeopleInRole(words, tuple(grant for grant in current if grant.role == words.role)) for words in ROLES_IN_WORDS
    )
    former = _former((one for one in grants if one.person_id not in here), now - FORMER_SHOWN_FOR)
    senders = {grant.person_id for grant in current if MANAGE_PEOPLE.open_to([grant.role]) and grant.person.is_active}
    waiting = organisation.access_invitations.waiting().select_related("invited_by").order_by("email")
    return People(roles, tuple(former), tuple(Invited(one, one.invited_by_id not in senders) for one in waiting))


def _former(ended: Iterable[AccessGrant], since: datetime.datetime) -> Iterable[Former]:
    last: dict[int, Former] = {}
    for grant in ended:
        before = last.get(grant.person_id)
        if grant.expires_at and (before is None or grant.expires_at > before.ended_at):
            last[grant.person_id] = Former(grant.person, grant.expires_at)
    return sorted((one for one in last.values() if one.ended_at >= since), key=lambda one: one.ended_at, reverse=True)


def who_can(organisation: Organisation, capability: Capability) -> list[Person]:
    """Everybody with a role here that has ``capability``, by name. One query."""
    grants = organisation.access_grants.current().filter(role__in=capability.roles, person__is_active=True)
    people = {grant.person_id: grant.person for grant in grants.select_related("person")}
    return sorted(people.values(), key=lambda one: (str(one).casefold(), one.pk))


def roles_in_force(organisation: Organisation, person: Person) -> dict[Role, datetime.date | None]:
    """Each role somebody has there now with its last day, None where it has no end."""
    grants = organisation.access_grants.current().filter(person=person)
    held = {grant.role: grant.last_day for grant in grants}
    return {role: held[role] for role in Role if role in held}


def roles_version(organisation: Organisation, person: Person) -> str:
    """A short name for exactly the roles somebody has there now."""
    return version_of((role, str(last_day)) for role, last_day in roles_in_force(organisation, person).items())


def partnerships_naming(organisation: Organisation, person: Person, *, hold: bool = False) -> list[Participation]:
    """The live partnerships that name somebody as lead or executive sponsor; ``hold`` locks them.

    They are named in words, as people write them, so a namesake is found too: who asks decides.
    """
    name = " ".join(person.name.split())
    if not name:
        return []
    named = Q(lead__icontains=name) | Q(sponsor__icontains=name)
    found = organisation.participations.live().filter(named).select_related("partnership").order_by("partnership__name")
    if hold:
        found = found.select_for_update(of=("self",))
    return [one for one in found if is_named(one.lead, name) or is_named(one.sponsor, name)]


def person_or_404(organisation: Organisation, number: int) -> Person:
    """Somebody who has a role here, or had one; for anybody else raises Http404."""
    grant = organisation.access_grants.filter(person=number).select_related("person").first()
    if grant is None:
        raise Http404("Nobody of this organisation.")
    return grant.person


def colleagues_of(organisation: Organisation, person: Person) -> dict[int, Person]:
    """Everybody else who has access now, by id and in the order of their names."""
    here = organisation.access_grants.current().values("person")
    return {one.pk: one for one in Person.objects.filter(pk__in=here, is_active=True).exclude(pk=person.pk)}
