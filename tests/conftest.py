"""Tests run on a real PostgreSQL and a real Valkey.

The servers must be there before the settings are read, which is why this module starts them as it is
imported and names the settings itself. The schema is made by the role that owns it; the tests then run as
the application does, as a role that owns nothing and is no superuser, so that a missing right shows here
and not in production.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import django
import pytest
from django.apps import apps
from django.conf import settings

from config import embedded
from config.embedded.holders import exclusive
from config.embedded.postgres import APP_ROLE
from tests import migrated
from tests.everyone import acting_for_everybody
from tests.integration.config.compose import command as compose_command
from tests.integration.config.pgbouncer import program as pgbouncer_program

# What tests load and what the processes they start load is compiled once, also where Python is told not to keep it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

REGISTERS = embedded.ROOT.parent / "shared" / "data"
# What tests need that a machine may lack; where they were left out, .ci/run fails.
GROUPS = ("register", "compose", "pgbouncer")

_servers = ExitStack()
try:
    _servers.enter_context(embedded.servers(embedded.TEST_HOME, durable=False))
    os.environ.update(embedded.local_settings(embedded.TEST_HOME))
except embedded.EmbeddedServersError as error:
    raise pytest.UsageError(str(error)) from None
# What lets tests empty tables and put rows back stands in a schema of its own, at which start-up need not look.
os.environ["SCHEMAS_BESIDES"] = "tests"


def _own_broker_database_and_keys() -> None:
    """Give each process of a parallel run a broker database of its own, so that no worker takes another run's tasks,
    and a folder of survey keys: their files are named by numbers of rows, which two databases may both have.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker.startswith("gw"):
        url = urlsplit(os.environ["REDIS_URL"])
        os.environ["REDIS_URL"] = url._replace(path=f"/{int(worker[2:]) + 1}").geturl()
        os.environ["SURVEY_KEYS"] = f"{os.environ['SURVEY_KEYS']}-{worker}"


_own_broker_database_and_keys()
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["COLLECTED_STATIC"] = "false"
django.setup()
# A process of a parallel run inherits the environment. With the settings named there it would read them before this
# module has given it a broker database of its own, and its tasks would wait where no worker listens.
del os.environ["DJANGO_SETTINGS_MODULE"]
# A password hash is slow on purpose, and most tests make two people: theirs need not be.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _keep_the_rows_of_migrations(items)
    _begin_without_the_database(items)
    _leave_out_what_this_machine_lacks(config, items)


def _keep_the_rows_of_migrations(items: list[pytest.Item]) -> None:
    """Tests that truncate the tables start with the rows that migrations made (the kinds of partnership)."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        truncates = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", []))
        if truncates or (marker and marker.kwargs.get("transaction")):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _begin_without_the_database(items: list[pytest.Item]) -> None:
    """The thousands of quick tests first, then those with a database as pytest-django has them: those that truncate the
    tables, which are slow, last.

    A parallel run gives out its tests in parts that get smaller towards the end. With the quick ones there one process
    had done them all while the other still had a part of the slow ones before it, for ten minutes and more.
    """
    items.sort(key=_needs_the_database)


def _needs_the_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", []))
    return bool(fixtures or item.get_closest_marker("django_db"))


def _leave_out_what_this_machine_lacks(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The real registers, Docker Compose, PgBouncer: .ci/run has them and fails where these tests were left out."""
    lacking = {"register"} if not REGISTERS.is_dir() else set()
    if compose_command() is None:
        lacking.add("compose")
    if pgbouncer_program() is None:
        lacking.add("pgbouncer")
    left_out = [item for item in items if lacking & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        for name in GROUPS:
            if item.get_closest_marker(name):
                item.user_properties.append(("needs", name))  # into the report that .ci/run reads


def pytest_sessionstart() -> None:
    """Told to end, a run still gives up its servers; the processes of a parallel run hold none of their own."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return

    def end(number: int, frame: object) -> None:
        pytest.exit(f"told to end by signal {number}", returncode=128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: Python need not look through it for garbage again and again."""
    gc.freeze()


def pytest_unconfigure() -> None:
    _servers.close()


def _connect_as(settings: dict[str, Any], url: str) -> None:
    """Point a connection's settings at another role of the same server; the database's name stays."""
    import environ
    from django.db import connections

    connections["default"].close()
    described = environ.Env.db_url_config(url)
    for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        settings[key] = described.get(key, {} if key == "OPTIONS" else "")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_use_migrations: bool, django_db_blocker: Any
) -> Iterator[ExitStack]:
    """Have the test database made by the role that owns the schema, as a copy of one in which migrations have run.

    Gives what keeps other processes from replacing that one meanwhile, to be closed once the copy is made.
    """
    from django.db import connections

    settings = connections["default"].settings_dict
    _connect_as(settings, os.environ["MIGRATION_DATABASE_URL"])
    migrated.grant_before_tables()
    with ExitStack() as alone:
        if django_db_use_migrations:
            embedded.TEST_HOME.mkdir(parents=True, exist_ok=True)
            alone.enter_context(exclusive(embedded.TEST_HOME / "migrated.lock"))
            name = migrated.name_of(migrated.sources())
            with django_db_blocker.unblock():
                migrated.have(name)
            settings["TEST"]["TEMPLATE"] = name
        yield alone


def _remember_the_rows_of_migrations() -> None:
    """Every connection restores what the one that made the database found there, with one statement for all of it.

    Row by row it is most of a second before each test that truncates the tables. A test that drives a browser has
    connections of its own, because they belong to the browser's loop, so the statement stands where all see it.
    """
    from django.db import connections

    made_by = connections["default"]
    if not hasattr(made_by, "_test_serialized_contents"):
        return
    models = {apps.get_model(row["model"]) for row in json.loads(made_by._test_serialized_contents)}
    put_back = []
    with made_by.cursor() as cursor:
        for model in sorted(models, key=lambda model: model._meta.db_table):
            table, key = model._meta.db_table, model._meta.pk.column
            columns = [f'"{field.column}"' for field in model._meta.local_concrete_fields]
            cursor.execute(
                f'DROP TABLE IF EXISTS tests."{table}"; CREATE TABLE tests."{table}" AS TABLE public."{table}"; '
                f'GRANT SELECT ON tests."{table}" TO {APP_ROLE}'
            )
            names, found = ", ".join(columns), ", ".join(f"EXCLUDED.{column}" for column in columns)
            put_back.append(
                f'INSERT INTO public."{table}" ({names}) SELECT {names} FROM tests."{table}" '  # noqa: S608 (own names)
                f'ON CONFLICT ("{key}") DO UPDATE SET ({names}) = ROW({found})'
            )
    type(made_by)._test_serialized_contents = "; ".join(put_back)
    del made_by._test_serialized_contents

    def execute(self: Any, statements: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statements)

    creation: Any = type(made_by.creation)
    creation.deserialize_db_from_string = execute


def _let_tests_empty_the_tables() -> None:
    """The application's role may empty no table at once: a function of their owner does it between tests.

    Tests that truncate the tables go through it; it exists in no other database.
    """
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"CREATE SCHEMA IF NOT EXISTS tests; GRANT USAGE ON SCHEMA tests TO {APP_ROLE}; "
            "CREATE OR REPLACE FUNCTION tests.as_the_owner(statement text) RETURNS void LANGUAGE plpgsql "
            "SECURITY DEFINER AS 'BEGIN EXECUTE statement; END'"
        )
        # What surveys hide while they are open, for tests/integration/diagnostics/hidden.py.
        for table in ("response", "answer"):
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION tests.every_{table}() RETURNS SETOF public.diagnostics_{table} "
                f"LANGUAGE sql SECURITY DEFINER AS 'TABLE public.diagnostics_{table}'"
            )
        cursor.execute(
            "CREATE OR REPLACE FUNCTION tests.number_from(first bigint) RETURNS void LANGUAGE sql SECURITY DEFINER AS "
            "$body$ SELECT setval(format('%I.%I', schemaname, sequencename), greatest(last_value, first)) "
            "FROM pg_sequences WHERE schemaname = 'public' $body$"
        )
        cursor.execute(
            "CREATE OR REPLACE FUNCTION tests.rewrite(relation text, key_column text, key text, col text, words text) "
            "RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $body$ BEGIN EXECUTE format("
            "'UPDATE public.%I SET %I = %L WHERE %I::text = %L', relation, col, words, key_column, key); "
            "END $body$"
        )
    operations: Any = type(connections["default"].ops)
    flush = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        return [f"SELECT tests.as_the_owner($${one}$$)" for one in flush(self, style, tables, **options)]

    operations.sql_flush = sql_flush


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_modify_db_settings: ExitStack, django_db_blocker: Any
) -> Iterator[None]:
    """Run the tests as the role of the application, and outside of requests, tasks and commands for everybody."""
    from django.db import connections

    django_db_modify_db_settings.close()
    settings = connections["default"].settings_dict
    with django_db_blocker.unblock():
        _let_tests_empty_the_tables()
        _remember_the_rows_of_migrations()
    _connect_as(settings, os.environ["DATABASE_URL"])
    with acting_for_everybody():
        yield
    _connect_as(settings, os.environ["MIGRATION_DATABASE_URL"])


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """The environment for a process of the application (a worker, a command) that is to see this test's
    rows.
    """
    from django.db import connection

    names = {}
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
        url = urlsplit(os.environ[name])
        names[name] = f"{url.scheme}://{url.netloc}/{connection.settings_dict['NAME']}?{url.query}"
    return os.environ | names
