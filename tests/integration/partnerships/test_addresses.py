"""Whose an address is, where another only looks like it: one function says so, and everything that asks goes there."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone

from config.embedded import ROOT
from partnerships.actions.grants import remove_person
from partnerships.actions.invitations import InvitationRefusedError, accept, accept_with_new_account, invite
from partnerships.actions.people import is_proved
from partnerships.addresses import is_same, person_with, whose, with_address
from partnerships.audit import _not_signed_in
from partnerships.models import AccessGrant, AccessInvitation, Deed, DeedKind, Organisation, Person, Role
from partnerships.sign_in.known_browsers import COOKIE, SALT, marks_of, name_of_browser
from tests.factories import PersonFactory, in_role, organisation_with_people

pytestmark = pytest.mark.django_db
APPS = ("config", "partnerships", "diagnostics", "scoring", "decisions")
LIKE, TRUE = "\u017fam@example.org", "sam@example.org"  # with a long s, which the database takes for ours


@pytest.fixture
def alike() -> Person:
    """Somebody whose address only looks like the one that is asked for."""
    return PersonFactory.create(email=LIKE)


def test_nothing_else_asks_the_database_whose_an_address_is() -> None:
    asking = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in Path(ROOT, app).rglob("*.py")
        if re.search(r"email(?:__|\W.*)iexact|\{field\}__iexact", path.read_text())
    }
    assert asking == {"partnerships/addresses.py"}


def test_the_database_takes_the_two_for_one(alike: Person) -> None:
    """Else the tests below would prove nothing."""
    assert Person.objects.filter(email__iexact=TRUE).get() == alike


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TRUE, TRUE, True),
        (TRUE, "SAM@Example.org", True),
        (LIKE, LIKE, True),
        (LIKE, TRUE, False),
        ("\u212aim@example.org", "kim@example.org", False),  # of which Python's lower() makes one
        ("k\u0131m@example.org", "kim@example.org", False),
        (TRUE, "pam@example.org", False),
    ],
)
def test_two_addresses_are_one_in_capitals_or_not(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is is_same(other, one) is same


def test_who_has_an_address_is_nobody_who_only_looks_like_it(alike: Person) -> None:
    assert person_with(TRUE) is None
    assert person_with(LIKE) == alike
    true = PersonFactory.create(email=TRUE)
    assert person_with("SAM@example.org") == true
    assert list(with_address(Person.objects.all(), TRUE)) == [true]


@pytest.mark.parametrize("typed", [None, "", 5, ["sam@example.org"], "sam@example.org\0", "\ud800"])
def test_what_is_no_address_is_nobodys(typed: Any) -> None:
    PersonFactory.create(email=TRUE)
    assert whose(typed) is None
    assert whose(" sam@example.org ") is not None


def test_the_commands_take_nobody_for_somebody_else(alike: Person) -> None:
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("reset_sign_in", TRUE)
    organisation, _, _ = organisation_with_people()
    AccessGrant.objects.create(organisation=organisation, person=alike, role=Role.STRATEGY_LEAD)
    with pytest.raises(CommandError, match="is not a strategy lead of"):
        call_command("import_portfolio", organisation.code, "nothing.csv", person=TRUE, stdout=io.StringIO())


def test_a_browser_that_is_known_for_the_one_is_not_for_the_other(alike: Person) -> None:
    request = RequestFactory().get("/accounts/login/")
    request.COOKIES[COOKIE] = signing.dumps([(str(alike.pk), "a name", marks_of(alike)[0])], salt=SALT)
    assert name_of_browser(request, LIKE) == "a name"
    assert name_of_browser(request, TRUE) == ""


def test_a_failed_sign_in_at_the_one_is_not_on_the_record_of_the_other(alike: Person) -> None:
    organisation, _, _ = organisation_with_people()
    AccessGrant.objects.create(organisation=organisation, person=alike, role=Role.READER)
    _not_signed_in(credentials={"email": TRUE})
    assert not Deed.objects.filter(kind=DeedKind.SIGN_IN_FAILED).exists()
    _not_signed_in(credentials={"email": LIKE})
    assert Deed.objects.get(kind=DeedKind.SIGN_IN_FAILED).person == alike


@pytest.fixture
def house() -> tuple[Organisation, Person]:
    organisation, _, _ = organisation_with_people()
    return organisation, in_role(organisation, Role.ADMINISTRATOR)


def invited(organisation: Organisation, by: Person, email: str) -> AccessInvitation:
    """As one was written when such letters were still taken."""
    made = invite(organisation=organisation, email="kim@example.org", roles=[Role.READER], last_day=None, by=by)
    AccessInvitation.objects.filter(pk=made.invitation.pk).update(email=email)
    made.invitation.refresh_from_db()
    return made.invitation


def test_who_leaves_takes_nobody_elses_invitation_along(house: tuple[Organisation, Person], alike: Person) -> None:
    organisation, administrator = house
    AccessGrant.objects.create(organisation=organisation, person=alike, role=Role.READER)
    theirs, own = invited(organisation, administrator, TRUE), invited(organisation, administrator, LIKE)
    remove_person(organisation=organisation, person=alike, by=administrator)
    assert list(organisation.access_invitations.waiting()) == [theirs]
    own.refresh_from_db()
    assert own.withdrawn_by == administrator


def test_somebody_is_invited_though_another_who_looks_like_them_has_access(
    house: tuple[Organisation, Person], alike: Person
) -> None:
    organisation, administrator = house
    AccessGrant.objects.create(organisation=organisation, person=alike, role=Role.READER)
    sent = invite(organisation=organisation, email=TRUE, roles=[Role.READER], last_day=None, by=administrator)
    person = accept_with_new_account(invitation=sent.invitation, name="Sam", password="three random words")
    assert (person.email, person == alike) == (TRUE, False)


@pytest.mark.parametrize(("invitation", "person"), [(TRUE, LIKE), ("kim@example.org", "\u212aim@example.org")])
def test_an_invitation_is_accepted_by_nobody_who_only_looks_like_whom_it_is_for(
    house: tuple[Organisation, Person], invitation: str, person: str
) -> None:
    organisation, administrator = house
    made = invited(organisation, administrator, invitation)
    with pytest.raises(InvitationRefusedError, match="another_address"):
        accept(invitation=made, by=PersonFactory.create(email=person))
    assert made.accepted_at is None
    assert made.expires_at > timezone.now()


def test_whether_an_address_is_proved_is_said_of_that_address(alike: Person) -> None:
    EmailAddress.objects.create(user=alike, email=TRUE, verified=False)
    assert is_proved(alike)
    EmailAddress.objects.create(user=alike, email=LIKE, verified=False)
    assert not is_proved(alike)
