"""A form on somebody else's site, sent by the browser of somebody who is signed in here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.integration.safety.addresses import routes
from tests.integration.safety.world import World, undone

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


def test_opening_a_page_changes_nothing_of_anybodys(world: World) -> None:
    """A link or an image on another site is sent with the cookie too, so that reading must not write."""
    from django.db import connection

    from tests.integration.safety.world import owned_models

    def rows() -> list[tuple[str, str]]:
        parts = " UNION ALL ".join(
            f"SELECT '{model._meta.db_table}', md5(string_agg(t::text, '|' ORDER BY t::text)) "  # noqa: S608  (no input)
            f"FROM {model._meta.db_table} t"
            for model in owned_models()
        )
        with connection.cursor() as cursor:
            cursor.execute(parts)
            return sorted(cursor.fetchall(), key=str)

    before, changed = rows(), []
    for who in ("strategy_lead", "administrator"):
        for route in routes():
            with undone():
                world.as_(who).get(route.at(world.own))
                if rows() != before:
                    changed.append((who, route.name))
    assert changed == []
