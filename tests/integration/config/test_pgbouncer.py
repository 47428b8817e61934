"""Two organisations through PgBouncer, which pools by transactions and has one connection to the database for both."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from config.embedded.postgres import APP_ROLE
from partnerships.isolation import acting_as, acting_for
from partnerships.models import Organisation, Participation, Person
from tests.factories import active_participation, organisation_with_people
from tests.integration.config.pgbouncer import one_server_connection

pytestmark = [pytest.mark.pgbouncer, pytest.mark.django_db(transaction=True)]

Home = tuple[Organisation, Person]


@pytest.fixture
def homes() -> tuple[Home, Home]:
    """Two organisations with three partnerships each, and their strategy leads."""
    made = []
    for name in ("Fernshire", "Dunmarsh"):
        organisation, lead, _ = organisation_with_people(name=name)
        for number in range(3):
            active_participation(organisation, purpose=f"{name} plans service {number}")
        made.append((organisation, lead))
    return made[0], made[1]


@pytest.fixture
def port(process_environment: dict[str, str]) -> Iterator[int]:
    host = parse_qs(urlsplit(process_environment["DATABASE_URL"]).query)["host"][0]
    with one_server_connection(host=host) as port:
        yield port


def through(port: int, work: Callable[[], Any], faults: list[BaseException]) -> threading.Thread:
    """A thread whose Django connects through PgBouncer."""

    def run() -> None:
        ours = connection.copy()
        ours.settings_dict = ours.settings_dict | {"HOST": "127.0.0.1", "PORT": port, "USER": APP_ROLE, "OPTIONS": {}}
        connections["default"] = ours
        try:
            work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            ours.close()

    return threading.Thread(target=run)


def all_at_once(threads: list[threading.Thread], faults: list[BaseException]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for fault in faults:
        raise fault


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def seen() -> set[int]:
    return set(Participation.objects.values_list("organisation_id", flat=True))


def in_a_transaction(organisation: Organisation) -> None:
    with transaction.atomic():
        assert seen() == {organisation.pk}
        with pytest.raises(ZeroDivisionError):
            change_and_fail()
        assert seen() == {organisation.pk}


@transaction.atomic
def change_and_fail() -> None:
    Participation.objects.update(purpose="Never kept")
    raise ZeroDivisionError


def in_a_failed_transaction(organisation: Organisation) -> None:
    with pytest.raises(DatabaseError, match="no_such_column"):
        look_and_fail(organisation)


@transaction.atomic
def look_and_fail(organisation: Organisation) -> None:
    assert seen() == {organisation.pk}
    Participation.objects.extra(where=["no_such_column"]).exists()


def by_itself(organisation: Organisation) -> None:
    assert seen() == {organisation.pk}
    assert Participation.objects.exclude(organisation=organisation).update(purpose="Not ours") == 0


def test_two_clients_in_turn_never_see_each_others_rows(homes: tuple[Home, Home], port: int) -> None:
    faults, processes = list[BaseException](), set[int]()
    together = threading.Barrier(2)

    def of(home: Home, seed: int) -> Callable[[], None]:
        def work() -> None:
            chance = random.Random(seed)
            together.wait(30)
            for _ in range(60):
                with acting_for(home[0]):
                    chance.choice((by_itself, in_a_transaction, in_a_failed_transaction))(home[0])
                    processes.add(server_process())
                with acting_as(home[1]):
                    assert seen() == set()

        return work

    all_at_once([through(port, of(home, seed), faults) for seed, home in enumerate(homes)], faults)
    assert len(processes) == 1, "PgBouncer had more than one connection, so nothing was shared"
    assert {one.purpose.partition(" ")[0] for one in Participation.objects.all()} == {"Fernshire", "Dunmarsh"}


def test_nothing_is_left_for_a_client_that_says_nothing(homes: tuple[Home, Home], port: int) -> None:
    faults, processes = list[BaseException](), set[int]()
    other = psycopg2.connect(host="127.0.0.1", port=port, user=APP_ROLE, dbname=connection.settings_dict["NAME"])
    other.autocommit = True

    def work() -> None:
        with other.cursor() as cursor:
            for organisation, _ in homes * 3:
                with acting_for(organisation):
                    by_itself(organisation)
                    in_a_transaction(organisation)
                    processes.add(server_process())
                cursor.execute("SELECT count(*), pg_backend_pid() FROM partnerships_participation")
                [(rows, process)] = cursor.fetchall()
                assert rows == 0
                processes.add(process)
                cursor.execute("SELECT coalesce(current_setting('triage.organisations', true), '')")
                assert cursor.fetchall() == [("",)]

    all_at_once([through(port, work, faults)], faults)
    other.close()
    assert len(processes) == 1


def test_pages_of_two_organisations_through_one_connection(homes: tuple[Home, Home], port: int) -> None:
    faults = list[BaseException]()

    def of(home: Home, other: Home) -> Callable[[], None]:
        def work() -> None:
            client = Client()
            client.force_login(home[1])
            names = [one.partnership.name for one in Participation.objects.filter(organisation=home[0])]
            theirs = [one.partnership.name for one in Participation.objects.filter(organisation=other[0])]
            assert names
            assert theirs
            for _ in range(5):
                words = client.get(f"/o/{home[0].code}/partnerships/").content.decode()
                assert all(name in words for name in names)
                assert not any(name in words for name in theirs)
                assert client.get(f"/o/{other[0].code}/partnerships/").status_code == 404

        return work

    all_at_once([through(port, of(*homes), faults), through(port, of(homes[1], homes[0]), faults)], faults)
