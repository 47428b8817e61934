from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from psycopg2.sql import SQL

from partnerships import isolation
from partnerships.isolation import (
    NOBODY,
    Scope,
    acting_as,
    acting_for,
    acting_for_nobody,
    acting_for_several,
    acting_with_link,
    current_scope,
    send_scope_in_front,
)
from partnerships.models import Organisation, Person

HASH = "0123456789abcdef" * 4


def sent(sql: Any, *, status: int = TRANSACTION_STATUS_INTRANS) -> str:
    """What a statement becomes on its way."""
    driver = SimpleNamespace(get_transaction_status=lambda: status)
    context = {"connection": SimpleNamespace(connection=driver)}
    answer: str = send_scope_in_front(lambda text, *_: text, sql, None, False, context)
    return answer


@pytest.fixture(autouse=True)
def as_in_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that use the database act for everybody where nothing else is said; the application does not."""
    monkeypatch.setattr(isolation, "outside", NOBODY)


def test_code_that_has_not_said_acts_for_nobody() -> None:
    assert current_scope() == NOBODY == Scope()


def test_each_block_acts_for_its_own_and_gives_back_what_was() -> None:
    person = Person(pk=7)
    with acting_as(person):
        assert current_scope() == Scope(person=7)
        with acting_for(Organisation(pk=3)):
            assert current_scope() == Scope((3,), 7)
            with acting_for(4):
                assert current_scope() == Scope((4,), 7)
            with acting_for_nobody():
                assert current_scope() == NOBODY
            assert current_scope() == Scope((3,), 7)
        with acting_for(3, person=Person(pk=8)):
            assert current_scope() == Scope((3,), 8)
        with acting_for_several([3, 4]):
            assert current_scope() == Scope((3, 4), 7)
        with acting_with_link(HASH):
            assert current_scope() == Scope(link=HASH)
    assert current_scope() == NOBODY


def test_a_block_that_fails_gives_back_what_was() -> None:
    with pytest.raises(ZeroDivisionError), acting_for(3):
        assert 1 // 0
    assert current_scope() == NOBODY


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_somebody_who_has_not_signed_in_is_nobody(nobody: Any) -> None:
    with acting_as(nobody):
        assert current_scope() == NOBODY


def test_another_thread_acts_for_nobody_until_it_says() -> None:
    seen = list[Scope]()
    with acting_for(3):
        thread = threading.Thread(target=lambda: seen.append(current_scope()))
        thread.start()
        thread.join()
    assert seen == [NOBODY]


@pytest.mark.parametrize("unsaved", [Organisation(code="NEW"), Person(email="new@example.org")])
def test_nobody_acts_for_what_is_not_saved(unsaved: Any) -> None:
    with pytest.raises(ValueError, match="is not saved"):
        acting_for(unsaved)


@pytest.mark.parametrize("wrong", ["", "x" * 64, HASH + "0", HASH.upper(), "'; DROP TABLE scoring_run; --"])
def test_a_link_is_a_hash(wrong: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        acting_with_link(wrong)


@pytest.mark.parametrize("wrong", ["3'); DROP TABLE scoring_run; --", "1,2"])
def test_an_organisation_is_a_number(wrong: Any) -> None:
    with pytest.raises(ValueError, match="invalid literal for int"):
        acting_for(wrong)


def test_a_statement_says_first_for_whom_it_is_sent() -> None:
    with acting_for_several([3, 4], person=Person(pk=7)):
        assert sent("SELECT 1") == (
            "SELECT set_config('triage.organisations', '3,4', true), set_config('triage.person', '7', true), "
            "set_config('triage.link', '', true), set_config('triage.response', '', true); SELECT 1"
        )
    assert sent("SELECT 1").startswith("SELECT set_config('triage.organisations', '', true), ")
    assert sent(SQL("SELECT 1")).endswith("; SELECT 1")


@pytest.mark.parametrize(
    "statement",
    [
        'SAVEPOINT "s1"',
        'RELEASE SAVEPOINT "s1"',
        'ROLLBACK TO SAVEPOINT "s1"',
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "set constraints all immediate",
        "CREATE INDEX CONCURRENTLY a ON b (c)",
        "CREATE UNIQUE INDEX CONCURRENTLY a ON b (c)",
        "  VACUUM",
        "CREATE DATABASE another",
    ],
)
def test_what_shapes_a_transaction_goes_as_it_is(statement: str) -> None:
    assert sent(statement) == statement


def test_what_only_begins_alike_does_not() -> None:
    assert sent("SETTLE").endswith("true); SETTLE")
    assert sent("CREATE INDEX a ON b (c)").startswith("SELECT set_config")


def test_a_failed_transaction_takes_nothing_more() -> None:
    assert sent("SELECT 1", status=TRANSACTION_STATUS_INERROR) == "SELECT 1"
