"""Invitations to an organisation: sent, handed over, sent again, withdrawn, accepted, forged and replayed."""

from __future__ import annotations

import datetime
import re
import threading
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from partnerships.actions.grants import change_roles, remove_person
from partnerships.actions.invitations import (
    InvitationRefusedError,
    accept,
    accept_with_new_account,
    invite,
    note_handed_over,
    send_again,
    withdraw,
)
from partnerships.invitation_links import link_hash, new_secret
from partnerships.models import AccessInvitation, Organisation, Person, Role
from partnerships.people import roles_in_force
from tests.factories import PASSWORD, PersonFactory, in_role, organisation_with_people
from tests.integration.partnerships.conftest import Desk, Page, words_of
from tests.integration.partnerships.test_concurrency import at_once

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate()
NEW = "kim.fox@example.org"
ANSWER = {"name": "Kim Fox", "password": "three-random-words"}
BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The desk of the organisation's administrator."""
    return desk.as_(in_role(desk.organisation, Role.ADMINISTRATOR))


@pytest.fixture
def administrator(office: Desk) -> Person:
    return office.organisation.access_grants.get(role=Role.ADMINISTRATOR).person


def asked(office: Desk, email: str = NEW, **typed: Any) -> Page:
    return office.post("people/invite/", {"email": email, "roles": ["reader"], **typed})


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/invitations/\S+?/)", text)
    assert found
    return found[1]


def link_of_the_mail() -> str:
    return link_in(str(mail.outbox[-1].body))


def invited(office: Desk) -> AccessInvitation:
    return office.organisation.access_invitations.get()


def roles_of(organisation: Organisation, email: str = NEW) -> dict[Role, Any]:
    return roles_in_force(organisation, Person.objects.get(email=email))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# Sending


def test_an_invitation_goes_out_by_mail_and_says_what_it_is(office: Desk) -> None:
    page = office.post(
        "people/invite/", {"email": " Kim.Fox@Example.org ", "roles": ["reader", "executive"]}, follow=True
    )
    assert f"The invitation is on its way to {NEW}." in words_of(page)
    assert NEW in words_of(page)
    assert "Executive, Reader" in words_of(page)
    message = mail.outbox[0]
    assert message.to == [NEW]
    assert office.organisation.display_name in message.subject
    assert "- Executive. Says what matters" in message.body
    assert "- Reader. Follows" in message.body
    assert f"{timezone.localdate() + 14 * DAY:%A %-d %B %Y}" in message.body
    assert "Your access lasts" not in message.body


def test_how_long_it_may_be_accepted_is_a_setting(office: Desk, settings: Any) -> None:
    settings.INVITATION_DAYS = 3
    asked(office)
    assert invited(office).expires_at - invited(office).invited_at == 3 * DAY


def test_only_a_keyed_hash_of_the_secret_is_kept(office: Desk, settings: Any) -> None:
    asked(office)
    secret = link_of_the_mail().split("/")[2]
    kept = [str(value) for value in AccessInvitation.objects.filter(pk=invited(office).pk).values_list()[0]]
    assert not any(secret in value for value in kept)
    assert invited(office).link_hash == link_hash(secret)
    assert len(secret) >= 43
    assert new_secret() != new_secret()
    settings.SECRET_KEY = "another key"
    assert link_hash(secret) != invited(office).link_hash


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"email": ""}, "Enter the email address."),
    "half an address": ({"email": "kim.fox"}, "Enter the email address in full, such as name@example.org."),
    "letters that only look like ours": ({"email": "\u212aim@example.org"}, "Write the address in plain letters"),
    "no role": ({"roles": []}, "Choose at least one role."),
    "a role that there is not": ({"roles": ["superuser"]}, "Choose roles from the list."),
    "half a date": ({"last_day-day": "1"}, "Enter the day, the month and the year"),
    "no real date": (
        {"last_day-day": "31", "last_day-month": "2", "last_day-year": "2030"},
        "Enter a real date, for example 31 3 2027.",
    ),
    "a day in the past": (
        {"last_day-day": "1", "last_day-month": "2", "last_day-year": "2020"},
        "Enter today or a later day, or leave it blank for no end.",
    ),
    "a day after all days": (
        {"last_day-day": "1", "last_day-month": "2", "last_day-year": "9999"},
        "Enter a day before the year 2100.",
    ),
    "a second time": ({"email": "asked@example.org"}, "This address has an invitation already. Send it again"),
    "somebody who has access": ({"email": "LEAD"}, "This person has access already. Change their roles"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_nobody_is_invited(office: Desk, what: str) -> None:
    asked(office, "asked@example.org")
    typed, text = WRONG[what]
    sent = {"email": NEW, "roles": ["reader"], **typed}
    sent["email"] = office.lead.email.upper() if sent["email"] == "LEAD" else sent["email"]
    page = office.post("people/invite/", sent)
    assert page.status_code == 200
    assert text in words_of(page)
    assert "Error: " in words_of(page)
    assert invited(office).email == "asked@example.org"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_invites(desk: Desk, office: Desk, role: Role) -> None:
    asked(office)
    somebody = desk.as_(in_role(desk.organisation, role))
    path = f"people/invitations/{invited(office).pk}/"
    assert somebody.get("people/invite/").status_code == 403
    assert asked(somebody, "other@example.org").status_code == 403
    for deed in ("send_again", "withdraw"):
        assert somebody.post(path, {"do": deed}).status_code == 403
    assert invited(office).state.value == "waiting"
    assert len(mail.outbox) == 1


def test_actions_check_who_invites(office: Desk) -> None:
    asked(office)
    one = invited(office)
    lead = office.lead
    ours: dict[str, Any] = {"organisation": office.organisation, "roles": [Role.READER], "last_day": None}
    for act in (
        partial(invite, **ours, email="x@example.org", by=lead),
        partial(send_again, invitation=one, by=lead),
        partial(withdraw, invitation=one, by=lead),
        partial(note_handed_over, invitation=one, by=lead),
    ):
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            act()


def test_another_organisations_invitation_is_not_mine(office: Desk) -> None:
    other, _, _ = organisation_with_people()
    theirs = invite(
        organisation=other, email=NEW, roles=[Role.READER], last_day=None, by=in_role(other, Role.ADMINISTRATOR)
    ).invitation
    for number in (theirs.pk, 999999999999999999999):
        assert office.post(f"people/invitations/{number}/", {"do": "withdraw"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_ids_that_were_not_offered_are_not_taken(office: Desk, administrator: Person) -> None:
    other, stranger, _ = organisation_with_people()
    extra: dict[str, Any] = {
        "organisation": other.pk, "organisation_id": other.pk, "invited_by": stranger.pk, "is_handed_over": "on",
        "accepted_by": stranger.pk, "expires_at": "2099-01-01", "link_hash": "0" * 64,
    }  # fmt: skip
    asked(office, **extra)
    one = invited(office)
    assert not other.access_invitations.exists()
    assert (one.invited_by, one.accepted_by, one.is_handed_over) == (administrator, None, False)
    assert one.expires_at < timezone.now() + 15 * DAY
    assert one.link_hash != "0" * 64


# Handing over where no mail goes


def test_without_a_mail_server_the_link_is_shown_once(office: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = asked(office)
    assert page.status_code == 200
    assert "This link is shown only now." in words_of(page)
    assert "no-store" in page["Cache-Control"]
    assert invited(office).is_handed_over
    link = link_in(words_of(page))
    assert link.split("/")[2] not in words_of(office.get("people/"))
    assert "Link handed over by" in words_of(office.get("people/"))
    assert "This service has no mail server" in words_of(office.get("people/invite/"))
    assert Client().get(link, follow=True).status_code == 200


def test_where_the_mail_server_fails_the_link_is_shown_instead(office: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    page = asked(office)
    assert "The email could not be sent." in words_of(page)
    assert invited(office).is_handed_over
    settings.EMAIL_BACKEND = BACKEND
    office.post(f"people/invitations/{invited(office).pk}/", {"do": "send_again"})
    assert not invited(office).is_handed_over
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("by_mail", [True, False])
def test_only_a_mailed_link_proves_an_address(office: Desk, settings: Any, by_mail: bool) -> None:
    settings.EMAIL_BACKEND = BACKEND if by_mail else "django.core.mail.backends.console.EmailBackend"
    page = asked(office)
    link = link_of_the_mail() if by_mail else link_in(words_of(page))
    client = Client()
    client.get(link)
    client.post("/invitations/", ANSWER)
    assert EmailAddress.objects.get(user__email=NEW).verified is by_mail


def test_a_mailed_link_proves_the_address_of_an_account_that_had_none(office: Desk) -> None:
    person = PersonFactory.create(email=NEW)
    EmailAddress.objects.create(user=person, email=NEW, primary=True, verified=False)
    asked(office)
    client = signed_in(person)
    client.get(link_of_the_mail())
    client.post("/invitations/")
    assert EmailAddress.objects.get(user=person).verified


# Accepting


def test_the_link_leaves_the_address_at_once_and_accepts_nothing(office: Desk) -> None:
    asked(office)
    client = Client()
    answer = client.get(link_of_the_mail())
    assert answer.status_code == 302
    assert answer["Location"] == "/invitations/"
    page = client.get("/invitations/")
    assert "no-cache" in page["Cache-Control"]
    assert office.organisation.display_name in words_of(page)
    assert invited(office).accepted_at is None
    assert not Person.objects.filter(email=NEW).exists()


def test_accepting_makes_an_account_and_signs_in(office: Desk, administrator: Person) -> None:
    asked(office, **{"last_day-day": "31", "last_day-month": "3", "last_day-year": "2090"})
    client = Client()
    client.get(link_of_the_mail())
    page = client.post("/invitations/", ANSWER, follow=True)
    assert page.redirect_chain[-1][0] == f"/o/{office.organisation.code}/"
    assert f"Welcome. At {office.organisation.display_name} you are reader." in words_of(page)
    person = Person.objects.get(email=NEW)
    assert (person.name, person.check_password(ANSWER["password"])) == ("Kim Fox", True)
    assert roles_of(office.organisation) == {Role.READER: datetime.date(2090, 3, 31)}
    assert person.access_grants.get().given_by == administrator
    one = invited(office)
    assert one.accepted_by == person
    assert "invitation" not in client.session
    assert client.post("/accounts/login/", {"login": NEW, "password": ANSWER["password"]}).status_code == 302
    assert "Invited, not answered yet" not in words_of(office.get("people/"))


BAD_ACCOUNTS: dict[str, tuple[dict[str, str], str]] = {
    "no name": ({"name": " "}, "Enter your name."),
    "no password": ({"password": ""}, "Enter a password."),
    "a short password": ({"password": "short"}, "This password is too short."),
    "a common password": ({"password": "password1234"}, "This password is too common."),
    "the address as password": ({"password": NEW}, "The password is too similar to the email"),
    "a very long password": ({"password": "x" * 201}, "Use a password of 200 characters or fewer."),
    "a very long name": ({"name": "x" * 151}, "Shorten your name to 150 characters or fewer."),
}


@pytest.mark.parametrize("what", BAD_ACCOUNTS)
def test_a_new_account_needs_a_name_and_a_good_password(office: Desk, what: str) -> None:
    asked(office)
    client = Client()
    client.get(link_of_the_mail())
    typed, text = BAD_ACCOUNTS[what]
    page = client.post("/invitations/", {**ANSWER, **typed})
    assert text in words_of(page)
    assert not Person.objects.filter(email=NEW).exists()
    assert invited(office).state.value == "waiting"


def test_the_address_and_the_roles_come_from_the_invitation_and_not_from_the_form(office: Desk) -> None:
    asked(office)
    other, _, _ = organisation_with_people()
    client = Client()
    client.get(link_of_the_mail())
    extra = {"email": "other@example.org", "roles": "administrator", "organisation": other.pk, "is_staff": "on"}
    client.post("/invitations/", {**ANSWER, **extra})
    assert roles_of(office.organisation) == {Role.READER: None}
    assert not other.access_grants.filter(person__email=NEW).exists()
    assert not Person.objects.get(email=NEW).is_staff
    assert not Person.objects.filter(email="other@example.org").exists()


def test_somebody_signed_in_with_the_address_accepts_with_a_button(office: Desk) -> None:
    person = PersonFactory.create(email=NEW, name="Kim Fox")
    asked(office)
    client = signed_in(person)
    client.get(link_of_the_mail())
    page = client.get("/invitations/")
    assert "Accept the invitation" in words_of(page)
    assert 'name="password"' not in words_of(page)
    client.post("/invitations/")
    assert roles_of(office.organisation) == {Role.READER: None}
    assert Person.objects.get(email=NEW).name == "Kim Fox"


def test_somebody_with_an_account_signs_in_first_and_comes_back(office: Desk) -> None:
    PersonFactory.create(email=NEW)
    asked(office)
    client = Client()
    client.get(link_of_the_mail())
    assert "/accounts/login/?next=/invitations/" in words_of(client.get("/invitations/"))
    page = client.post("/invitations/", ANSWER)
    assert "Sign in to accept" in words_of(page)
    assert not office.organisation.access_grants.filter(person__email=NEW).exists()
    answer = client.post("/accounts/login/", {"login": NEW, "password": PASSWORD, "next": "/invitations/"})
    assert answer["Location"] == "/invitations/"
    client.post("/invitations/")
    assert roles_of(office.organisation) == {Role.READER: None}


def test_a_link_that_was_handed_over_does_not_tell_whether_its_address_has_an_account(
    office: Desk, settings: Any
) -> None:
    """An administrator has that link, and could invite any address to ask whether anybody has an account with it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    PersonFactory.create(email="has.one@example.org")
    said: dict[str, set[str]] = {}
    for email in ("has.one@example.org", "has.none@example.org"):
        client = Client()
        client.get(link_in(words_of(asked(office, email))))
        tried = [{}, {"name": "Kim Fox", "password": "password1234"}, {"name": "", "password": "x"}]
        answers = [client.get("/invitations/"), *(client.post("/invitations/", one) for one in tried)]
        for number, answer in enumerate(answers):
            assert answer.status_code == 200
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", words_of(answer))
            said.setdefault(str(number), set()).add(text.replace(email, "this address"))
    assert [len(texts) for texts in said.values()] == [1] * 4
    assert "Sign in to accept" in said["0"].pop()


def test_with_an_account_a_link_that_was_handed_over_makes_no_other(office: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    person = PersonFactory.create(email=NEW)
    client = Client()
    client.get(link_in(words_of(asked(office))))
    page = client.post("/invitations/", ANSWER)
    assert "You have an account already" in words_of(page)
    assert invited(office).state.value == "waiting"
    assert Person.objects.get(email=NEW).password == person.password
    client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    client.post("/invitations/")
    assert roles_of(office.organisation) == {Role.READER: None}


def test_another_signed_in_address_is_told_and_joins_nothing(office: Desk) -> None:
    other = PersonFactory.create(email="other@example.org")
    asked(office)
    client = signed_in(other)
    client.get(link_of_the_mail())
    for answer in (client.get("/invitations/"), client.post("/invitations/", ANSWER)):
        assert answer.status_code == 403
        assert "This invitation is for another address" in words_of(answer)
        assert NEW in words_of(answer)
        assert "other@example.org" in words_of(answer)
    assert not other.access_grants.exists()
    with pytest.raises(InvitationRefusedError, match="another_address"):
        accept(invitation=invited(office), by=other)


def test_roles_that_somebody_has_by_then_stay_as_they_are(office: Desk, administrator: Person) -> None:
    link = invite(
        organisation=office.organisation,
        email=NEW,
        roles=[Role.ADMINISTRATOR, Role.READER],
        last_day=TODAY,
        by=administrator,
    )
    person = PersonFactory.create(email=NEW)
    office.organisation.access_grants.create(person=person, role=Role.ADMINISTRATOR)
    office.organisation.access_grants.filter(person=administrator).update(expires_at=timezone.now() + DAY)
    accept(invitation=link.invitation, by=person)
    assert roles_of(office.organisation) == {Role.ADMINISTRATOR: None, Role.READER: TODAY}


def test_a_first_strategy_lead_finds_what_to_begin_with(office: Desk, administrator: Person) -> None:
    office.organisation.objectives.all().delete()
    link = invite(
        organisation=office.organisation, email=NEW, roles=[Role.STRATEGY_LEAD], last_day=None, by=administrator
    )
    accept_with_new_account(invitation=link.invitation, **ANSWER)
    assert office.organisation.objectives.exists()


# What is over, forged or replayed


def refused(client: Client, link: str, title: str, status: int) -> str:
    client.get(link)
    for answer in (client.get("/invitations/"), client.post("/invitations/", ANSWER)):
        assert answer.status_code == status
        assert f"<h1>{title}</h1>" in words_of(answer)
    return words_of(answer)


def leads_nowhere(client: Client, link: str) -> None:
    answer = client.get(link)
    assert answer.status_code == 404
    assert "<h1>This link does not work</h1>" in words_of(answer)


def test_a_used_invitation_has_its_page(office: Desk) -> None:
    asked(office)
    link = link_of_the_mail()
    first = Client()
    first.get(link)
    first.post("/invitations/", ANSWER)
    refused(Client(), link, "This invitation has been used", 410)
    refused(first, link, "This invitation has been used", 410)
    assert Person.objects.filter(email=NEW).count() == 1


def test_an_expired_invitation_has_its_page_and_can_be_sent_again(office: Desk, administrator: Person) -> None:
    asked(office)
    link = link_of_the_mail()
    one = invited(office)
    AccessInvitation.objects.filter(pk=one.pk).update(
        invited_at=timezone.now() - 15 * DAY, expires_at=timezone.now() - DAY
    )
    words = refused(Client(), link, "This invitation is too old", 410)
    assert f"Ask {administrator} to send it again." in words
    assert "Not any more: too old" in words_of(office.get("people/"))
    page = office.post(f"people/invitations/{one.pk}/", {"do": "send_again"}, follow=True)
    assert "The invitation is on its way" in words_of(page)
    assert link_of_the_mail() != link
    leads_nowhere(Client(), link)
    client = Client()
    client.get(link_of_the_mail())
    client.post("/invitations/", ANSWER)
    assert roles_of(office.organisation) == {Role.READER: None}


@pytest.mark.parametrize("has_account", [True, False])
def test_an_invitation_to_roles_that_have_ended_is_too_old(
    office: Desk, administrator: Person, has_account: bool
) -> None:
    asked(office)
    one = invited(office)
    AccessInvitation.objects.filter(pk=one.pk).update(last_day=TODAY)
    assert invited(office).state.value == "waiting"
    AccessInvitation.objects.filter(pk=one.pk).update(last_day=TODAY - DAY)
    client = signed_in(PersonFactory.create(email=NEW)) if has_account else Client()
    words = refused(client, link_of_the_mail(), "This invitation is too old", 410)
    assert f"It could be accepted until {TODAY - DAY:%A %-d %B %Y}. Ask {administrator}" in words
    assert "Not any more: too old" in words_of(office.get("people/"))
    assert not office.organisation.access_grants.filter(person__email=NEW).exists()
    page = office.post(f"people/invitations/{one.pk}/", {"do": "send_again"}, follow=True)
    assert "Withdraw it, and invite them with a later last day." in words_of(page)
    assert len(mail.outbox) == 1


def test_the_letter_says_that_the_link_works_no_longer_than_the_roles(office: Desk, administrator: Person) -> None:
    soon = TODAY + 3 * DAY
    typed: dict[str, Any] = {"last_day-day": soon.day, "last_day-month": soon.month, "last_day-year": soon.year}
    asked(office, **typed)
    assert f"The link works until {soon:%A %-d %B %Y}" in str(mail.outbox[0].body)
    assert words_of(office.get("people/")).count(f"ntil {soon:%-d %B %Y}") == 2


def test_a_withdrawn_invitation_has_its_page(office: Desk) -> None:
    asked(office)
    page = office.post(f"people/invitations/{invited(office).pk}/", {"do": "withdraw"}, follow=True)
    assert f"The invitation of {NEW} is withdrawn. Its link no longer works." in words_of(page)
    refused(Client(), link_of_the_mail(), "This invitation was withdrawn", 410)
    asked(office)
    assert office.organisation.access_invitations.count() == 2


def test_an_invitation_does_not_outlive_its_senders_right_to_invite(office: Desk, administrator: Person) -> None:
    asked(office)
    second = in_role(office.organisation, Role.ADMINISTRATOR)
    remove_person(organisation=office.organisation, person=administrator, by=second)
    refused(Client(), link_of_the_mail(), "This invitation no longer holds", 410)
    assert "may no longer invite" in words_of(office.as_(second).get("people/"))
    office.as_(second).post(f"people/invitations/{invited(office).pk}/", {"do": "send_again"})
    client = Client()
    client.get(link_of_the_mail())
    client.post("/invitations/", ANSWER)
    assert roles_of(office.organisation) == {Role.READER: None}


def test_nobody_who_left_comes_back_through_an_invitation_of_before(office: Desk, administrator: Person) -> None:
    asked(office)
    person = PersonFactory.create(email=NEW)
    office.organisation.access_grants.create(person=person, role=Role.EXECUTIVE)
    remove_person(organisation=office.organisation, person=person, by=administrator)
    refused(signed_in(person), link_of_the_mail(), "This invitation was withdrawn", 410)


def test_nobody_whose_roles_were_cut_gets_them_back_through_an_invitation_of_before(
    office: Desk, administrator: Person
) -> None:
    asked(office, roles=["strategy_lead"])
    other = invite(
        organisation=office.organisation,
        email="other@example.org",
        roles=[Role.READER],
        last_day=None,
        by=administrator,
    ).invitation
    person = PersonFactory.create(email=NEW)
    office.organisation.access_grants.create(person=person, role=Role.EXECUTIVE)
    change_roles(organisation=office.organisation, person=person, roles={Role.READER: None}, by=administrator)
    refused(signed_in(person), link_of_the_mail(), "This invitation was withdrawn", 410)
    assert roles_of(office.organisation) == {Role.READER: None}
    other.refresh_from_db()
    assert other.state.value == "waiting"


@pytest.mark.parametrize("secret", ["x", "0" * 43, "%00", "a" * 5000, "..%2f..", "' OR 1=1 --", "invite"])
def test_a_forged_link_leads_nowhere(office: Desk, secret: str) -> None:
    asked(office)
    answer = Client().get(f"/invitations/{secret}/", follow=True)
    assert answer.status_code in {400, 404}
    assert not Person.objects.filter(email=NEW).exists()


def test_the_hash_is_no_link(office: Desk) -> None:
    """Whoever reads the database can do nothing with what is there."""
    asked(office)
    leads_nowhere(Client(), f"/invitations/{invited(office).link_hash}/")


def test_only_a_link_that_leads_to_an_invitation_starts_a_session(office: Desk) -> None:
    asked(office)
    before, client = Session.objects.count(), Client()
    for number in range(20):
        leads_nowhere(client, f"/invitations/made-up-{number}/")
    assert Session.objects.count() == before
    assert not client.cookies
    client.get(link_of_the_mail())
    assert Session.objects.count() == before + 1
    leads_nowhere(client, "/invitations/made-up/")
    assert client.get("/invitations/").status_code == 200


def test_without_a_link_the_page_says_to_open_it(office: Desk) -> None:
    for answer in (Client().get("/invitations/"), Client().post("/invitations/", ANSWER)):
        assert answer.status_code == 403
        assert "<h1>Open your link again</h1>" in words_of(answer)


def test_wrong_methods_are_refused(office: Desk) -> None:
    asked(office)
    assert Client().post(link_of_the_mail()).status_code == 405
    assert Client().delete("/invitations/").status_code == 405
    assert office.get(f"people/invitations/{invited(office).pk}/").status_code == 405
    assert office.client.delete(office.at("people/invite/")).status_code == 405


def test_a_form_from_elsewhere_accepts_nothing(office: Desk) -> None:
    asked(office)
    client = Client(enforce_csrf_checks=True)
    client.get(link_of_the_mail())
    assert client.post("/invitations/", ANSWER).status_code == 403
    assert invited(office).accepted_at is None


@pytest.mark.parametrize("deed", ["", "delete", "send"])
def test_a_deed_that_there_is_not_does_nothing(office: Desk, deed: str) -> None:
    asked(office)
    page = office.post(f"people/invitations/{invited(office).pk}/", {"do": deed}, follow=True)
    assert "Choose what to do with the buttons on this page." in words_of(page)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("end", "text"),
    [("accepted", "has accepted this invitation already."), ("withdrawn", "was withdrawn already.")],
)
def test_what_is_over_is_neither_sent_again_nor_withdrawn(office: Desk, end: str, text: str) -> None:
    asked(office)
    one = invited(office)
    over = {f"{end}_by": office.lead, f"{end}_at": timezone.now()}
    AccessInvitation.objects.filter(pk=one.pk).update(**over)
    for deed in ("send_again", "withdraw"):
        page = office.post(f"people/invitations/{one.pk}/", {"do": deed}, follow=True)
        assert text in words_of(page)
    with pytest.raises(ValidationError, match="already"):
        note_handed_over(invitation=one, by=one.invited_by)
    assert len(mail.outbox) == 1


def test_an_account_made_meanwhile_is_not_taken_over(office: Desk) -> None:
    asked(office)
    PersonFactory.create(email=NEW, name="The first")
    with pytest.raises(InvitationRefusedError, match="has_an_account"):
        accept_with_new_account(invitation=invited(office), **ANSWER)
    assert Person.objects.get(email=NEW).name == "The first"


def test_a_link_replaced_meanwhile_is_not_accepted(office: Desk, administrator: Person) -> None:
    asked(office)
    seen = invited(office)
    send_again(invitation=seen, by=administrator)
    with pytest.raises(InvitationRefusedError, match="unknown"):
        accept_with_new_account(invitation=seen, **ANSWER)


@pytest.mark.django_db(transaction=True)
def test_a_link_accepted_twice_at_once_makes_one_account(office: Desk) -> None:
    asked(office)
    outcomes = at_once(*(partial(accept_with_new_account, invitation=invited(office), **ANSWER) for _ in range(2)))
    assert sorted(type(one).__name__ for one in outcomes) == ["InvitationRefusedError", "Person"], outcomes
    assert Person.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_invitations_of_two_organisations_accepted_at_once_make_one_account(office: Desk) -> None:
    other, _, _ = organisation_with_people()
    sent = [
        invite(
            organisation=one,
            email=NEW,
            roles=[Role.READER],
            last_day=None,
            by=in_role(one, Role.ADMINISTRATOR),
        ).invitation
        for one in (office.organisation, other)
    ]
    both_have_looked = threading.Barrier(2, timeout=30)

    def looked(*_: Any, **__: Any) -> None:
        both_have_looked.wait()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partnerships.actions.invitations.person_with", looked)
        outcomes = at_once(*(partial(accept_with_new_account, invitation=one, **ANSWER) for one in sent))
    assert sorted(type(one).__name__ for one in outcomes) == ["InvitationRefusedError", "Person"], outcomes
    [refusal] = [one for one in outcomes if isinstance(one, InvitationRefusedError)]
    assert str(refusal) == "has_an_account"
    assert Person.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_address_invited_twice_at_once_is_invited_once(office: Desk, administrator: Person) -> None:
    ours: dict[str, Any] = {"organisation": office.organisation, "roles": [Role.READER], "last_day": None}
    outcomes = at_once(*(partial(invite, **ours, email=NEW, by=administrator) for _ in range(2)))
    assert sorted(type(one).__name__ for one in outcomes) == ["InvitationLink", "ValidationError"], outcomes
    assert office.organisation.access_invitations.count() == 1
