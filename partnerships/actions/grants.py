"""What an administrator does with people's roles: giving and ending them, and what happens when somebody leaves."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_manage_people
from partnerships.actions.organisations import give_defaults, hold
from partnerships.addresses import with_address
from partnerships.editing import check_version
from partnerships.models import AccessGrant, Organisation, Participation, Person, Role
from partnerships.named_people import with_name_replaced
from partnerships.people import partnerships_naming, roles_in_force, roles_version
from partnerships.roles import DECIDE
from partnerships.saving import save_checked
from partnerships.signals import announce_change

# Each role with its last day, None where it has no end.
Roles = Mapping[Role, datetime.date | None]

FAR_AWAY = datetime.date(2100, 1, 1)
NO_ADMINISTRATOR_LEFT = (
    "{person} is the only administrator without an end date, and an organisation cannot be without one. "
    "Make somebody else an administrator first."
)


def end_of(last_day: datetime.date) -> datetime.datetime:
    """The moment after a last day: the midnight that follows it, here."""
    return timezone.make_aware(datetime.datetime.combine(last_day + datetime.timedelta(days=1), datetime.time.min))


def check_last_day(last_day: datetime.date | None, *, field: str) -> None:
    """Raises ValidationError at ``field`` for a last day that has passed, or that no calendar needs."""
    if last_day is not None and last_day < timezone.localdate():
        raise ValidationError({field: "Enter today or a later day, or leave it blank for no end."})
    if last_day is not None and last_day >= FAR_AWAY:
        raise ValidationError({field: f"Enter a day before the year {FAR_AWAY.year}."})


@transaction.atomic
def change_roles(
    *,
    organisation: Organisation,
    person: Person,
    roles: Roles,
    by: Person,
    expected_version: str | None = None,
) -> None:
    """Give somebody who has, or had, a role here exactly these, each until the end of its last day or without an end.

    An invitation that waits for them here is withdrawn: it would give them more.

    Raises ChangedMeanwhile where ``expected_version`` is not the stored one, and ValidationError, by field, where no
    role is left, a day has passed, or nobody would be left to administer.
    """
    hold(organisation)  # one at a time: two administrators who end each other's role are looked at in turn
    check_can_manage_people(by, organisation)
    if not organisation.access_grants.filter(person=person).exists():
        raise ValidationError("This person has never had access here. Send an invitation instead.")
    if expected_version is not None:
        check_version(expected_version, roles_version(organisation, person))
    if not roles:
        raise ValidationError({"roles": "Choose at least one role, or remove this person from the organisation."})
    before = roles_in_force(organisation, person)
    for role, last_day in roles.items():
        if last_day != before.get(role):
            check_last_day(last_day, field=f"until_{role}")
    _check_an_administrator_stays(organisation, person, before, roles)
    for role, last_day in roles.items():
        write_grant(organisation=organisation, person=person, role=role, last_day=last_day, by=by)
    _end(organisation, person, before.keys() - roles.keys())
    _withdraw_invitations(organisation, person, by)
    announce_deciding(organisation, before, roles, by)


@transaction.atomic
def remove_person(
    *, organisation: Organisation, person: Person, by: Person, hand_over_to: Person | None = None
) -> list[Participation]:
    """End every role somebody has here, at once; what they wrote stays, under their name.

    Where a sign-in provider gave a role, it gives it again at their next sign-in: it has to be taken away there too.

    Partnerships that name them pass to ``hand_over_to``, somebody else with a role here, and are returned; without
    one the name stays where it is. Raises ValidationError where nobody would be left to administer, or for somebody to
    hand over to who is not of the organisation.
    """
    hold(organisation)
    check_can_manage_people(by, organisation)
    before = roles_in_force(organisation, person)
    if not before:
        raise ValidationError("This person has no access any more. There is nothing to end.")
    _check_an_administrator_stays(organisation, person, before, {})
    handed = _hand_over(organisation, person, hand_over_to) if hand_over_to else []
    _end(organisation, person, before.keys())
    _withdraw_invitations(organisation, person, by)
    announce_deciding(organisation, before, {}, by)
    return handed


def write_grant(
    *,
    organisation: Organisation,
    person: Person,
    role: Role,
    last_day: datetime.date | None,
    by: Person | None,
    from_claims: bool = False,
) -> AccessGrant:
    """A role from now on, until the end of its last day if it has one; who has it already keeps its beginning.

    What somebody gives or changes by hand no longer follows the claims of a sign-in provider.

    A first strategy lead finds the organisation's levels, pools and criteria to begin with.
    """
    expires_at = None if last_day is None else end_of(last_day)
    grant = organisation.access_grants.filter(person=person, role=role).first()
    if grant is None:
        grant = AccessGrant(organisation=organisation, person=person, role=role, given_by=by)
    elif grant.is_current and grant.expires_at == expires_at:
        return grant
    elif not grant.is_current:
        grant.granted_at, grant.given_by = timezone.now(), by
    grant.expires_at, grant.from_claims = expires_at, from_claims
    save_checked(grant)
    if role == Role.STRATEGY_LEAD:
        give_defaults(organisation)
    return grant


def _end(organisation: Organisation, person: Person, roles: Collection[Role]) -> None:
    """End these roles now; the rows stay, so that their person can be told what happened."""
    now = timezone.now()
    for grant in organisation.access_grants.current().filter(person=person, role__in=roles):
        grant.expires_at = max(now, grant.granted_at)
        save_checked(grant)


def _withdraw_invitations(organisation: Organisation, person: Person, by: Person) -> None:
    """Nobody who leaves comes back, or gets back a role that was taken away, through an invitation of before."""
    waiting = with_address(organisation.access_invitations.waiting(), person.email)
    waiting.update(withdrawn_by=by, withdrawn_at=timezone.now())


def _check_an_administrator_stays(organisation: Organisation, person: Person, before: Roles, roles: Roles) -> None:
    """The database refuses this too (``keep_an_administrator``); here it is said in words, at the field."""
    administrates = Role.ADMINISTRATOR in before and before[Role.ADMINISTRATOR] is None
    will = Role.ADMINISTRATOR in roles and roles[Role.ADMINISTRATOR] is None
    if not administrates or will or organisation.access_grants.administrators().exclude(person=person).exists():
        return
    field = f"until_{Role.ADMINISTRATOR}" if Role.ADMINISTRATOR in roles else "roles"
    raise ValidationError({field: NO_ADMINISTRATOR_LEFT.format(person=person)})


def _hand_over(organisation: Organisation, person: Person, to: Person) -> list[Participation]:
    if to == person or not organisation.access_grants.current().filter(person=to).exists():
        raise ValidationError({"hand_over_to": "Choose somebody else who has access to this organisation."})
    handed = partnerships_naming(organisation, person, hold=True)
    for participation in handed:
        participation.lead = with_name_replaced(participation.lead, person.name, to.name)
        participation.sponsor = with_name_replaced(participation.sponsor, person.name, to.name)
        save_checked(participation)
    return handed


def announce_deciding(organisation: Organisation, before: Roles, after: Roles, by: Person) -> None:
    """Whose weights count is an input of every recommendation."""
    if DECIDE.open_to(before) != DECIDE.open_to(after):
        announce_change(organisation=organisation, by=by)
