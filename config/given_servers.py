"""Do the database and the broker that the environment names answer? Asked before anything is started, so that a wrong
address is one line that names it.

This module knows no Django: it runs before the settings are read.
"""

from __future__ import annotations

import os

import psycopg2
from redis import Redis
from redis.exceptions import RedisError

SECONDS = 5


class GivenServerError(RuntimeError):
    """A server that the environment names cannot be used; the text is one line that says what to do."""


def check_servers_answer() -> None:
    """Raises GivenServerError for the first that does not."""
    _check_database("DATABASE_URL")
    if os.environ.get("MIGRATION_DATABASE_URL"):
        _check_database("MIGRATION_DATABASE_URL")
    _check_owner()
    _check_broker()


def _check_database(name: str) -> None:
    try:
        psycopg2.connect(os.environ[name], connect_timeout=SECONDS).close()
    except (psycopg2.Error, UnicodeError) as problem:
        raise GivenServerError(
            f"{name} does not lead to a database ({_first_line(problem)}): correct it, as in "
            f"postgresql://user:password@host:5432/database, or unset it to have the embedded one."
        ) from None


def _check_owner() -> None:
    """Tables are made by their owner."""
    name = "MIGRATION_DATABASE_URL"
    if not os.environ.get(name):
        raise GivenServerError(
            "The role of DATABASE_URL may not make tables: set MIGRATION_DATABASE_URL to the role that owns the "
            "database (see .env.example)."
        )
    connection = psycopg2.connect(os.environ[name], connect_timeout=SECONDS)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, has_schema_privilege('public', 'CREATE')")
            row = cursor.fetchone()
    finally:
        connection.close()
    if row is not None and not row[1]:
        raise GivenServerError(
            f"The role {row[0]} of {name} may not make tables: set MIGRATION_DATABASE_URL to the role that owns the "
            "database (see .env.example)."
        )


def _check_broker() -> None:
    try:
        with Redis.from_url(os.environ["REDIS_URL"], socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as broker:
            broker.ping()
    except (RedisError, ValueError, OSError) as problem:
        raise GivenServerError(
            f"REDIS_URL does not lead to a Redis or Valkey server ({_first_line(problem)}): correct it, as in "
            "redis://:password@host:6379/0, or unset it to have the embedded one."
        ) from None


def _first_line(problem: Exception) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    return lines[0].rstrip(".:") if lines else type(problem).__name__
