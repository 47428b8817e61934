"""The web server and a worker as they really run: what they print, to either stream, has nothing that was entrusted.

``test_logs.py`` reads the loggers of one process; here the programs around them speak too, down to the last detail.
"""

from __future__ import annotations

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from partnerships.models import Organisation, Person
from scoring.models import RunState
from tests.e2e.service import Service
from tests.integration.diagnostics.survey_data import opened
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)

MARK = "Quillwort"  # in no word of ours
PASSWORD = f"{MARK}-the-right-password"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """Keeps cookies, follows redirects, and sends a form with the token of the page that it is on."""

    def __init__(self, root: str) -> None:
        self.root, self.at, self.token = root, root, ""
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, address: str, **form: str) -> int:
        """The status of the answer in the end; with ``form`` the address is posted to."""
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **form}).encode() if form else None
        try:
            answer = self._opener.open(urllib.parse.urljoin(self.at, address), data, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            self.at = answer.url
            found = TOKEN.search(answer.read().decode())
        self.token = found[1] if found else self.token
        return int(answer.status)

    def secrets(self) -> list[str]:
        return [str(cookie.value) for cookie in self.cookies]


@pytest.fixture
def service(process_environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    one = Service(dict(process_environment), tmp_path, log=tmp_path / "log")
    try:
        one.start_broker()
        one.environment |= {"LOG_LEVEL": "DEBUG", "SCORING_DRAWS": "10", "PYTHONUNBUFFERED": "1"}
        for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
            one.environment[name] = with_a_password(one.environment[name])
        one.start_site()
        one.start_worker()
        yield one
    finally:
        one.end()


def test_nothing_that_was_entrusted_is_printed(service: Service) -> None:
    organisation, lead, _ = portfolio(3)
    lead.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")  # the processes know no hash of tests
    lead.save()
    _, links = opened(organisation.participations.order_by("pk")[0], lead)
    secrets = sign_in_and_score(Browser(service.address), organisation, lead)
    respondent = Browser(service.address)
    secrets += [links[0].secret, *answer(respondent, links[0].secret)]
    service.end()
    assert service.log is not None
    said = service.log.read_text()
    assert "/accounts/login/" in said
    assert "scoring.score" in said
    assert MARK.lower() not in said.lower()
    secrets.append(service.environment["SECRET_KEY"])
    assert len(secrets) > 6
    assert [secret for secret in secrets if secret in said] == []
    # Of those who answer there is no line at all: neither who they are, nor when.
    [handle] = {part for part in urlsplit(respondent.at).path.split("/") if len(part) > 15}
    answering = ("/s/", "/questions/purpose/", handle, links[0].invitation.email)
    assert [word for word in answering if word in said] == []


def sign_in_and_score(browser: Browser, organisation: Organisation, lead: Person) -> list[str]:
    browser.open("/accounts/login/")
    for password in (f"{MARK}-the-wrong-password", PASSWORD):
        assert browser.open("/accounts/login/", login=lead.email, password=password) == 200
    root = f"/o/{organisation.code}/"
    assert browser.open(f"{root}?search={organisation.code}") == 200
    assert browser.at.endswith(f"{root}?search={organisation.code}"), browser.at
    assert browser.open(root, score="now") == 200
    deadline = time.monotonic() + 120
    while not organisation.runs.filter(state=RunState.DONE).exists():
        assert time.monotonic() < deadline, "the worker scores nothing"
        time.sleep(0.2)
    return browser.secrets()


def answer(browser: Browser, secret: str) -> list[str]:
    assert browser.open(f"/s/{secret}/") == 200
    root = browser.at.removesuffix("welcome/")
    for page in ("where-you-work/", "questions/purpose/"):
        browser.open(root + page)
        form = {"place": "board"} if page == "where-you-work/" else {"answer-PUR1": "1", "reason-PUR1": f"{MARK} rings"}
        assert browser.open(root + page, **form) == 200
    assert browser.open(f"{root}questions/purpose/", **{"answer-PUR1": MARK, "reason-PUR1": MARK}) == 422
    return browser.secrets()


def with_a_password(address: str) -> str:
    """Of a database that takes any, since it trusts this machine."""
    url = urlsplit(address)
    assert url.username
    return url._replace(netloc=f"{url.username}:{MARK}-of-the-database@{url.netloc.rpartition('@')[2]}").geturl()
