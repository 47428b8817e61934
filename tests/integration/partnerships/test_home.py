from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD, PersonFactory, organisation_with_people

pytestmark = pytest.mark.django_db


def test_signed_out_says_what_this_is(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "asked into more partnerships than it can do well" in page.content.decode()


def test_signing_in_leads_to_your_organisation(client: Client) -> None:
    organisation, lead, _ = organisation_with_people()
    page = client.post("/accounts/login/", {"login": lead.email, "password": PASSWORD})
    assert page.status_code == 302
    assert client.get("/")["Location"] == f"/o/{organisation.code}/"


def test_a_wrong_password_is_explained_and_keeps_the_address(client: Client) -> None:
    _, lead, _ = organisation_with_people()
    page = client.post("/accounts/login/", {"login": lead.email, "password": "not the password"})
    words = page.content.decode()
    assert "There is a problem" in words
    assert "Error: Sign in" in words
    assert lead.email in words


def test_without_a_role_the_page_says_whom_to_ask(client: Client) -> None:
    client.force_login(PersonFactory.create())
    assert "Ask your organisation’s administrator" in client.get("/", follow=True).content.decode()


def test_nobody_signs_up_alone(client: Client) -> None:
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    assert "password1" not in page.content.decode()


def test_nobody_changes_the_address_they_are_known_by(client: Client) -> None:
    _, lead, _ = organisation_with_people()
    client.force_login(lead)
    assert client.get("/accounts/email/").status_code == 404
    assert client.post("/accounts/email/", {"action_add": "", "email": "other@example.org"}).status_code == 404
    lead.refresh_from_db()
    assert lead.email != "other@example.org"


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client: Client) -> None:
    _, lead, _ = organisation_with_people()
    assert "Forgotten your password?</a>" in client.get("/accounts/login/").content.decode()
    sent = client.post("/accounts/password/reset/", {"email": lead.email}, follow=True)
    assert "a link is on its way" in sent.content.decode()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([lead.email], "Set a new password for collaboration triage")
    link = next(word for word in str(letter.body).split() if word.startswith("http://testserver/"))
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.content.decode()
    new = "three random words"
    address = page.redirect_chain[-1][0]
    short = client.post(address, {"password1": "short", "password2": "short"})
    assert "There is a problem" in short.content.decode()
    done = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert client.post("/accounts/login/", {"login": lead.email, "password": new})["Location"] == "/"
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_who_is_not_known_is_told_the_same_and_gets_no_letter(client: Client) -> None:
    sent = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert "a link is on its way" in sent.content.decode()
    assert not mail.outbox


@pytest.mark.parametrize("address", ["password/reset/", "password/reset/done/", "password/reset/key/2-abc-def/"])
def test_without_a_mail_server_no_link_is_made(client: Client, settings: Any, address: str) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    _, lead, _ = organisation_with_people()
    words = client.get("/accounts/login/").content.decode()
    assert "Ask whoever runs this service to set a new one" in words
    assert "password/reset" not in words
    assert client.get(f"/accounts/{address}").status_code == 404
    assert client.post(f"/accounts/{address}", {"email": lead.email}).status_code == 404


@pytest.mark.parametrize("address", ["confirm-email/", "password/set/", "3rdparty/"])
def test_pages_of_the_library_that_mean_nothing_here_do_not_exist(client: Client, address: str) -> None:
    _, lead, _ = organisation_with_people()
    assert client.get(f"/accounts/{address}").status_code == 404
    client.force_login(lead)
    assert client.get(f"/accounts/{address}").status_code == 404
