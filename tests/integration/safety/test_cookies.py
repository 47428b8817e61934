"""What cookies are worth to somebody who planted, kept or looks into one."""

from __future__ import annotations

from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from diagnostics.links import Link
from tests.factories import active_participation, organisation_with_people
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
