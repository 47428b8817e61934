"""What a fault, a wrong address or a file's name gives away: nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.integration.config.test_sign_in_settings import outside_of_tests

ROOT = Path(__file__).resolve().parents[3]
INSIDE = "inside-of-the-service"


def breaks(request: HttpRequest) -> HttpResponse:
    secret = INSIDE
    raise RuntimeError(f"{secret} and {request.POST}")


urlpatterns = [path("breaks/", breaks), path("", include("config.urls"))]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("more", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_fault_says_sorry_and_nothing_else(db: None, settings: Any, method: str, more: dict[str, str]) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    answer = getattr(client, method)("/breaks/", {"a": "what-was-sent"}, headers=more)
    assert answer.status_code == 500
    words = answer.content.decode()
    assert "Something went wrong on our side" in words
    for told in (INSIDE, "what-was-sent", "Traceback", "RuntimeError", "site-packages", str(ROOT), settings.SECRET_KEY):
        assert told not in words
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["/no/such/page/", "/o/A/../../x/", "/s/wrong/", "/invitations/wrong/", "/o/%ff%fe/"]
)
def test_a_wrong_address_names_no_address_that_there_is(db: None, address: str) -> None:
    answer = Client(raise_request_exception=False).get(address, follow=True)
    assert answer.status_code in {200, 403, 404}
    for told in ("URLconf", "urlpatterns", "DEBUG", "Traceback", "<str:code>"):
        assert told not in answer.content.decode()


@pytest.mark.django_db
def test_a_static_file_is_kept_but_not_read_by_another_site(client: Client) -> None:
    answer = client.get("/static/css/triage.css")
    assert answer.getvalue()
    answer.close()
    assert answer.headers.get("Access-Control-Allow-Origin") is None
    assert "public" in answer.headers["Cache-Control"]


WAYS = [
    "/static/../config/settings.py",
    "/static/%2e%2e/config/settings.py",
    "/static/..%2fconfig/settings.py",
    "/static/%252e%252e%252fconfig/settings.py",
    "/static//etc/passwd",
    "/static/....//....//etc/passwd",
    "/static/..\\config\\settings.py",
    "/static/css/../../config/settings.py",
    "/static/js/%00",
    "/static/.env",
    "/.env",
    "/.git/config",
    "/config/settings.py",
    "/staticfiles/staticfiles.json",
    "/o/A/partnerships/import/template.xlsx/../../../../../../etc/passwd",
    "/o/A/partnerships/export.py",
    "/o/A/reports/../../../etc/passwd",
]


@pytest.mark.parametrize("way", WAYS)
def test_no_address_leads_to_another_file(db: None, way: str) -> None:
    answer = Client(raise_request_exception=False).get(way)
    assert answer.status_code in {302, 404}
    for told in ("SECRET_KEY", "root:", "[core]"):
        assert told not in answer.getvalue().decode("utf-8", "replace")


DEPLOYED = {
    "DEBUG": "false",
    "HTTPS": "true",
    "ALLOWED_HOSTS": "triage.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://triage.example.org",
    "SECRET_KEY": "k" * 30 + "abcdefghijklmnopqrstuvwxyz0123456789",
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    everything = outside_of_tests() | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    return subprocess.run(command, cwd=ROOT, env=everything, capture_output=True, text=True, check=False, timeout=120)


def test_as_deployed_it_tells_nothing_and_its_cookies_have_their_names() -> None:
    asked = (
        "import django; django.setup(); from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_SSL_REDIRECT, "
        "s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, s.ALLOWED_HOSTS)"
    )
    said = run(sys.executable, "-c", asked, **DEPLOYED)
    names = "__Host-sessionid __Host-csrftoken"
    assert said.stdout.strip() == f"False True True {names} True 31536000 True True ['triage.example.org']", said.stderr


@pytest.mark.parametrize(("setting", "value"), [("SECURE_SSL_REDIRECT", "false"), ("SECRET_KEY", "short")])
def test_the_check_of_a_deployment_bites(setting: str, value: str) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    bitten = run(*command, **DEPLOYED | {setting: value})
    assert bitten.returncode == 1
    assert f"security.W0{'08' if setting == 'SECURE_SSL_REDIRECT' else '09'}" in bitten.stderr


def test_make_check_runs_both() -> None:
    """As make itself works its target out, with every file of ours and failing at a warning."""
    planned = run("make", "-n", "check").stdout.replace("\\\n", " ").splitlines()
    (deployment,) = [line for line in planned if "manage.py check" in line]
    assert deployment.endswith("manage.py check --deploy --fail-level WARNING")
    assert "DEBUG=false HTTPS=true" in deployment
    (dangers,) = [line for line in planned if "-m bandit" in line]
    assert set(dangers.split()) >= {
        "--recursive",
        "config",
        "design",
        "partnerships",
        "diagnostics",
        "scoring",
        "decisions",
    }
    assert dangers.endswith("exit 1; }")
    assert not [line for line in (deployment, dangers) if "|| true" in line or line.lstrip().startswith("-")]


def test_the_look_for_dangerous_code_bites(tmp_path: Path) -> None:
    """With the very options of ``make check``."""
    dangerous = tmp_path / "dangerous.py"
    dangerous.write_text(
        "import subprocess\nsubprocess.run(input(), shell=True)\nimport pickle\npickle.loads(input())\n"
    )
    options = (ROOT / "Makefile").read_text().partition("-m bandit ")[2].partition("$(SOURCES)")[0]
    bitten = run(sys.executable, "-m", "bandit", *options.replace("\\", " ").split(), str(dangerous))
    assert bitten.returncode == 1
    assert "B602" in bitten.stdout
    assert "B301" in bitten.stdout
