"""The embedded server's superuser, for whom no policy holds: of references only, never of what is measured."""

from __future__ import annotations

import os
from urllib.parse import parse_qs, urlsplit

import psycopg2
from django.db import connections
from psycopg2 import extensions


def superuser_settings() -> dict[str, str]:
    """What a connection of Django takes to be the superuser's."""
    host = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"][0]
    return {"USER": "postgres", "PASSWORD": "", "HOST": host}


def connected_as_superuser() -> extensions.connection:
    """A connection of its own to the database that the benchmark uses."""
    settings = superuser_settings()
    name = connections["default"].settings_dict["NAME"]
    return psycopg2.connect(host=settings["HOST"], user=settings["USER"], dbname=name)
