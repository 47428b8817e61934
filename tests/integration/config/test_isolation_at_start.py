"""Every process that acts refuses to start where it could see across organisations: one line says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import psycopg2
import pytest

from config import embedded
from config.embedded import postgres
from config.embedded.postgres import APP_ROLE, OWNER_ROLE
from config.role_at_start import PREDEFINED, problems_of_the_role
from config.tables_at_start import problems_of_the_tables

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
# Django's own, which know nothing of ours.
COMMANDS = [
    ["shell", "--command=print('it ran')"],
    ["dumpdata", "partnerships.organisation"],
    ["changepassword", "ada@example.org"],
    ["loaddata", "nothing"],
    ["createsuperuser", "--no-input", "--email=ada@example.org", "--name=Ada"],
    ["flush", "--no-input"],
]
ELSEWHERE = f"CREATE SCHEMA elsewhere; GRANT USAGE ON SCHEMA elsewhere TO {APP_ROLE};"
MAY_READ = f"GRANT SELECT ON ALL TABLES IN SCHEMA elsewhere TO {APP_ROLE}"
GONE = "DROP SCHEMA elsewhere CASCADE"
REFUSALS = ("DATABASE_URL connects as", "The table", "The view", "The function")


def owns(what: str) -> str:
    return f"which owns the {what} and so could change what is ours"


class Server:
    """A cluster of its own, whose roles may be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given = dict(os.environ)

    def address(self, role: str) -> str:
        host = parse_qs(urlsplit(self.given["DATABASE_URL"]).query)["host"][0]
        return f"postgresql://{role}@/{postgres.DATABASE}?host={quote(host, safe='')}"

    def run(self, *statements: str, role: str = "postgres") -> list[str]:
        """What the last of them found, a text a row."""
        connection = psycopg2.connect(self.address(role))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return [row[0] for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def start(self, command: list[str], **addresses: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *(part.format(folder=self.folder) for part in command)],
            cwd=ROOT,
            env=self.given | addresses,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def refused(self, name: str = "command", **addresses: str) -> str:
        """The one line with which a process refuses."""
        done = self.start(PROCESSES[name], **addresses)
        assert done.returncode in (1, 3), done
        lines = [line for line in done.stderr.splitlines() if line.removeprefix("CommandError: ").startswith(REFUSALS)]
        assert len(lines) == 1, done.stderr
        assert "Traceback" not in done.stderr
        return lines[0].removeprefix("CommandError: ")

    def spoilt(self, spoil: str, mend: str) -> str:
        """What a process says at its start while something is wrong: asked in a session of its own."""
        self.run(spoil)
        connection = psycopg2.connect(self.address(APP_ROLE))
        try:
            with connection.cursor() as cursor:
                return next(chain(problems_of_the_role(cursor), problems_of_the_tables(cursor)), "")
        finally:
            connection.close()
            self.run(mend)


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


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_starts_as_a_superuser_who_goes_on_as_somebody_else(server: Server, name: str) -> None:
    options = quote(f"-c role={APP_ROLE} -c track_activities=off", safe="")
    said = server.refused(name, DATABASE_URL=f"{server.address('postgres')}&options={options}")
    assert said == (
        f"DATABASE_URL connects as postgres, which goes on as {APP_ROLE} and may go back at any time: "
        f"connect as {APP_ROLE} itself, without SET ROLE among its options or settings {SAY_MORE}"
    )


def test_no_process_starts_as_a_superuser_whose_options_name_somebody_else(server: Server) -> None:
    """PostgreSQL takes no heed of this one at the start of a session: a superuser goes on as what it is."""
    options = quote(f"-c session_authorization={APP_ROLE} -c track_activities=off", safe="")
    said = server.refused(DATABASE_URL=f"{server.address('postgres')}&options={options}")
    assert said.startswith("DATABASE_URL connects as postgres, which is a superuser")


@pytest.mark.parametrize("statement", ["SET ROLE", "SET SESSION AUTHORIZATION"])
def test_no_process_starts_through_a_pooler_that_renames_a_superuser(server: Server, statement: str) -> None:
    """As PgBouncer's ``connect_query`` can."""
    connection = psycopg2.connect(server.address("postgres"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET track_activities = off")
            cursor.execute(f"{statement} {APP_ROLE}")
            assert next(problems_of_the_role(cursor)).startswith(
                f"DATABASE_URL connects as postgres, which goes on as {APP_ROLE} and may go back at any time: "
            )
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_no_process_starts_as_the_owner(server: Server, name: str) -> None:
    said = server.refused(name, DATABASE_URL=server.address(OWNER_ROLE))
    assert said.startswith(f"DATABASE_URL connects as {OWNER_ROLE}, which owns the database triage and so ")
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
            f"which may become {OWNER_ROLE}, which owns the database triage and so could change what is ours",
        ),
        (
            f"CREATE TABLE ours (); ALTER TABLE ours OWNER TO {APP_ROLE}",
            "DROP TABLE ours",
            "which owns the table ours and so could switch its policies off",
        ),
        (
            f"ALTER SCHEMA public OWNER TO {APP_ROLE}",
            "ALTER SCHEMA public OWNER TO pg_database_owner",
            owns("schema public"),
        ),
        (
            f"ALTER DATABASE triage OWNER TO {APP_ROLE}",
            f"ALTER DATABASE triage OWNER TO {OWNER_ROLE}",
            owns("database triage"),
        ),
        (
            f"ALTER FUNCTION keep_an_administrator() OWNER TO {APP_ROLE}",
            f"ALTER FUNCTION keep_an_administrator() OWNER TO {OWNER_ROLE}",
            owns("function keep_an_administrator()"),
        ),
        (f"CREATE SEQUENCE ours; ALTER SEQUENCE ours OWNER TO {APP_ROLE}", "DROP SEQUENCE ours", owns("sequence ours")),
        (
            f"CREATE TYPE ours AS (a int); ALTER TYPE ours OWNER TO {APP_ROLE}",
            "DROP TYPE ours",
            owns("type ours"),
        ),
        (f"CREATE DOMAIN ours AS int; ALTER DOMAIN ours OWNER TO {APP_ROLE}", "DROP DOMAIN ours", owns("type ours")),
        (
            f"CREATE VIEW ours AS SELECT 1; ALTER VIEW ours OWNER TO {APP_ROLE}",
            "DROP VIEW ours",
            owns("view ours"),
        ),
        (
            f"ALTER ROLE {APP_ROLE} REPLICATION",
            f"ALTER ROLE {APP_ROLE} NOREPLICATION",
            "which has REPLICATION and so could copy the whole server",
        ),
        (
            f"ALTER ROLE {APP_ROLE} CREATEROLE",
            f"ALTER ROLE {APP_ROLE} NOCREATEROLE",
            "which may create roles (CREATEROLE)",
        ),
        (
            f"ALTER ROLE {APP_ROLE} CREATEDB",
            f"ALTER ROLE {APP_ROLE} NOCREATEDB",
            "which may create databases (CREATEDB)",
        ),
        (
            f"GRANT CREATE ON DATABASE triage TO {APP_ROLE}",
            f"REVOKE CREATE ON DATABASE triage FROM {APP_ROLE}",
            "which may create schemas (CREATE ON DATABASE)",
        ),
        (
            f"GRANT CREATE ON SCHEMA public TO {APP_ROLE}",
            f"REVOKE CREATE ON SCHEMA public FROM {APP_ROLE}",
            "which may create in the schema public",
        ),
        (
            f"GRANT SET ON PARAMETER session_replication_role TO {APP_ROLE}",
            f"REVOKE SET ON PARAMETER session_replication_role FROM {APP_ROLE}",
            "which may set the parameter session_replication_role",
        ),
        (
            f"ALTER ROLE {APP_ROLE} SET session_replication_role = replica",
            f"ALTER ROLE {APP_ROLE} RESET session_replication_role",
            "which has session_replication_role set",
        ),
        (
            f"ALTER ROLE {APP_ROLE} RESET track_activities",
            f"ALTER ROLE {APP_ROLE} SET track_activities = off",
            "which shows each of its sessions what the others read and write",
        ),
        (
            f"GRANT pg_monitor TO {APP_ROLE}",
            f"REVOKE pg_monitor FROM {APP_ROLE}",
            "which may become pg_read_all_stats, which reaches past the policies",
        ),
        (
            f"CREATE ROLE far; CREATE ROLE near; GRANT far TO near; GRANT near TO {APP_ROLE} WITH INHERIT FALSE;"
            "GRANT TRUNCATE ON partnerships_deed TO far",
            "DROP OWNED BY far; DROP ROLE near; DROP ROLE far",
            "which may become far, which may change, delete or truncate lines of partnerships_deed",
        ),
        *(
            (
                f"GRANT {right} ON {table} TO {APP_ROLE}",
                f"REVOKE {right} ON {table} FROM {APP_ROLE}",
                f"which may change, delete or truncate lines of {table}",
            )
            for right, table in (
                ("UPDATE", "partnerships_participationevent"),
                ("UPDATE (pgh_label)", "scoring_runevent"),
                ("DELETE", "partnerships_deed"),
                ("TRUNCATE", "diagnostics_roundevent"),
                ("TRIGGER", "partnerships_personevent"),
            )
        ),
        *(
            (
                f"GRANT {right} ON scoring_run TO {APP_ROLE}",
                f"REVOKE {right} ON scoring_run FROM {APP_ROLE}",
                "which may empty at once, or put triggers on, the table scoring_run",
            )
            for right in ("TRUNCATE", "TRIGGER")
        ),
        *(
            (
                f"GRANT {role} TO {APP_ROLE}",
                f"REVOKE {role} FROM {APP_ROLE}",
                f"which may become {role}, which reaches past the policies",
            )
            for role in PREDEFINED
        ),
        *(
            (
                f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO {APP_ROLE}",
                f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM {APP_ROLE}",
                f"which may run the function {function.partition('(')[0]}",
            )
            for function in ("pg_read_file(text)", "pg_read_binary_file(text)", "pg_ls_waldir()", "lo_import(text)")
        ),
        (
            "CREATE FUNCTION dblink(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
            "DROP FUNCTION dblink(text)",
            "which may run the function dblink",
        ),
        *(
            (
                f"GRANT {right} ON pg_catalog.{catalogue} TO {APP_ROLE}",
                f"REVOKE {right} ON pg_catalog.{catalogue} FROM {APP_ROLE}",
                f"which may read the catalogue {catalogue}",
            )
            for right, catalogue in (("SELECT (rolpassword)", "pg_authid"), ("SELECT (stavalues1)", "pg_statistic"))
        ),
    ],
)
def test_nothing_starts_as_a_role_that_could_see_more(server: Server, spoil: str, mend: str, why: str) -> None:
    said = server.spoilt(spoil, mend)
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


@pytest.mark.parametrize(
    ("spoil", "mend", "why"),
    [
        (
            "ALTER TABLE scoring_run DISABLE TRIGGER USER",
            "ALTER TABLE scoring_run ENABLE TRIGGER USER",
            "The table scoring_run does not keep its record and its rules (the trigger pgtrigger_",
        ),
        (
            "ALTER TABLE partnerships_person ENABLE REPLICA TRIGGER keep_an_active_administrator",
            "ALTER TABLE partnerships_person ENABLE TRIGGER keep_an_active_administrator",
            "The table partnerships_person does not keep its record and its rules "
            "(the trigger keep_an_active_administrator is disabled)",
        ),
        (
            "ALTER TABLE partnerships_accessgrant DISABLE TRIGGER keep_an_administrator",
            "ALTER TABLE partnerships_accessgrant ENABLE TRIGGER keep_an_administrator",
            "The table partnerships_accessgrant does not keep its record and its rules "
            "(the trigger keep_an_administrator is disabled)",
        ),
        (
            "ALTER TRIGGER keep_an_administrator ON partnerships_accessgrant RENAME TO another",
            "ALTER TRIGGER another ON partnerships_accessgrant RENAME TO keep_an_administrator",
            "The table partnerships_accessgrant does not keep its record and its rules "
            "(the trigger keep_an_administrator is missing)",
        ),
        (
            "CREATE VIEW open AS SELECT * FROM scoring_run",
            "DROP VIEW open",
            "The view open is not one of ours and may show rows that it should keep apart: ",
        ),
        (
            "CREATE MATERIALIZED VIEW open AS SELECT * FROM scoring_run",
            "DROP MATERIALIZED VIEW open",
            "The view open is not one of ours",
        ),
        (
            "CREATE FUNCTION scoring_night_sent(a text) RETURNS SETOF scoring_run LANGUAGE sql SECURITY DEFINER "
            "AS 'SELECT * FROM public.scoring_run'",
            "DROP FUNCTION scoring_night_sent(text)",
            "The function scoring_night_sent(text) is not one of ours",
        ),
        (
            "CREATE TABLE copied AS TABLE scoring_run; GRANT SELECT (id) ON copied TO PUBLIC",
            "DROP TABLE copied",
            "The table copied is not one of ours and may show rows that it should keep apart: drop it, or ",
        ),
        (
            f"{ELSEWHERE} CREATE TABLE elsewhere.copied AS TABLE scoring_run; {MAY_READ}",
            GONE,
            "The table elsewhere.copied is not one of ours and may show rows that it should keep apart: "
            "take it from the application's role, or name its schema in SCHEMAS_BESIDES.",
        ),
        (
            f"{ELSEWHERE} CREATE VIEW elsewhere.open AS TABLE scoring_run; {MAY_READ}",
            GONE,
            "The view elsewhere.open is not one of ours",
        ),
        (
            f"{ELSEWHERE} CREATE MATERIALIZED VIEW elsewhere.open AS TABLE scoring_run; {MAY_READ}",
            GONE,
            "The view elsewhere.open is not one of ours",
        ),
        (
            f"CREATE ROLE near; GRANT near TO {APP_ROLE} WITH INHERIT FALSE; {ELSEWHERE} GRANT USAGE ON SCHEMA "
            "elsewhere TO near; CREATE TABLE elsewhere.copied (); GRANT SELECT ON elsewhere.copied TO near",
            f"{GONE}; DROP ROLE near",
            "The table elsewhere.copied is not one of ours",
        ),
        (
            f"{ELSEWHERE} CREATE FUNCTION elsewhere.all_runs() RETURNS SETOF scoring_run LANGUAGE sql SECURITY DEFINER "
            "AS 'TABLE public.scoring_run'",
            GONE,
            "The function elsewhere.all_runs() is not one of ours",
        ),
        (
            "CREATE FUNCTION copy_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER another AFTER INSERT ON scoring_run FOR EACH ROW EXECUTE FUNCTION copy_it()",
            "DROP TRIGGER another ON scoring_run; DROP FUNCTION copy_it()",
            "The table scoring_run has the trigger another, which is not one of ours and could carry its rows "
            "elsewhere: drop it (DROP TRIGGER another ON scoring_run).",
        ),
        (
            "CREATE RULE another AS ON DELETE TO scoring_run DO INSTEAD NOTHING",
            "DROP RULE another ON scoring_run",
            "The table scoring_run has the rule another, which is not one of ours and could lead elsewhere",
        ),
        (
            "CREATE SCHEMA hid; ALTER TABLE scoring_run SET SCHEMA hid;"
            "CREATE VIEW scoring_run AS TABLE hid.scoring_run;"
            f"ALTER VIEW scoring_run OWNER TO {OWNER_ROLE}; GRANT SELECT, INSERT ON scoring_run TO {APP_ROLE}",
            "DROP VIEW scoring_run; ALTER TABLE hid.scoring_run SET SCHEMA public; DROP SCHEMA hid",
            "The table scoring_run has been replaced by another thing of that name, which may show rows that it should "
            "keep apart: run 'manage.py migrate', and if that does not help restore it from a backup.",
        ),
        *(
            (
                f"ALTER VIEW partnerships_sharedlevel RENAME TO hid; CREATE {kind} partnerships_sharedlevel AS "
                f"TABLE partnerships_participation; GRANT SELECT ON partnerships_sharedlevel TO {APP_ROLE}",
                f"DROP {kind} partnerships_sharedlevel; ALTER VIEW hid RENAME TO partnerships_sharedlevel",
                "The view partnerships_sharedlevel has been replaced by another thing of that name",
            )
            for kind in ("MATERIALIZED VIEW", "TABLE")
        ),
        (
            "ALTER VIEW partnerships_sharedlevel RENAME TO hid",
            "ALTER VIEW hid RENAME TO partnerships_sharedlevel",
            "The view partnerships_sharedlevel is missing: run 'manage.py migrate', and if that",
        ),
        (
            "CREATE SCHEMA hid; ALTER TABLE scoring_run SET SCHEMA hid",
            "ALTER TABLE hid.scoring_run SET SCHEMA public; DROP SCHEMA hid",
            "The table scoring_run is missing: ",
        ),
        (
            "ALTER FUNCTION scoring_night_sent() RENAME TO hid",
            "ALTER FUNCTION hid() RENAME TO scoring_night_sent",
            "The function scoring_night_sent() is missing: ",
        ),
    ],
)
def test_nothing_starts_where_the_database_is_not_as_it_was_made(
    server: Server, spoil: str, mend: str, why: str
) -> None:
    assert server.spoilt(spoil, mend).startswith(why)
    assert server.spoilt("SELECT 1", "SELECT 1") == ""


def test_what_nobody_of_ours_may_read_is_left_alone(server: Server) -> None:
    spoil = f"{ELSEWHERE} CREATE TABLE elsewhere.copied (); CREATE TABLE another ()"
    assert server.spoilt(spoil, f"{GONE}; DROP TABLE another") == ""


def test_before_the_first_migration_nothing_has_to_be_there(server: Server) -> None:
    empty = server.address(APP_ROLE).replace(f"/{postgres.DATABASE}?", "/postgres?")
    done = server.start(["manage.py", "clearsessions"], DATABASE_URL=empty)
    assert 'relation "django_session" does not exist' in done.stderr


def test_another_programs_schema_is_left_alone_where_it_is_named(server: Server, settings: Any) -> None:
    settings.SCHEMAS_BESIDES = ["elsewhere"]
    assert server.spoilt(f"{ELSEWHERE} CREATE TABLE elsewhere.theirs (); {MAY_READ}", GONE) == ""


@pytest.mark.parametrize(
    ("what", "found", "instead", "why"),
    [
        (
            "the ids that a function over all organisations gives out",
            "SELECT pg_get_functiondef('scoring_owner_of(text, bigint)'::regprocedure)",
            ("AS $function$", "AS $function$ SELECT id FROM public.partnerships_organisation UNION ALL "),
            "The function scoring_owner_of(text, bigint) does not say what the application has it say",
        ),
        (
            "how a function runs",
            "SELECT pg_get_functiondef('scoring_owner_of(text, bigint)'::regprocedure)",
            ("'pg_catalog', 'pg_temp'", "'public'"),
            "The function scoring_owner_of(text, bigint) does not say",
        ),
        (
            "a rule that a trigger keeps",
            "SELECT pg_get_functiondef('keep_an_administrator()'::regprocedure)",
            ("BEGIN", "BEGIN RETURN NULL;"),
            "The function keep_an_administrator() does not say",
        ),
        (
            "what the record writes",
            "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger WHERE tgrelid = 'scoring_run'::regclass "
            "AND tgname LIKE 'pgtrigger_insert%'",
            ("BEGIN", "BEGIN RETURN NULL;"),
            "The function pgtrigger_insert_insert_",
        ),
        (
            "what is shared",
            "SELECT 'CREATE OR REPLACE VIEW partnerships_sharedlevel WITH (security_barrier) AS ' "
            "|| pg_get_viewdef('partnerships_sharedlevel'::regclass)",
            ("sharing.withdrawn_at IS NULL", "true"),
            "The view partnerships_sharedlevel does not say what the application has it say",
        ),
        (
            "how the view of what is shared is asked",
            "SELECT 'ALTER VIEW partnerships_sharedlevel SET (security_barrier = true)'",
            ("= true", "= false"),
            "The view partnerships_sharedlevel does not say",
        ),
        (
            "when a trigger fires",
            "SELECT replace(pg_get_triggerdef(oid), 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER') FROM pg_trigger "
            "WHERE tgname = 'keep_an_administrator'",
            ("WHEN (", "WHEN (false AND "),
            "The table partnerships_accessgrant does not keep its record and its rules "
            "(the trigger keep_an_administrator has been changed): ",
        ),
        *(
            (
                "whom a trigger protects",
                "SELECT replace(pg_get_triggerdef(oid), 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER') FROM pg_trigger "
                "WHERE tgname = 'keep_an_administrator'",
                ("'administrator'", other),
                "The table partnerships_accessgrant does not keep its record and its rules "
                "(the trigger keep_an_administrator has been changed): ",
            )
            for other in ("'ADMINISTRATOR'", "'administrator '")
        ),
        (
            "at what the record's trigger fires",
            "SELECT replace(pg_get_triggerdef(oid), 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER') FROM pg_trigger "
            "WHERE tgrelid = 'scoring_run'::regclass AND tgname LIKE 'pgtrigger_insert%'",
            ("AFTER INSERT", "BEFORE INSERT"),
            "The table scoring_run does not keep its record and its rules (the trigger pgtrigger_insert_insert_",
        ),
    ],
)
def test_nothing_starts_where_something_of_ours_says_another_thing(
    server: Server, what: str, found: str, instead: tuple[str, str], why: str
) -> None:
    [made] = server.run(found)
    assert instead[0] in made, what
    assert server.spoilt(made.replace(*instead, 1), made).startswith(why)
    assert server.spoilt("SELECT 1", "SELECT 1") == ""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_djangos_own_commands_do_not_run_either(server: Server, command: list[str]) -> None:
    done = server.start(["manage.py", *command], DATABASE_URL=server.address("postgres"))
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith("CommandError: DATABASE_URL connects as postgres, which is a superuser")
    )
    assert "Traceback" not in done.stderr


def test_what_needs_no_rows_runs_as_any_role(server: Server) -> None:
    for command in (["check"], ["makemigrations", "--check", "--dry-run"], ["showmigrations", "scoring"], ["help"]):
        assert server.start(["manage.py", *command], DATABASE_URL=server.address("postgres")).returncode == 0


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
