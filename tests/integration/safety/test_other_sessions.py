"""What one session of the application runs is seen by no other, though all of them have one role."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from psycopg2 import errors, extensions

from partnerships.models import Role
from tests.integration.diagnostics.conftest import Setting, setting
from tests.integration.diagnostics.survey_data import opened
from tests.integration.safety.world import World

__all__ = ["setting"]

pytestmark = pytest.mark.django_db
WORDS = "Quillwort never came"


@pytest.fixture
def beside() -> Iterator[extensions.cursor]:
    """Another session of the application's role, which acts for nobody."""
    name = connection.settings_dict["NAME"]
    other = psycopg2.connect(os.environ["DATABASE_URL"], dbname=name)
    other.autocommit = True
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


class Onlooker:
    """Reads after each statement of this session what the session beside sees of it."""

    def __init__(self, beside: extensions.cursor) -> None:
        self.beside, self.sent, self.seen = beside, list[str](), list[str]()

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        finally:
            self.sent.append(f"{sql} {params}")
            self.beside.execute(
                "SELECT query FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
            self.seen += [str(query) for (query,) in self.beside.fetchall()]


def test_no_words_of_an_organisation(world: World, beside: extensions.cursor) -> None:
    onlooker = Onlooker(beside)
    address = f"/o/{world.own.code}/partnerships/?search={WORDS.split()[0]}"
    with connection.execute_wrapper(onlooker):
        assert world.as_(Role.STRATEGY_LEAD).get(address).status_code == 200
    _nothing_is_seen(onlooker)


def test_no_answer_of_an_open_survey(setting: Setting, beside: extensions.cursor) -> None:
    _, links = opened(setting.participation, setting.lead)
    client, onlooker = Client(), Onlooker(beside)
    root = client.get(f"/s/{links[0].secret}/").headers["Location"].removesuffix("welcome/")
    with connection.execute_wrapper(onlooker):
        answered = client.post(f"{root}questions/purpose/", {"answer-PUR1": "1", "reason-PUR1": WORDS})
    assert answered.status_code == 302
    assert any(WORDS in sent for sent in onlooker.sent)
    _nothing_is_seen(onlooker)


def _nothing_is_seen(onlooker: Onlooker) -> None:
    assert onlooker.sent
    assert onlooker.seen, "the other sessions are there"
    assert set(onlooker.seen) == {""}


def test_the_application_cannot_switch_it_on(beside: extensions.cursor) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        beside.execute("SET track_activities = on")
