"""What people answered, also in surveys that are open: there the application's role reads none of it, and tests do."""

from __future__ import annotations

from django.db import connection

from diagnostics.models import Answer, Response


def every_answer() -> list[Answer]:
    return list(Answer.objects.raw("SELECT * FROM tests.every_answer() ORDER BY item, id"))


def the_answer() -> Answer:
    """The only one there is."""
    [only] = every_answer()
    return only


def every_response() -> list[Response]:
    return list(Response.objects.raw("SELECT * FROM tests.every_response() ORDER BY key"))


def the_response() -> Response:
    """The only one there is."""
    [only] = every_response()
    return only


def rewrite(row: Answer | Response, column: str, words: str) -> None:
    """Have a row say something else, also once its survey has closed."""
    key = row._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tests.rewrite(%s, %s, %s, %s, %s)", [row._meta.db_table, key.column, str(row.pk), column, words]
        )
