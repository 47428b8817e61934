"""Asking over the rows of all organisations: which have work waiting, never what is in it.

The functions behind this are made by migrations (``partnerships.row_security.gives_out_ids``) and give out ids, counts
and times. Whoever needs more acts for the organisation whose id came out.
"""

from __future__ import annotations

from typing import Any

from django.db import connection


def rows_of(function: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """What one of these functions gives out. One query."""
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        # the name is a literal of ours at every call; values are passed beside it
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)  # noqa: S608  # nosec B608
        return list(cursor.fetchall())


def ids_of(function: str, *arguments: Any) -> list[int]:
    """The same where a row is one id."""
    return [int(row[0]) for row in rows_of(function, *arguments)]
