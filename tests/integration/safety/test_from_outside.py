"""Addresses and names that a visitor sends: where to go next, where they were, which host they think this is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD, PersonFactory
from tests.integration.safety.addresses import routes
from tests.integration.safety.world import Page, World, undone

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://elsewhere.example/x",
    "//elsewhere.example/x",
    "/\\elsewhere.example/x",
    "\\\\elsewhere.example/x",
    "https:elsewhere.example",
    "///elsewhere.example/x",
    "http://testserver@elsewhere.example/",
    "javascript:alert(1)//elsewhere.example",
    " https://elsewhere.example/x",
    "https://testserver.elsewhere.example/",
]
SAYS_WHERE = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh")


def leads_elsewhere(answer: Page) -> bool:
    """Outright: another host, or a kind of address that browsers read as one. What is only passed on is looked at
    where it arrives.
    """
    for name in SAYS_WHERE:
        to = answer.headers.get(name, "")
        parts = urlsplit(to.replace("\\", "/").strip())
        if parts.scheme not in {"", "http"} or parts.netloc not in {"", "testserver"} or to.startswith(("//", "/\\")):
            return True
    return False


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/logout/", "/accounts/reauthenticate/"])
def test_signing_in_or_out_leads_nowhere_else(address: str, elsewhere: str) -> None:
    person, client = PersonFactory.create(), Client()
    if "login" not in address:
        client.force_login(person)
    asked = f"{address}?{urlencode({'next': elsewhere})}"
    sent = {"login": person.email, "password": PASSWORD, "next": elsewhere}
    for answer in (client.get(asked), client.post(asked, sent)):
        assert not leads_elsewhere(answer)
        for form in answer.content.decode().split("<form")[1:]:
            assert "elsewhere.example" not in form.partition(">")[0]


def test_no_link_of_a_page_leads_where_a_visitor_says(world: World) -> None:
    """Nor does a page name the host that a visitor claims, in a link or anywhere."""
    said = {
        "Referer": "https://elsewhere.example/",
        "X-Forwarded-Host": "elsewhere.example",
        "Forwarded": "host=elsewhere.example",
    }
    for route in routes():
        for who in ("strategy_lead", "administrator", "nobody"):
            answer = world.ask(who, "get", route.at(world.own), headers=said)
            assert b"elsewhere.example" not in answer.getvalue(), (who, route.name)


def test_the_letter_with_a_new_password_names_this_host_only(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    person = PersonFactory.create()
    said = {
        "X-Forwarded-Host": "elsewhere.example",
        "Forwarded": "host=elsewhere.example",
        "Origin": "http://testserver",
    }
    with undone():
        Client().post("/accounts/password/reset/", {"email": person.email}, headers=said)
    (letter,) = mail.outbox
    assert "http://testserver/accounts/password/reset/key/" in letter.body
    assert "elsewhere" not in str(letter.message())
