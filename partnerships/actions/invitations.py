"""Inviting people to an organisation. A link can be read only in what these functions return, and never again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.access import can_manage_people, check_can_manage_people
from partnerships.actions.grants import check_last_day, write_grant
from partnerships.actions.organisations import hold
from partnerships.addresses import check_address, is_same, person_with, with_address
from partnerships.invitation_links import link_hash, new_secret
from partnerships.isolation import acting_for
from partnerships.models import AccessInvitation, InvitationState, Organisation, Person, Role
from partnerships.roles import DECIDE
from partnerships.saving import save_checked
from partnerships.signals import announce_change


@dataclass(frozen=True)
class InvitationLink:
    """An invitation by its secret; whoever knows that can accept it in the person's name."""

    invitation: AccessInvitation
    secret: str


class InvitationRefusedError(Exception):
    """The invitation cannot be accepted; ``reason`` names the page that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, roles: Iterable[Role], last_day: datetime.date | None, by: Person
) -> InvitationLink:
    """Ask somebody, known by an address, to act here in these roles until the end of a last day (None: no end).

    Raises ValidationError, by field, for an address that will not do or has access or an invitation already, for no
    role, and for a day that has passed.
    """
    hold(organisation)
    check_can_manage_people(by, organisation)
    email = email.strip()
    try:
        check_address(email)  # as it is written: in small letters it may be plain
    except ValidationError as problem:
        raise ValidationError({"email": problem.messages}) from problem
    email = email.lower()
    if with_address(organisation.access_grants.current(), email, field="person__email").exists():
        raise ValidationError({"email": "This person has access already. Change their roles on the page of people."})
    check_last_day(last_day, field="last_day")
    now, secret = timezone.now(), new_secret()
    invitation = AccessInvitation(
        organisation=organisation,
        email=email,
        roles=[role for role in Role if role in set(roles)],
        last_day=last_day,
        link_hash=link_hash(secret),
        invited_by=by,
        invited_at=now,
        expires_at=_deadline(now),
    )
    try:
        save_checked(invitation)
    except ValidationError as problem:
        raise ValidationError({"roles" if not invitation.roles else "email": problem.messages}) from problem
    return InvitationLink(invitation, secret)


@transaction.atomic
def send_again(*, invitation: AccessInvitation, by: Person) -> InvitationLink:
    """A new link with a new deadline, from ``by``; the earlier link stops working.

    Raises ValidationError where it was accepted or withdrawn, or its roles' last day has passed.
    """
    check_can_manage_people(by, invitation.organisation)
    held, secret, now = _held_open(invitation), new_secret(), timezone.now()
    if held.has_no_day_left:
        raise ValidationError(
            f"The last day for {held} has passed. Withdraw it, and invite them with a later last day."
        )
    held.link_hash, held.is_handed_over = link_hash(secret), False
    held.invited_by, held.invited_at, held.expires_at = by, now, _deadline(now)
    save_checked(held)
    return InvitationLink(held, secret)


@transaction.atomic
def note_handed_over(*, invitation: AccessInvitation, by: Person) -> None:
    """The link is shown to the administrator, since no e-mail brings it: accepting it proves no address."""
    check_can_manage_people(by, invitation.organisation)
    held = _held_open(invitation)
    held.is_handed_over = True
    save_checked(held)


@transaction.atomic
def withdraw(*, invitation: AccessInvitation, by: Person) -> None:
    """Its link stops working. Raises ValidationError where it was accepted or withdrawn already."""
    check_can_manage_people(by, invitation.organisation)
    held = _held_open(invitation)
    held.withdrawn_by, held.withdrawn_at = by, timezone.now()
    save_checked(held)


@transaction.atomic
def accept(*, invitation: AccessInvitation, by: Person) -> Person:
    """Somebody with an account, whose address is the invitation's, takes the roles in it.

    A role that they have already stays as it is. Raises InvitationRefusedError.
    """
    held = _to_be_accepted(invitation)
    if not is_same(by.email, held.email):
        raise InvitationRefusedError("another_address")
    _take(held, by)
    return by


@transaction.atomic
def accept_with_new_account(*, invitation: AccessInvitation, name: str, password: str) -> Person:
    """The same for somebody without an account, who gets one with the invitation's address.

    Raises InvitationRefusedError, and ValidationError by field for a name or a password that will not do.
    """
    held = _to_be_accepted(invitation)
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": "Enter your name."})
    try:
        validate_password(password, Person(email=held.email, name=name))
    except ValidationError as problem:
        raise ValidationError({"password": problem.messages}) from problem
    # Last, so that nobody learns of an account by a try that could not have made one.
    if person_with(held.email):
        raise InvitationRefusedError("has_an_account")
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email=held.email, password=password, name=name)
    except IntegrityError as another:
        # made since the look above, while the password was made safe: another organisation invited them as well
        raise InvitationRefusedError("has_an_account") from another
    with acting_for(held.organisation, person=person):
        _take(held, person)
    return person


def _take(held: AccessInvitation, person: Person) -> None:
    organisation = held.organisation
    hold(organisation)
    before = set(organisation.access_grants.current().filter(person=person).values_list("role", flat=True))
    for role in map(Role, held.roles):
        if role not in before:
            write_grant(organisation=organisation, person=person, role=role, last_day=held.last_day, by=held.invited_by)
    held.accepted_by, held.accepted_at = person, timezone.now()
    save_checked(held)
    # The sign-in library's own note of whether an address is somebody's: a mailed link proves it, a shown one does not.
    address, made = EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"primary": True, "verified": not held.is_handed_over}
    )
    if not made and not held.is_handed_over and not address.verified:
        address.verified = True
        address.save(update_fields=["verified"])
    if DECIDE.open_to(held.roles) and not DECIDE.open_to(before):
        announce_change(organisation=organisation, by=person)


def _deadline(now: datetime.datetime) -> datetime.datetime:
    return now + datetime.timedelta(days=settings.INVITATION_DAYS)


def _held(invitation: AccessInvitation) -> AccessInvitation:
    """The invitation as it is now, held until the transaction ends."""
    rows = AccessInvitation.objects.select_for_update(of=("self",)).select_related("organisation", "invited_by")
    return rows.get(pk=invitation.pk)


def _held_open(invitation: AccessInvitation) -> AccessInvitation:
    held = _held(invitation)
    if held.state is InvitationState.ACCEPTED:
        raise ValidationError(f"{held} has accepted this invitation already. Change their roles instead.")
    if held.state is InvitationState.WITHDRAWN:
        raise ValidationError(f"The invitation of {held} was withdrawn already. Invite them again if you need to.")
    return held


def _to_be_accepted(invitation: AccessInvitation) -> AccessInvitation:
    held = _held(invitation)
    check_can_be_accepted(held)
    if held.link_hash != invitation.link_hash:
        raise InvitationRefusedError("unknown")  # it was sent again meanwhile, with another link
    return held


def check_can_be_accepted(invitation: AccessInvitation) -> None:
    """Raises InvitationRefusedError for one that is over, or whose sender may no longer invite.

    Else somebody who loses the right to let people in could still come back through an invitation of their own.
    """
    if invitation.state is not InvitationState.WAITING:
        raise InvitationRefusedError(invitation.state.value)
    if not can_manage_people(invitation.invited_by, invitation.organisation):
        raise InvitationRefusedError("sender_gone")
