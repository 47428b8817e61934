"""How long an empty database takes to migrate: as we do it, against Django's own way, and whether both do the same.

`migrating`: seconds of processor time of this process for every migration there is, in an empty database, with
`config.migration_states`. Reference: the same in another empty database with the executor that Django's command has
otherwise. The database server's share is the same for both and not in it; seconds by the clock, with it, are printed
beside. What both sent to the database, statement by statement, and what `pg_dump` finds in both afterwards, tables,
functions, policies, rights and rows, is compared: where it differs, but for times, the benchmark breaks.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.embedded import postgres
from config.management.commands.migrate import Command  # names our executor as it is read, so it is read here
from config.migration_states import Executor
from partnerships.isolation import acting_for_nobody
from tests.benchmarks import report, say
from tests.benchmarks._superuser import connected_as_superuser, superuser_settings
from tests.migrated import grant_before_tables

AT_MOST = 0.25
# A moment, written as text or as Python does, and what a savepoint is called: others each time.
OTHERS_EACH_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:[\d.]+(?:[+]\d\d(?::\d\d)?)?|datetime[.]datetime[(].*?[)]|\bs\d+_x\d+\b"
)


def main() -> None:
    grant_before_tables()
    as_django_does, clock_of_django, *theirs = migrated("migrated_as_django_does", MigrationExecutor)
    as_we_do, our_clock, *ours = migrated("migrated_as_we_do", Executor)
    for one, other in zip(theirs, ours, strict=True):
        assert len(one) > 1000
        differing = unified_diff(one, other, "as Django does", "as we do", n=0, lineterm="")
        assert one == other, "\n".join(islice(differing, 20))
    statements, lines = ours
    say("statements, the same on both sides", len(statements))
    say("lines of pg_dump, the same on both sides", len(lines))
    say("by the clock, as Django does", clock_of_django, "s")
    say("by the clock, as we do", our_clock, "s")
    report("migrating", measured=as_we_do, reference=as_django_does, at_most=AT_MOST)


def migrated(name: str, executor: type[MigrationExecutor]) -> tuple[float, float, list[str], list[str]]:
    """The seconds it took, in this process and by the clock, the statements that were sent, and what came out."""
    with acting_for_nobody(), database(name), noted() as statements:
        migrate.MigrationExecutor = executor  # type: ignore[attr-defined]
        began, at = time.process_time(), time.perf_counter()
        call_command(Command(), verbosity=0, interactive=False)
        return time.process_time() - began, time.perf_counter() - at, statements, dumped(name)


@contextlib.contextmanager
def database(name: str) -> Iterator[None]:
    """An empty database in place of this connection's, thrown away at the end."""
    before = connection.settings_dict["NAME"]
    as_superuser(f"CREATE DATABASE {name} OWNER {postgres.OWNER_ROLE}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        as_superuser(f"DROP DATABASE {name}")


def as_superuser(statement: str) -> None:
    connected = connected_as_superuser()
    try:
        connected.autocommit = True
        with connected.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connected.close()


@contextlib.contextmanager
def noted() -> Iterator[list[str]]:
    """Whatever is sent to the database meanwhile."""
    statements: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements.append(OTHERS_EACH_TIME.sub("…", f"{sql} {params!r}"))
        return execute(sql, params, many, context)

    # First, before what says for whom a statement is sent, which connecting adds; so it is not the last to take out.
    connection.execute_wrappers.insert(0, note)
    try:
        yield statements
    finally:
        connection.execute_wrappers.remove(note)


def dumped(name: str) -> list[str]:
    """Tables, functions, triggers, policies, rights and rows, as the superuser sees all of them."""
    server = superuser_settings()
    program = [str(postgres._programs() / "pg_dump"), "--restrict-key=same", f"--host={server['HOST']}"]
    done = subprocess.run(
        [*program, f"--username={server['USER']}", name], stdout=subprocess.PIPE, text=True, check=True
    )
    return OTHERS_EACH_TIME.sub("…", done.stdout).splitlines()
