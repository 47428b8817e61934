"""A process that could see across organisations does not start.

Row-level security holds for a role that is no superuser, has no BYPASSRLS and owns nothing, nor may become a role that
is, has or does (``config.role_at_start``), and while policies and triggers are as they were made
(``config.tables_at_start``). Web, worker, schedule and every command that touches rows look at both before they do
anything, and end with one line that says what to do.
"""

from __future__ import annotations

import sys
from functools import wraps
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection, connections

from config.role_at_start import SEE_ROLES, problems_of_the_role
from config.tables_at_start import problems_of_the_tables
from config.whose_rows import KINDS
from partnerships.actor import commanding
from partnerships.isolation import NotIsolatedError

# Commands that touch no rows, or that the owner of the tables runs; ``migrate`` looks at its own role.
NEED_NO_ROWS = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "createcachetable",
        "diffsettings",
        "findstatic",
        "makemessages",
        "makemigrations",
        "migrate",
        "optimizemigration",
        "showmigrations",
        "sqlmigrate",
        "squashmigrations",
        "startapp",
        "startproject",
        "test",
    }
)
EXIT_CODE = 3  # what makes gunicorn give up instead of trying again at once


def check_isolation() -> None:
    """Raises NotIsolatedError with the first reason, as the role that this process connects as."""
    with connection.cursor() as cursor:
        for reason in chain(problems_of_the_role(cursor), problems_of_the_tables(cursor)):
            raise NotIsolatedError(reason)


def check_role_of_migrations() -> None:
    """Raises NotIsolatedError where the connection, that of ``MIGRATION_DATABASE_URL``, is not the tables' owner's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        if role == settings.APPLICATION_ROLE:
            raise NotIsolatedError(
                f"Migrations would connect as {role}, the role of the application, which may own nothing: set "
                f"MIGRATION_DATABASE_URL to the role that owns the tables, such as triage_owner ({SEE_ROLES})."
            )
        cursor.execute(
            "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = to_regnamespace('public') "
            "AND relkind IN ('r', 'p', 'v') AND relname = ANY (%s) AND pg_get_userbyid(relowner) <> current_user "
            "ORDER BY relname LIMIT 1",
            [list(KINDS)],
        )
        for table, owner in cursor.fetchall():
            raise NotIsolatedError(
                f"MIGRATION_DATABASE_URL connects as {role}, but the table {table} belongs to {owner}: "
                f"connect as {owner} ({SEE_ROLES})."
            )


def guard_commands() -> None:
    """Have every management command, ours or a library's, look first, but for ``NEED_NO_ROWS``, and name it as the one
    whose doing is what it writes; a second time, nothing.

    What all of them go through is ``BaseCommand.execute``, however they are called: by ``manage.py``, by Django's own
    program or from code.
    """
    unguarded = BaseCommand.execute
    if hasattr(unguarded, "__wrapped__"):
        return

    @wraps(unguarded)
    def execute(command: BaseCommand, /, *args: Any, **options: Any) -> str | None:
        name = type(command).__module__.rpartition(".")[2]
        if name not in NEED_NO_ROWS:
            try:
                check_isolation()
            except NotIsolatedError as reason:
                raise CommandError(str(reason)) from None
        with commanding(name):
            return unguarded(command, *args, **options)

    BaseCommand.execute = execute  # type: ignore[method-assign, assignment]


def refuse_to_start_unless_isolated() -> None:
    """End this process, with one line, where it could see across organisations, or where that cannot be found out.

    Closes the connection: a server that forks afterwards must not share it.
    """
    try:
        check_isolation()
    except NotIsolatedError as reason:
        _end(str(reason))
    except Error as problem:
        said = str(problem).strip().partition("\n")[0]
        _end(f"The database of DATABASE_URL does not answer, so nothing was started: {said}")
    finally:
        connections.close_all()


def _end(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
    sys.exit(EXIT_CODE)
