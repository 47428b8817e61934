"""Every process that acts refuses to start where it could see across organisations: one line says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg2
import pytest

from config import embedded
from config.embedded import postgres
from config.embedded.postgres import APP_ROLE, OWNER_ROLE

ROOT = Path(__file__).resolve().parents[3]
SAY_MORE = "(see 'Roles' in docs/deployment.md)."
OWNS_NOTHING = "connect as a role that owns nothing, such as triage_app"
PROCESSES = {
    "web": ["-m", "gunicorn", "config.wsgi", "--bind=127.0.0.1:0", "--log-level=critical"],
    "web, loaded once": ["-m", "gunicorn", "config.wsgi", "--bind=127.0.0.1:0", "--log-level=critical", "--preload"],
    "asynchronous web": ["-c", "import config.asgi"],
    "web while developing": ["manage.py", "runserver", "0", "--noreload"],
    "worker": ["-m", "celery", "--app=config", "worker", "--pool=solo"],
    "schedule": ["-m", "celery", "--app=config", "beat", "--schedule={folder}/schedule", "--pidfile="],
    "command": ["manage.py", "night_report"],
}


class Server:
    """A cluster of its own, whose roles may be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given = dict(os.environ)

    def address(self, role: str) -> str:
        host = parse_qs(urlsplit(self.given["DATABASE_URL"]).query)["host"][0]
        return f"postgresql://{role}@/{postgres.DATABASE}?host={quote(host, safe='')}"

    def run(self, *statements: str, role: str = "postgres") -> None:
        connection = psycopg2.connect(self.address(role))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def start(self, command: list[str], **addresses: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *(part.format(folder=self.folder) for part in command)],
            cwd=ROOT,
            env=self.given | addresses,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def refused(self, name: str = "command", **addresses: str) -> str:
        """The one line with which a process refuses."""
        done = self.start(PROCESSES[name], **addresses)
        assert done.returncode in (1, 3), done
        lines = [line for line in done.stderr.splitlines() if "DATABASE_URL" in line or "organisations apart" in line]
        assert len(lines) == 1, done.stderr
        assert "Traceback" not in done.stderr
        return lines[0].removeprefix("CommandError: ")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("isolation")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL"):
            environment.delenv(name, raising=False)
        with embedded.servers(folder, durable=False):
            server = Server(folder)
            migrated = server.start(["manage.py", "migrate", "--no-input", "--verbosity=0"])
            assert migrated.returncode == 0, migrated.stderr
            yield server


def test_the_role_of_the_application_is_let_in(server: Server) -> None:
    done = server.start(PROCESSES["command"])
    assert "There has been no night yet" in done.stderr
    assert server.start(PROCESSES["asynchronous web"]).returncode == 0


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_starts_as_a_superuser(server: Server, name: str) -> None:
    assert server.refused(name, DATABASE_URL=server.address("postgres")) == (
        "DATABASE_URL connects as postgres, which is a superuser and so sees every organisation's rows: "
        f"{OWNS_NOTHING} {SAY_MORE}"
    )


@pytest.mark.parametrize("name", ["web", "worker"])
def test_no_process_starts_as_the_owner(server: Server, name: str) -> None:
    said = server.refused(name, DATABASE_URL=server.address(OWNER_ROLE))
    assert said.startswith(f"DATABASE_URL connects as {OWNER_ROLE}, which owns the table ")
    assert said.endswith(f"{OWNS_NOTHING}, and give the owner in MIGRATION_DATABASE_URL only {SAY_MORE}")


@pytest.mark.parametrize(
    ("spoil", "mend", "why"),
    [
        (
            f"ALTER ROLE {APP_ROLE} BYPASSRLS",
            f"ALTER ROLE {APP_ROLE} NOBYPASSRLS",
            "which has BYPASSRLS and so sees every organisation's rows",
        ),
        (
            f"GRANT postgres TO {APP_ROLE}",
            f"REVOKE postgres FROM {APP_ROLE}",
            "which may become postgres, which is a superuser and so sees every organisation's rows",
        ),
        (
            f"CREATE ROLE all_seeing BYPASSRLS; GRANT all_seeing TO {APP_ROLE} WITH INHERIT FALSE",
            "DROP ROLE all_seeing",
            "which may become all_seeing, which has BYPASSRLS and so sees every organisation's rows",
        ),
        (
            f"GRANT {OWNER_ROLE} TO {APP_ROLE} WITH INHERIT FALSE",
            f"REVOKE {OWNER_ROLE} FROM {APP_ROLE}",
            f"which may become {OWNER_ROLE}, which owns the table ",
        ),
        (
            f"CREATE TABLE ours (); ALTER TABLE ours OWNER TO {APP_ROLE}",
            "DROP TABLE ours",
            "which owns the table ours and so could switch its policies off",
        ),
    ],
)
def test_nothing_starts_as_a_role_that_could_see_more(server: Server, spoil: str, mend: str, why: str) -> None:
    server.run(spoil)
    try:
        said = server.refused()
    finally:
        server.run(mend)
    assert said.startswith(f"DATABASE_URL connects as {APP_ROLE}, {why}")
    assert said.endswith(SAY_MORE)


@pytest.mark.parametrize("name", ["web", "worker", "command"])
def test_nothing_starts_where_a_policy_is_missing(server: Server, name: str) -> None:
    server.run("ALTER TABLE scoring_run DISABLE ROW LEVEL SECURITY", role=OWNER_ROLE)
    try:
        said = server.refused(name)
    finally:
        server.run("ALTER TABLE scoring_run ENABLE ROW LEVEL SECURITY", role=OWNER_ROLE)
    assert said == (
        "The table scoring_run does not keep organisations apart (row-level security is not enabled and forced): "
        "run 'manage.py migrate', and if that does not help restore its policies from a backup."
    )


def test_nothing_starts_without_its_database(server: Server) -> None:
    done = server.start(PROCESSES["web"], DATABASE_URL="postgresql://triage_app@127.0.0.1:1/triage")
    assert done.returncode == 3
    assert "The database of DATABASE_URL does not answer, so nothing was started: " in done.stderr
    assert "Traceback" not in done.stderr


MIGRATE = ["manage.py", "migrate", "--no-input", "--verbosity=0"]


@pytest.mark.parametrize("given", [True, False])
def test_migrations_do_not_run_as_the_application(server: Server, given: bool) -> None:
    done = server.start(MIGRATE, MIGRATION_DATABASE_URL=server.address(APP_ROLE) if given else "")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        "CommandError: Migrations would connect as triage_app, the role of the application, which may own nothing: set "
        f"MIGRATION_DATABASE_URL to the role that owns the tables, such as triage_owner {SAY_MORE}"
    )


def test_migrations_run_as_the_owner_and_nobody_else(server: Server) -> None:
    done = server.start(MIGRATE, MIGRATION_DATABASE_URL=server.address("postgres"))
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith("CommandError: MIGRATION_DATABASE_URL connects as postgres, but the table ")
    assert said.endswith(f" belongs to {OWNER_ROLE}: connect as {OWNER_ROLE} {SAY_MORE}")
    assert server.start(MIGRATE).returncode == 0
