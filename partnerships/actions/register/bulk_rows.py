"""Many rows in one statement: COPY for new ones, one UPDATE from arrays for changed ones.

A register of seven thousand practices is then a fixed number of statements, whatever its length.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows whose ``columns`` (database columns, without the key) are given; the others take the model's default."""
    given = set(columns)
    others = [field for field in model._meta.concrete_fields if not field.primary_key and field.column not in given]
    constants = "".join(f"\t{_written(field.get_default())}" for field in others)
    names = ", ".join(f'"{name}"' for name in [*columns, *(field.column for field in others)])
    text = "".join("\t".join(map(_written, row)) + constants + "\n" for row in rows)
    if text:
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', io.StringIO(text))


def _written(value: Any) -> str:
    """A value as COPY's text format has it."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).translate(ESCAPES)


def update_rows(model: type[Model], key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set ``columns`` of the rows whose column ``key`` is each row's first value. Values follow the key in order."""
    if not rows:
        return
    fields = {field.column: field for field in model._meta.concrete_fields}
    types = [_array_type(fields[name]) for name in [key, *columns]]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    sets = ", ".join(f'"{name}" = given."{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in [key, *columns])
    # only names of our own models' columns are put into the statement; values are passed beside it
    statement = (
        f'UPDATE "{model._meta.db_table}" AS held SET {sets} '  # noqa: S608
        f'FROM unnest({arrays}) AS given({names}) WHERE held."{key}" = given."{key}"'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _array_type(field: Any) -> str:
    kind = field.target_field.db_type(connection) if field.is_relation else field.db_type(connection)
    return "bigint" if kind.startswith("bigint") else "text" if kind.startswith("varchar") else str(kind)
