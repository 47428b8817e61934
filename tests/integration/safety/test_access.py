"""Who gets what: every address there is, as every actor, at our organisation and at another's."""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils import timezone

from partnerships.models import AccessGrant
from tests.integration.safety.access_table import METHODS, difference, rows, seen, seen_row
from tests.integration.safety.addresses import routes
from tests.integration.safety.world import World

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refused requests are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_has_one_row_in_the_table() -> None:
    """A new address is put into ``access_table.txt`` by hand, by somebody who has thought of who may open it."""
    assert Counter(row.name for row in rows()) == Counter(route.name for route in routes())


def test_every_address_answers_each_actor_as_the_table_says(world: World) -> None:
    found = (seen_row(world, route.name, route.at(world.own), route.at(world.other)) for route in routes())
    assert difference(rows(), found) == []


def test_a_role_that_has_ended_opens_nothing(world: World) -> None:
    """Who held one is told that it has ended, wherever somebody who never had a role finds nothing."""
    expected = {row.name: tuple(cell.replace("404", "403") for cell in row.as_("roleless")) for row in rows()}
    now = timezone.now()
    AccessGrant.objects.filter(person=world.own.people["contributor"]).update(granted_at=now - DAY, expires_at=now)
    for route in routes():
        if route.of_organisation():
            found = tuple(seen(world, "contributor", method, route.at(world.own)) for method in METHODS)
            assert found == expected[route.name], route


@pytest.mark.parametrize("method", ["put", "delete"])
def test_no_page_of_ours_takes_another_method(world: World, method: str) -> None:
    """Those of the sign-in library take any for a GET or a POST, CSRF token and all; those of a sign-in provider do not
    exist where there is none.
    """
    taken = [
        (route.name, answer.status_code)
        for route in routes()
        if not route.name.startswith(("account", "mfa", "openid", "provider", "socialaccount"))
        and (answer := world.ask("strategy_lead", method, route.at(world.own))).status_code != 405
    ]
    assert taken == []
