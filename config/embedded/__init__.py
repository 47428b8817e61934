"""PostgreSQL and Valkey for a machine that has neither.

Both come as wheels with real servers inside. Every process that needs them enters ``servers()``: the first
one starts them under ``.local/``, the others find them, and the last one to leave stops them. Who is in is
a list of living processes in a file under a lock, not a number that a killed process would leave wrong.
Where ``DATABASE_URL`` or ``REDIS_URL`` is set, that server is the operator's and nothing is started for it.

This package knows no Django: it runs before the settings are read, because it sets what they read.
"""

from __future__ import annotations

import atexit
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import environ

from config.embedded import postgres, valkey
from config.embedded.errors import EmbeddedServersError
from config.embedded.holders import Holders, exclusive

__all__ = ["HOME", "ROOT", "TEST_HOME", "EmbeddedServersError", "hold", "local_settings", "servers", "stop"]

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".local"
TEST_HOME = HOME / "test"


@contextmanager
def servers(home: Path = HOME, *, durable: bool = True) -> Iterator[Callable[[], None]]:
    """Have a database and a broker, named in the environment, inside the block.

    Gives a function that starts again, at the same address, what has died meanwhile. Sets ``DATABASE_URL`` (a role
    that owns nothing), ``MIGRATION_DATABASE_URL`` (the owner) and ``REDIS_URL`` where they are not set already.
    ``durable=False`` trades safety against a power cut for speed: for tests only. Raises EmbeddedServersError, whose
    text says what to do, where a server cannot be had.
    """
    environ.Env.read_env(ROOT / ".env")
    want_postgres = not os.environ.get("DATABASE_URL")
    want_valkey = not os.environ.get("REDIS_URL")
    if not (want_postgres or want_valkey):
        yield lambda: None
        return
    home.mkdir(parents=True, exist_ok=True)
    holders = Holders(home / "holders.json")
    with exclusive(home / "lock"):
        holders.add()
    owner = os.getpid()
    names: dict[str, str] = {}
    try:
        with exclusive(home / "lock"):
            if want_postgres:
                names |= postgres.start(home / "postgres", durable=durable)
            if want_valkey:
                names |= valkey.start(home / "valkey")
        names |= local_settings(home)
        os.environ.update(names)

        def revive() -> None:
            if want_postgres and postgres.running(home / "postgres") is None:
                with exclusive(home / "lock"):
                    postgres.start(home / "postgres", durable=durable)
            if want_valkey and valkey.running(home / "valkey") is None:
                with exclusive(home / "lock"):
                    valkey.start(home / "valkey")

        yield revive
    finally:
        # A child made by fork leaves through here too, and must not give up its parent's hold.
        if os.getpid() == owner:
            for name in names:
                os.environ.pop(name, None)
            with exclusive(home / "lock"):
                if not holders.remove():
                    _stop(home)


def hold(home: Path = HOME) -> None:
    """Have the servers for the rest of this process's life; for programs that are not ours to wrap, as
    Celery's.
    """
    stack = ExitStack()
    stack.enter_context(servers(home))
    atexit.register(stack.close)


def stop(home: Path = HOME) -> None:
    """Stop the servers under ``home`` whoever holds them; nothing happens where none runs."""
    if not home.exists():
        return
    with exclusive(home / "lock"):
        Holders(home / "holders.json").clear()
        _stop(home)


def local_settings(home: Path = HOME) -> dict[str, str]:
    """What the settings ask for and nobody has set: a secret key and a folder of keys of this folder's own, plain http,
    no second step.
    """
    names = {}
    if not os.environ.get("SECRET_KEY"):
        names["SECRET_KEY"] = _secret_key(home / "secret-key")
    if not os.environ.get("SURVEY_KEYS"):
        names["SURVEY_KEYS"] = str(home / "survey-keys")
    if not os.environ.get("HTTPS"):
        names["HTTPS"] = "false"
    if "MFA_REQUIRED_FOR" not in os.environ:
        names["MFA_REQUIRED_FOR"] = ""
    return names


def _secret_key(file: Path) -> str:
    try:
        key = file.read_text().strip()
    except FileNotFoundError:
        key = ""
    if len(key) < 50:
        key = secrets.token_urlsafe(64)
        beside = file.with_suffix(".new")
        beside.touch(mode=0o600)
        beside.write_text(key)
        beside.replace(file)
    return key


def _stop(home: Path) -> None:
    try:
        valkey.stop(home / "valkey")
    finally:
        postgres.stop(home / "postgres")
