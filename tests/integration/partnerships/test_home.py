import pytest
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
    assert "Ask your strategy lead" in client.get("/").content.decode()


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
