"""What the database knows of the scope: in every statement, and nothing of it afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command, get_commands, load_command_class
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from config.celery import app
from partnerships.commands import IsolatedCommand
from partnerships.isolation import (
    Scope,
    acting_as,
    acting_for,
    acting_for_nobody,
    acting_for_several,
    acting_with_link,
    current_scope,
    start_as_nobody,
)
from partnerships.models import Organisation, Person

HASH = "0123456789abcdef" * 4
ASK = (
    "SELECT current_setting('triage.organisations', true), current_setting('triage.person', true), "
    "current_setting('triage.link', true)"
)


def told() -> tuple[str, ...]:
    """What a statement of ours says."""
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        return tuple(cursor.fetchone())


def left_behind() -> list[str]:
    """What a statement finds that says nothing: what would be there for the next one of another client."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(ASK)  # the driver's own cursor, past the hook
        return [value for value in cursor.cursor.fetchone() if value]


@transaction.atomic
def told_and_failed() -> None:
    assert told()[0] in ("3", "4")
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    with acting_for_nobody():
        yield


@pytest.mark.django_db(transaction=True)
class TestWithoutATransaction:
    def test_each_statement_says_for_whom_and_leaves_nothing(self) -> None:
        with acting_for(3, person=Person(pk=7)):
            assert told() == ("3", "7", "")
            assert left_behind() == []
        with acting_as(Person(pk=8)):
            assert told() == ("", "8", "")
        with acting_with_link(HASH):
            assert told() == ("", "", HASH)
        assert told() == ("", "", "")
        assert left_behind() == []

    def test_a_statement_that_fails_leaves_nothing(self) -> None:
        with acting_for(3), pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert left_behind() == []
        assert told() == ("", "", "")

    def test_a_transaction_leaves_nothing_whichever_way_it_ends(self) -> None:
        with acting_for(3), transaction.atomic():
            assert told()[0] == "3"
        assert left_behind() == []
        with acting_for(3), pytest.raises(ZeroDivisionError):
            told_and_failed()
        assert left_behind() == []
        with acting_for(3), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")
        assert left_behind() == []

    def test_threads_share_nothing(self) -> None:
        seen = dict[int, tuple[str, ...]]()
        together = threading.Barrier(2)

        def ask(organisation: int) -> None:
            try:
                with acting_for(organisation):
                    together.wait(10)
                    seen[organisation] = told()
            finally:
                connection.close()

        threads = [threading.Thread(target=ask, args=[organisation]) for organisation in (3, 4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == {3: ("3", "", ""), 4: ("4", "", "")}


@pytest.mark.django_db
class TestInATransaction:
    def test_the_scope_follows_the_code_and_not_the_transaction(self) -> None:
        with acting_for(3):
            assert told()[0] == "3"
            with acting_for(4):
                assert told()[0] == "4"
            assert told()[0] == "3"
        assert told()[0] == ""

    def test_a_rolled_back_savepoint_brings_no_earlier_scope_back(self) -> None:
        with acting_for(3):
            assert told()[0] == "3"
            with acting_for(4), pytest.raises(ZeroDivisionError):
                told_and_failed()
            with acting_for(5):
                assert told()[0] == "5"

    def test_a_failed_transaction_still_ends_as_it_should(self) -> None:
        with acting_for(3):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT no_such_column")
            assert told()[0] == "3"

    def test_the_isolation_of_a_transaction_can_still_be_chosen_first(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert told() == ("", "", "")

    def test_many_at_once_each_say_for_whom(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE heard (number int, organisations text) ON COMMIT DROP")
            with acting_for_several([3, 4]):
                cursor.executemany(
                    "INSERT INTO heard VALUES (%s, current_setting('triage.organisations'))", [(1,), (2,)]
                )
            cursor.execute("SELECT number, organisations FROM heard ORDER BY 1")
            assert cursor.fetchall() == [(1, "3,4"), (2, "3,4")]

    def test_it_is_no_query_of_its_own(self) -> None:
        with CaptureQueriesContext(connection) as asked, acting_for(3):
            assert list(Organisation.objects.filter(code="NONE")) == []
        assert len(asked) == 1

    def test_rows_come_without_a_cursor_of_the_server(self) -> None:
        with acting_for(3):
            assert list(Organisation.objects.filter(code="NONE").iterator()) == []
        assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.django_db
def test_a_request_starts_as_nobody_and_then_is_its_person(client: Any, rf: Any) -> None:
    seen = list[Scope]()

    def page(request: Any) -> HttpResponse:
        seen.append(current_scope())
        return HttpResponse()

    request = rf.get("/")
    with acting_for(3):
        for user in (AnonymousUser(), Person(pk=9)):
            request.user = user
            start_as_nobody(page)(request)
        assert current_scope() == Scope((3,))
    assert seen == [Scope(), Scope(person=9)]


def test_a_task_starts_as_nobody() -> None:
    @app.task(name="tests.who_am_i")
    def who_am_i() -> Scope:
        return current_scope()

    with acting_for(3):
        assert who_am_i() == Scope()
        assert current_scope() == Scope((3,))


@pytest.mark.django_db
def test_every_command_of_ours_starts_as_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    ours = {
        name: app
        for name, app in get_commands().items()
        if app in ("partnerships", "diagnostics", "scoring", "decisions", "config")
    }
    without_rows = {"migrate"}  # Django's own, which looks at its role before it begins
    classes = {name: load_command_class(app, name) for name, app in ours.items() if name not in without_rows}
    assert len(classes) >= 10
    assert [name for name, one in classes.items() if not isinstance(one, IsolatedCommand)] == []

    class WhoAmI(IsolatedCommand):
        requires_system_checks = ()

        def handle(self, *args: Any, **options: Any) -> str:
            return str(current_scope() == Scope())

    with acting_for(3):
        call_command(WhoAmI())
    assert capsys.readouterr().out.strip() == "True"
