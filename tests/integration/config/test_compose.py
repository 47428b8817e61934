"""``docker-compose.yml``, read by Docker Compose itself, and the script that makes the roles, run on PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from config import embedded
from config.embedded import postgres
from tests.integration.config.compose import command

FILE = embedded.ROOT / "docker-compose.yml"
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD", "VALKEY_PASSWORD")
GIVEN = {name: f"{name.lower().replace('_', '')}value" for name in SECRETS} | {"ALLOWED_HOSTS": "triage.example.org"}


def read_by_compose(**environment: str) -> subprocess.CompletedProcess[str]:
    compose = command()
    assert compose is not None, "run 'make test', which installs Docker Compose or leaves these tests out"
    return subprocess.run(
        [*compose, "--file", str(FILE), "config"],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | environment,
        cwd=FILE.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def configuration() -> dict[str, Any]:
    done = read_by_compose(**GIVEN)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = yaml.safe_load(done.stdout)
    return document


@pytest.mark.compose
def test_every_part_is_there_and_is_looked_after(configuration):
    services = configuration["services"]
    assert set(services) == {"web", "worker", "night-worker", "scheduler", "migrate", "postgres", "valkey"}
    for name, service in services.items():
        assert name == "migrate" or service["healthcheck"]["test"], f"{name} has no health check"
    assert set(configuration["volumes"]) == {"database", "survey-keys"}


@pytest.mark.compose
def test_every_part_of_the_application_and_nothing_else_has_the_keys_of_surveys(configuration):
    has = {name for name, service in configuration["services"].items() if "survey-keys" in str(service.get("volumes"))}
    assert has == {"web", "worker", "night-worker", "scheduler", "migrate"}


@pytest.mark.compose
def test_one_worker_does_nothing_but_what_people_ask_for(configuration):
    queues = {
        name: next(word for word in service["command"] if word.startswith("--queues="))
        for name, service in configuration["services"].items()
        if "worker" in name
    }
    assert queues == {"worker": "--queues=scoring", "night-worker": "--queues=scoring,mail,night"}


@pytest.mark.compose
@pytest.mark.parametrize("missing", [*SECRETS, "ALLOWED_HOSTS"])
def test_nothing_starts_without_its_secrets(missing):
    refused = read_by_compose(**{name: value for name, value in GIVEN.items() if name != missing})
    assert refused.returncode != 0
    assert missing in refused.stderr


@pytest.mark.compose
def test_only_the_migration_knows_the_owners_password(configuration):
    knows = {
        name
        for name, service in configuration["services"].items()
        if "ownerdatabasepasswordvalue" in str(service.get("environment"))
    }
    assert knows == {"migrate", "postgres"}


@pytest.mark.compose
def test_only_the_pages_can_be_reached_and_from_this_machine_only(configuration):
    ports = {name: service["ports"] for name, service in configuration["services"].items() if service.get("ports")}
    assert list(ports) == ["web"]
    assert "127.0.0.1" in str(ports["web"])


def test_no_secret_has_a_default():
    text = FILE.read_text()
    for name in SECRETS:
        uses = re.findall(r"\$\{" + name + r"([^}]*)\}", text)
        assert uses, f"{name} is not used"
        assert all(use.startswith(":?") for use in uses), f"{name} has a default"


def test_the_example_names_every_variable_that_is_read():
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (embedded.ROOT / ".env.example").read_text(), re.MULTILINE))
    settings = set(
        re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (embedded.ROOT / "config" / "settings.py").read_text())
    )
    assert settings <= example
    assert set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", FILE.read_text())) <= example


def test_the_roles_are_those_of_the_embedded_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def roles_and_rights(socket_directory: str) -> list[list[tuple[Any, ...]]]:
        connection = psycopg2.connect(host=socket_directory, user="postgres", dbname="triage")
        try:
            with connection.cursor() as cursor:
                answers = []
                for question in (
                    "SELECT rolname, rolsuper, rolbypassrls, rolreplication, rolcreaterole, rolcanlogin FROM pg_roles "
                    "WHERE rolname LIKE 'triage%' ORDER BY 1",
                    "SELECT setrole::regrole::text, setconfig::text FROM pg_db_role_setting ORDER BY 1",
                    "SELECT pg_get_userbyid(defaclrole), defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 2",
                    "SELECT pg_get_userbyid(datdba), datcollate, datlocprovider FROM pg_database "
                    "WHERE datname = 'triage'",
                ):
                    cursor.execute(question)
                    answers.append(cursor.fetchall())
                return answers
        finally:
            connection.close()

    postgres.start(tmp_path / "ours" / "postgres", durable=False)
    ours = postgres.running(tmp_path / "ours" / "postgres")
    monkeypatch.setattr(postgres, "_provision", lambda server: None)
    postgres.start(tmp_path / "theirs" / "postgres", durable=False)
    theirs = postgres.running(tmp_path / "theirs" / "postgres")
    try:
        assert ours is not None
        assert theirs is not None
        subprocess.run(
            ["sh", str(embedded.ROOT / "docker" / "roles.sh")],
            env={
                "PATH": f"{postgres._programs()}{os.pathsep}{os.environ['PATH']}",
                "PGHOST": theirs.socket_directory,
                "OWNER_DATABASE_PASSWORD": "it's the owner",
                "APP_DATABASE_PASSWORD": "the application",
            },
            check=True,
        )
        assert roles_and_rights(theirs.socket_directory) == roles_and_rights(ours.socket_directory)
    finally:
        for name in ("ours", "theirs"):
            postgres.stop(tmp_path / name / "postgres")
