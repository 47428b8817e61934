"""A database in which every migration has run, for each process of a run to start with a copy of.

Migrating takes many seconds, copying a moment. The first process that needs it makes it while the others wait, and
it stays in the tests' server for later runs. It is known by a hash of all that it is made of, so what has changed since
is never found; and ``migrate`` runs in the copy too, where it finds nothing to do.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.models.signals import pre_migrate
from django.db.utils import DEFAULT_DB_ALIAS

from config.embedded.postgres import grants

ROOT = Path(__file__).resolve().parents[1]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring", "decisions")
# Where migrating begins; whatever these import belongs to it too.
BEGINNINGS = ("*/migrations/*.py", "*/management/**/__init__.py", "*/models.py", "*/models/**/*.py", "*/apps.py")
MORE_BEGINNINGS = ("config/settings.py", "config/management/commands/migrate.py", "config/embedded/postgres.py")
DOTTED = re.compile(r"\w+([.]\w+)+")
ADDRESSES = "config.urls"
PREFIX = "test_migrated_"


def sources() -> set[Path]:
    """The files of ours that have a part in migrating: a view is none, and does not make the database anew."""
    begin = {path for app in APPS for pattern in BEGINNINGS for path in ROOT.glob(pattern.replace("*", app, 1))}
    waiting = begin | {ROOT / name for name in MORE_BEGINNINGS}
    found: set[Path] = set()
    while waiting:
        found |= waiting
        waiting = {path for one in waiting for name in _imported(one) for path in _files(name)} - found
    return found | {Path(__file__)}


def _imported(path: Path) -> Iterator[str]:
    """Whatever a file imports anywhere in it, also in a function or by a text; of ``from a import b`` a and a.b.

    The text that names the addresses is left out: it leads to every page, and migrating to none.
    """
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ADDRESSES:
            yield node.value if DOTTED.fullmatch(node.value) else ""


def _files(name: str) -> Iterator[Path]:
    """The files that importing a name of ours reads: its own and those of the packages it is in."""
    parts = name.split(".")
    if parts[0] in APPS:
        for length in range(1, len(parts) + 1):
            path = ROOT.joinpath(*parts[:length])
            yield from (one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file())


def name_of(files: Iterable[Path]) -> str:
    """The database's name: of these files, as they are now, with this Python and these packages."""
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    made_of = hashlib.sha256(repr((sys.version, packages)).encode())
    for path in sorted(files):
        made_of.update(f"{os.path.relpath(path, ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return PREFIX + made_of.hexdigest()[:24]


def grant_before_tables() -> None:
    """Have each database that is migrated let the application's role at its tables."""
    pre_migrate.connect(_grant, dispatch_uid="grant before tables")


def _grant(using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        for statement in grants():
            cursor.execute(statement)


def have(name: str) -> None:
    """Make the database unless it is there, and drop those that were made of something else.

    To be called by one process at a time, with the connection of the tables' owner. What is unfinished has another
    name, so a run that was ended in between leaves nothing that looks finished.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if name in there:
            return
        for other in sorted(there):
            cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
        unfinished = f"{name}_unfinished"
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
