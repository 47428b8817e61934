"""The embedded servers, started for real in folders of the tests' own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from config import embedded
from config.embedded import postgres, valkey
from config.processes import identify, is_alive

UNSET = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HTTPS")
HOLD = """
    import os, sys
    from pathlib import Path
    from config import embedded
    with embedded.servers(Path(sys.argv[1]), durable=False):
        print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    embedded.stop(tmp_path / "home")


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hold(home: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start another process that holds the servers until its input is closed."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(HOLD), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=embedded.ROOT,
            env={name: value for name, value in os.environ.items() if name not in UNSET},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def addresses(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the holder did not start"
    return line


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)
    assert process.returncode == 0


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def both_run(home: Path) -> bool:
    return postgres.running(home / "postgres") is not None and valkey.running(home / "valkey") is not None


def none_runs(home: Path) -> bool:
    return postgres.running(home / "postgres") is None and valkey.running(home / "valkey") is None


def test_processes_share_the_servers_and_the_last_to_leave_stops_them(home, hold):
    first, second = hold(), hold()
    assert addresses(first) == addresses(second)
    leave(first)
    assert both_run(home)
    leave(second)
    assert none_runs(home)


def test_a_killed_process_does_not_keep_the_servers_running(home, hold):
    killed, living = hold(), hold()
    addresses(killed)
    addresses(living)
    killed.kill()
    killed.wait()
    assert both_run(home)
    leave(living)
    assert none_runs(home)


def test_servers_left_by_a_killed_process_are_adopted(home, hold):
    killed = hold()
    before = addresses(killed)
    killed.kill()
    killed.wait()
    adopting = hold()
    assert addresses(adopting) == before
    leave(adopting)
    assert none_runs(home)


def test_a_number_that_another_process_has_now_is_not_a_holder(home, hold):
    home.mkdir()
    (home / "holders.json").write_text(f"[[{os.getpid()}, 1000000000.0]]")
    holder = hold()
    addresses(holder)
    leave(holder)
    assert none_runs(home)


def test_data_outlives_the_servers(home, nothing_set):
    with embedded.servers(home):
        rows(os.environ["MIGRATION_DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded.servers(home):
        assert rows(os.environ["DATABASE_URL"], "SELECT answer FROM kept") == [(42,)]


def test_the_environment_is_as_before_afterwards(home, nothing_set):
    with embedded.servers(home, durable=False):
        assert {name for name in UNSET if name in os.environ} == set(UNSET)
    assert [name for name in UNSET if name in os.environ] == []


def test_named_servers_are_used_and_none_started(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/triage")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    with embedded.servers(home):
        assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/triage"
        assert not home.exists()


def test_the_application_uses_tables_that_it_does_not_own(home, nothing_set):
    with embedded.servers(home, durable=False):
        application, owner = os.environ["DATABASE_URL"], os.environ["MIGRATION_DATABASE_URL"]
        rights = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert rows(application, rights) == [(False, False, False, False)]
        assert rows(owner, rights) == [(False, False, True, False)]
        rows(owner, "CREATE TABLE promise (id serial PRIMARY KEY, words text)")
        rows(application, "INSERT INTO promise (words) VALUES ('a kind word')")
        assert rows(application, "SELECT words FROM promise") == [("a kind word",)]
        for forbidden in ("CREATE TABLE mine (id int)", "DROP TABLE promise", "TRUNCATE promise"):
            with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.WrongObjectType)):
                rows(application, forbidden)


def test_a_start_after_the_database_was_killed(home, nothing_set):
    with embedded.servers(home):
        rows(os.environ["MIGRATION_DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        server = postgres.running(home / "postgres")
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        psutil.Process(server.pid).wait(10)
    with embedded.servers(home):
        assert rows(os.environ["DATABASE_URL"], "SELECT answer FROM kept") == [(42,)]


def test_a_start_after_an_interrupted_first_one(home, nothing_set):
    unfinished = home / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded.servers(home, durable=False):
        assert rows(os.environ["DATABASE_URL"], "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_a_pid_file_of_a_process_that_is_something_else_now(home, nothing_set):
    with embedded.servers(home, durable=False):
        lines = (home / "postgres" / "postmaster.pid").read_text().splitlines()
    (home / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    with embedded.servers(home, durable=False):
        assert rows(os.environ["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_a_folder_whose_name_is_too_long_for_a_socket(tmp_path, nothing_set):
    home = tmp_path / ("long-name-" * 9) / "home"
    with embedded.servers(home, durable=False):
        server = postgres.running(home / "postgres")
        assert server is not None
        assert len(server.socket_directory) < 80
        assert Path(server.socket_directory).stat().st_mode & 0o077 == 0
        assert rows(os.environ["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_data_of_another_version_is_refused_with_what_to_do(home, nothing_set):
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.EmbeddedServersError, match=r"of version 12.*'make reset'"), embedded.servers(home):
        pass


def test_valkey_asks_for_its_password_and_stays_on_this_machine(home, nothing_set):
    import redis

    with embedded.servers(home, durable=False):
        server = valkey.running(home / "valkey")
        assert server is not None
        assert redis.from_url(os.environ["REDIS_URL"]).ping() is True
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(port=server.port).ping()
        listening = psutil.Process(server.process.pid).net_connections("inet")
        assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
        assert (home / "valkey" / "valkey.conf").stat().st_mode & 0o077 == 0


def test_a_valkey_that_hangs_is_replaced(home, nothing_set, hold):
    holder = hold()
    before = addresses(holder)
    server = valkey.running(home / "valkey")
    assert server is not None
    os.kill(server.process.pid, signal.SIGSTOP)
    with pytest.MonkeyPatch.context() as patch:
        # The stopped process cannot hear a polite request, so the wait for it would be the whole half minute.
        patch.setattr("config.processes.POLITE_SECONDS", 1)
        with embedded.servers(home, durable=False):
            assert os.environ["REDIS_URL"] not in before
            assert not is_alive(server.process)
    leave(holder)


def test_the_secret_key_is_this_folders_own_and_stays(home, nothing_set):
    home.mkdir()
    first = embedded.local_settings(home)
    assert len(first["SECRET_KEY"]) >= 50
    assert embedded.local_settings(home) == first
    assert (home / "secret-key").stat().st_mode & 0o077 == 0


def test_a_process_is_known_again_by_number_and_start():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        identity = identify(process.pid)
        assert identity is not None
        assert is_alive(identity)
        process.kill()
        deadline = time.monotonic() + 10
        while is_alive(identity) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not is_alive(identity)
    assert identify(process.pid) is None
