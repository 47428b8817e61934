"""A form on somebody else's site, sent by the browser of somebody who is signed in here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from tests.integration.safety.addresses import routes
from tests.integration.safety.world import OUTSIDERS, ROLES, World, undone
from tests.integration.safety.written import Written

pytestmark = pytest.mark.django_db

REFUSED = "This page was open too long"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://testserver.elsewhere.example", "null"])
def test_with_the_token_another_site_is_refused_all_the_same(db: None, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/")
    token = page.context["csrf_token"]
    sent = {"csrfmiddlewaretoken": str(token), "login": "somebody@example.org", "password": "no"}
    assert client.post("/accounts/login/", sent).status_code == 200
    refused = client.post("/accounts/login/", sent, headers={"Origin": origin})
    assert refused.status_code == 403
    assert REFUSED in refused.content.decode()


def test_no_page_is_exempt() -> None:
    exempt = [str(one) for one in _patterns(get_resolver()) if getattr(one.callback, "csrf_exempt", False)]
    assert exempt == []


def _patterns(resolver: Any) -> list[Any]:
    found: list[Any] = []
    for one in resolver.url_patterns:
        found += _patterns(one) if hasattr(one, "url_patterns") else [one]
    return found


# What opening a page may write, and why that is nobody's.
MAY_BE_WRITTEN = {
    "django_session": "it lasts from the last page that was opened",
    "partnerships_deed": "who took a file or read what people wrote",
}


def told(tables: Iterable[str]) -> dict[str, str]:
    """Another text for each where any row of it is another; also where those of an open survey are."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            of_a_survey = table.removeprefix("diagnostics_") in {"answer", "response"}
            rows = f"tests.every_{table.removeprefix('diagnostics_')}()" if of_a_survey else table
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {rows} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_opening_a_page_changes_nothing_of_anybodys(world: World) -> None:
    """A link or an image on another site is sent with the cookie too, so that reading must not write; what is written
    and taken back, as where an import is rehearsed, is nothing.
    """
    written, seen = Written(), set[str]()
    wrote: list[tuple[str, str, object]] = []
    for who in (*ROLES, *OUTSIDERS):
        for route in routes():
            with undone():
                answer = world.as_(who).get(route.at(world.own))
                wrote += [(who, route.name, "a fault")] if answer.status_code >= 500 else []
                tables = written.since()
                then = told(tables - MAY_BE_WRITTEN.keys())
            changed = {table for table, before in told(then).items() if then[table] != before}
            wrote += [(who, route.name, changed)] if changed else []
            seen |= tables & MAY_BE_WRITTEN.keys()
    assert wrote == []
    assert seen == MAY_BE_WRITTEN.keys()
