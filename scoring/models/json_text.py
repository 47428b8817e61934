"""JSON that is written once and read whole: kept as its text (PostgreSQL's ``json``), not taken apart (``jsonb``).

Nothing ever looks inside such a document with SQL. As text it takes the server half as long to store, and what comes
out is to the letter what went in, so that the hash over a run's inputs can be checked in the database itself.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class JsonText(str):
    """JSON that has been made into text already, and is not to be made into text a second time."""

    __slots__ = ()


class JsonTextField(models.JSONField):
    """Takes plain JSON types or ``JsonText``, gives plain JSON types."""

    description = "A JSON document, kept as text"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None or isinstance(value, JsonText):
            return value if value is None else str(value)
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """The driver reads this type by itself, as it does not with ``jsonb``."""
        return value
