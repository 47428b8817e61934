"""Letting somebody in whom the organisation's provider vouches for, in the roles that its claims give them.

What came from claims follows them at each sign-in, and is marked so; what an administrator gave stays. A mapping that
would leave an organisation without an administrator does not get its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.actions.grants import announce_deciding, write_grant
from partnerships.actions.organisations import hold
from partnerships.actions.people import take_from_whoever_claimed_the_address
from partnerships.addresses import check_address, is_same, person_with
from partnerships.isolation import acting_as, acting_for, acting_with_link
from partnerships.models import AccessGrant, AccessInvitation, InvitationState, Organisation, Person, Role
from partnerships.people import roles_in_force
from partnerships.saving import save_checked
from partnerships.sign_in.provider import PROVIDER_ID
from partnerships.sign_in.trouble import Trouble
from partnerships.sign_in.ways import the_provider

log = structlog.get_logger(__name__)


class SignInRefusedError(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


@transaction.atomic
def admit(*, uid: str, known: Person | None, claims: Mapping[str, Any], invited_by_link: str = "") -> Person:
    """The person of a proved answer, with the roles that it gives; made where they are new and it gives some.

    ``known`` is who signed in with this account of the provider before; ``invited_by_link`` is the hash of the link of
    an invitation that they come with, which makes an account too. Raises SignInRefusedError.
    """
    email = _email(claims)
    wanted = _known_roles(the_provider().roles_in(claims))
    person = known or person_with(email)
    if person is None:
        if not wanted and not _is_invited(email, invited_by_link):
            raise SignInRefusedError(Trouble.NO_ACCESS)
        person = Person.objects.create_user(email=email, name=_name(claims, email))
    if known is None:
        if SocialAccount.objects.filter(user=person, provider=PROVIDER_ID).exists():
            raise SignInRefusedError(Trouble.ANOTHERS)
        take_from_whoever_claimed_the_address(person, password=None)
        SocialAccount.objects.create(user=person, provider=PROVIDER_ID, uid=uid)
    if person.is_active:  # else the library says so
        follow_claims(person=person, wanted=wanted)
    return person


def _is_invited(email: str, link: str) -> bool:
    if not link:
        return False
    with acting_with_link(link):
        return any(
            invitation.state is InvitationState.WAITING and is_same(invitation.email, email)
            for invitation in AccessInvitation.objects.filter(link_hash=link)
        )


def _email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if not isinstance(email, str):
        raise SignInRefusedError(Trouble.NO_EMAIL)
    try:
        check_address(email)
    except ValidationError:
        raise SignInRefusedError(Trouble.NO_EMAIL) from None
    if not the_provider().vouches_for(email, claims):
        raise SignInRefusedError(Trouble.UNVERIFIED)
    return email


def _name(claims: Mapping[str, Any], email: str) -> str:
    """As far as it is a text that can be shown; a provider may say anything."""
    full, given, family = (_text(claims.get(name)) for name in ("name", "given_name", "family_name"))
    return (full or f"{given} {family}".strip() or email)[: Person._meta.get_field("name").max_length]


def _text(claim: Any) -> str:
    return "".join(filter(str.isprintable, claim)).strip() if isinstance(claim, str) else ""


def _known_roles(given: Iterable[tuple[str, str]]) -> set[tuple[Organisation, Role]]:
    """What exists of what claims give; the rest is for whoever keeps the mapping to read in the log."""
    ordered = sorted((code, role) for code, role in given if code.isprintable() and role.isprintable())
    organisations = {one.code: one for one in Organisation.objects.filter(code__in={code for code, _ in ordered})}
    known = set()
    for code, role in ordered:
        if code in organisations and role in Role.values:
            known.add((organisations[code], Role(role)))
        else:
            unknown = "organisation" if code not in organisations else "role"
            log.warning("claim_ignored", unknown=unknown, organisation=code[:20], role=role[:20])
    return known


@transaction.atomic
def follow_claims(*, person: Person, wanted: set[tuple[Organisation, Role]]) -> None:
    """Give somebody the roles that claims give, and end those that only earlier claims gave."""
    with acting_as(person):
        from_claims = person.access_grants.current().filter(from_claims=True).select_related("organisation")
        before = {(grant.organisation, Role(grant.role)) for grant in from_claims}
    touched = {organisation for organisation, _ in wanted | before}
    for organisation in sorted(touched, key=lambda one: one.pk):
        with acting_for(organisation, person=person):
            roles = {role for one, role in wanted if one == organisation}
            _follow_at(organisation, person, roles)


def _follow_at(organisation: Organisation, person: Person, wanted: set[Role]) -> None:
    grants = {Role(one.role): one for one in organisation.access_grants.current().filter(person=person)}
    given = wanted - grants.keys()
    ended = {role for role, grant in grants.items() if grant.from_claims and role not in wanted}
    if not given and not ended:
        return
    hold(organisation)
    before = roles_in_force(organisation, person)
    for role in sorted(given):
        write_grant(organisation=organisation, person=person, role=role, last_day=None, by=None, from_claims=True)
    for role in sorted(ended):
        _end(organisation, grants[role])
    announce_deciding(organisation, before, roles_in_force(organisation, person), person)


def _end(organisation: Organisation, grant: AccessGrant) -> None:
    others = organisation.access_grants.administrators().exclude(pk=grant.pk)
    if grant.role == Role.ADMINISTRATOR and grant.expires_at is None and not others.exists():
        log.warning("claim_ignored", reason="the last administrator stays", organisation=organisation.code)
        return
    grant.expires_at = max(timezone.now(), grant.granted_at)
    save_checked(grant)
