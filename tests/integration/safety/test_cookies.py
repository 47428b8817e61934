"""What cookies are worth to somebody who planted, kept or looks into one."""

from __future__ import annotations

from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from diagnostics.links import Link
from tests.factories import PersonFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.survey_data import opened

pytestmark = pytest.mark.django_db

HOURS = 60 * 60


def attributes(cookie: Morsel[str]) -> tuple[Any, str, str]:
    """All cookies are for this host alone, over https alone, and out of reach of scripts."""
    assert cookie["domain"] == ""
    assert cookie["secure"] is True, cookie
    assert cookie["httponly"] is True, cookie
    return cookie["max-age"], cookie["path"], cookie["samesite"]


@pytest.fixture
def over_https(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def test_that_of_a_respondent(over_https: None) -> None:
    organisation, lead, _ = organisation_with_people()
    _, links = opened(active_participation(organisation), lead)
    client, secret = Client(), links[0].secret
    client.get(f"/s/{secret}/", secure=True)
    handle = Link.with_secret(secret).handle
    ((name, cookie),) = client.cookies.items()
    assert handle in name
    assert secret not in str(cookie)
    assert attributes(cookie) == (20 * HOURS, f"/s/{handle}/", "Lax")


def signed_in_as(client: Client, cookies: str) -> Any:
    """Who a request with these cookies is of; ``None`` where nobody is signed in."""
    sent = cookies.encode().decode("latin-1")  # as a server hands on what it received
    return client.get("/accounts/", HTTP_COOKIE=sent).wsgi_request.user.pk


@pytest.mark.parametrize("blank", ["\u2000", "\u3000", "\u00a0", "\u0085", "\u2028", "\x1f", "\x0b"])
def test_one_that_another_host_planted_under_a_name_that_reads_as_ours(settings: Any, blank: str) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    own, thief = PersonFactory.create_batch(2)
    browser, theirs = Client(), Client()
    browser.force_login(own)
    theirs.force_login(thief)
    kept, planted = (client.cookies["__Host-sessionid"].value for client in (browser, theirs))
    assert signed_in_as(Client(), f"__Host-sessionid={planted}") == thief.pk
    assert signed_in_as(Client(), f"__Host-sessionid={kept}; {blank}__Host-sessionid={planted}") == own.pk
    assert signed_in_as(Client(), f"{blank}__Host-sessionid={planted}; __Host-sessionid={kept}") == own.pk
    assert signed_in_as(Client(), f"{blank}__Host-sessionid={planted}") is None
    assert signed_in_as(Client(), f"__Host-sessionid{blank}={planted}") is None


def test_of_two_with_one_name_neither_counts() -> None:
    """As a cookie without the prefix can be planted beside ours."""
    own, thief = PersonFactory.create_batch(2)
    browser, theirs = Client(), Client()
    browser.force_login(own)
    theirs.force_login(thief)
    kept, planted = (client.cookies["sessionid"].value for client in (browser, theirs))
    assert signed_in_as(Client(), f"sessionid={kept}; sessionid={planted}") is None
    assert signed_in_as(Client(), f"sessionid={kept}") == own.pk
