"""What a deployment writes into its environment about signing in, read by a process that starts with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DEPLOYED = {
    "DEBUG": "false",
    "HTTPS": "true",
    "ALLOWED_HOSTS": "triage.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://triage.example.org",
    "MFA_REQUIRED_FOR": "administrator",
}
SAY = "from django.conf import settings; print(settings.OIDC.roles_in({claims}), settings.PASSWORD_SIGN_IN)"


def example(name: str) -> dict[str, str]:
    """The variables of an example of docs/deployment.md, as a shell would hand them on."""
    text = (ROOT / "docs" / "deployment.md").read_text().split(f"### {name}")[1].split("###")[0]
    return {key: value.strip("'") for key, value in re.findall(r"^    (OIDC_\w+)=(.*)$", text, re.MULTILINE)}


def outside_of_tests() -> dict[str, str]:
    """The environment without what tests that drive a browser in this process put into it."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=outside_of_tests() | DEPLOYED | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", ["NHS CIS2", "Microsoft Entra ID"])
def test_with_the_examples_the_checks_of_a_deployment_are_clean(name: str) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **example(name))
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_an_example_becomes_the_provider_and_switches_passwords_off() -> None:
    said = manage("shell", "--no-imports", "-c", SAY.format(claims={"roles": ["triage.board"]}), **example("Microsoft"))
    assert said.stdout.strip() == "{('RX1', 'executive')} False", said.stderr
    kept = manage(
        "shell",
        "--no-imports",
        "-c",
        SAY.format(claims={}),
        **example("Microsoft"),
        PASSWORD_SIGN_IN="true",
    )
    assert kept.stdout.strip() == "set() True", kept.stderr


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"OIDC_ROLES": "{"}, "OIDC_ROLES has to be a JSON list of rules"),
        ({"OIDC_PARAMETERS": '{"state": "x"}'}, "the service sets them"),
        ({"OIDC_ISSUER": "http://id.example.org"}, "has to be reached over https"),
        ({"OIDC_ROLES": '[{"when": "x", "organisation": "RX1", "role": "king"}]'}, "names what is no role: king"),
        ({"MFA_REQUIRED_FOR": "king"}, "MFA_REQUIRED_FOR names what is no role: king"),
        ({"OIDC_ISSUER": "", "PASSWORD_SIGN_IN": "false"}, "Nobody could sign in"),
    ],
)
def test_what_cannot_be_meant_stops_the_start_and_says_why(wrong: dict[str, str], says: str) -> None:
    done = manage("check", **(example("Microsoft") | wrong))
    assert done.returncode != 0
    assert says in done.stderr
