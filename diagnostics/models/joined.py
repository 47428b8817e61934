"""Rows of several models out of one statement in SQL: what Django makes of ``select_related``, without its cost."""

from __future__ import annotations

from typing import Any

from django.db import models


def one_of_each(cursor: Any, *kinds: type[models.Model], using: str) -> list[Any] | None:
    """The first row that the statement gave, as one instance of each model; None where it gave none.

    The statement selects all columns of each model's table, table after table in the order of ``kinds``. For models
    whose values come from PostgreSQL as they are: no JSON and nothing encrypted.
    """
    values = cursor.fetchone()
    if values is None:
        return None
    columns = [column.name for column in cursor.description]
    found, start = [], 0
    for kind in kinds:
        fields = kind._meta.concrete_fields
        end = start + len(fields)
        by_column = dict(zip(columns[start:end], values[start:end], strict=True))
        found.append(
            kind.from_db(using, [field.attname for field in fields], [by_column[field.column] for field in fields])
        )
        start = end
    return found
