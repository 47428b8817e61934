"""Many rows in one statement: COPY for new ones, or one INSERT from arrays, one UPDATE from arrays for changed ones.

A register of seven thousand practices is then a fixed number of statements, whatever its length.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def new_keys(model: type[Model], number: int) -> list[int]:
    """Keys for rows to come, so that rows which refer to them need not ask for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, number],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], **same: Any) -> None:
    """Add rows whose ``columns`` (database columns) are given, and those of ``same`` with one value for all.

    The other columns take the model's default; the key is the database's unless given. Values are text, numbers, days
    or None; a truth value stands among ``same`` or the defaults.
    """
    given = {*columns, *same}
    others = [field for field in model._meta.concrete_fields if not field.primary_key and field.column not in given]
    constants = [_written(value) for value in same.values()] + [_written(field.get_default()) for field in others]
    end = "".join(f"\t{constant}" for constant in constants) + "\n"
    names = ", ".join(f'"{name}"' for name in [*columns, *same, *(field.column for field in others)])
    written = _WrittenOnce()
    text = "".join("\t".join(map(written.__getitem__, row)) + end for row in rows)
    if text:
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', io.StringIO(text))


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], **same: Any) -> None:
    """Do the same by one INSERT from arrays, for a table that has policies: into those PostgreSQL takes no COPY."""
    if not rows:
        return
    others = {
        field.column: field.get_default()
        for field in model._meta.concrete_fields
        if not field.primary_key and field.column not in {*columns, *same}
    }
    constants = same | others
    names = ", ".join(f'"{name}"' for name in [*columns, *constants])
    given = ", ".join(f'given."{name}"' for name in columns)
    places = "".join([", %s"] * len(constants))
    # only names of our own models' columns are put into the statement; values are passed beside it
    into = f'INSERT INTO "{model._meta.db_table}" ({names}) '
    statement = f"{into}SELECT {given}{places} FROM {_given(model, columns)}"  # noqa: S608  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants.values(), *map(list, zip(*rows, strict=True))])


class _WrittenOnce(dict[Any, str]):
    """Values as COPY's text format has them; most of a register's come again and again."""

    def __missing__(self, value: Any) -> str:
        self[value] = written = _written(value)
        return written


def _written(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).translate(ESCAPES)


def rows_with(model: type[Model], column: str, values: Iterable[str], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """``columns`` of the rows whose ``column`` is one of ``values``: one array, where ``__in`` is a term for each."""
    wanted = ", ".join(f'"{name}"' for name in columns)
    # only names of our own models' columns are put into the statement; values are passed beside it
    statement = f'SELECT {wanted} FROM "{model._meta.db_table}" WHERE "{column}" = ANY(%s)'  # noqa: S608  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values)])
        return list(cursor.fetchall())


def update_rows(model: type[Model], key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set ``columns`` of the rows whose column ``key`` is each row's first value. Values follow the key in order."""
    if not rows:
        return
    sets = ", ".join(f'"{name}" = given."{name}"' for name in columns)
    # only names of our own models' columns are put into the statement; values are passed beside it
    change = f'UPDATE "{model._meta.db_table}" AS held SET {sets} '  # noqa: S608  # nosec B608
    statement = change + f'FROM {_given(model, [key, *columns])} WHERE held."{key}" = given."{key}"'
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _given(model: type[Model], columns: Sequence[str]) -> str:
    """Arrays, one for each column, as a table called ``given``."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    arrays = ", ".join(f"%s::{_array_type(fields[name])}[]" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"unnest({arrays}) AS given({names})"


def _array_type(field: Any) -> str:
    kind = field.target_field.db_type(connection) if field.is_relation else field.db_type(connection)
    return "bigint" if kind.startswith("bigint") else "text" if kind.startswith("varchar") else str(kind)
