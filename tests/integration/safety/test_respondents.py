"""Somebody who is signed in answers a survey: nothing is written and nothing is logged that says who."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import Client

from config.logs import logging_settings
from diagnostics.instrument import instrument
from diagnostics.views import welcome
from tests.integration.diagnostics.conftest import Setting, setting  # noqa: F401  (a fixture)
from tests.integration.diagnostics.survey_data import opened
from tests.integration.diagnostics.test_answering import as_the_owner_of_the_tables
from tests.integration.diagnostics.test_respondent_pages import enter

# What a respondent's pages may write to.
SURVEYS_OWN = {"diagnostics_response", "diagnostics_answer"}


@pytest.fixture
def log(settings: Any) -> Iterator[io.StringIO]:
    lines = io.StringIO()
    wanted = logging_settings(level="DEBUG", readable=False)
    wanted["handlers"]["stderr"]["stream"] = lines
    logging.config.dictConfig(wanted)
    yield lines
    logging.config.dictConfig(settings.LOGGING)


def answer_everything(client: Client, root: str) -> None:
    client.post(f"{root}where-you-work/", {"place": "lead"})
    for page in instrument().pages:
        client.post(f"{root}questions/{page.code}/", {f"answer-{item}": "2" for item in page.items})
    client.get(f"{root}check/")
    assert client.get(client.post(f"{root}check/")["Location"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_session_is_not_touched_and_no_other_table_is(setting: Setting) -> None:  # noqa: F811
    _, links = opened(setting.participation, setting.lead)
    client = Client()
    client.force_login(setting.executive)
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        [(before,)] = cursor.fetchall()
        cursor.execute("SELECT xmin::text FROM django_session")
        session = cursor.fetchall()
    page = client.get(f"/s/{links[0].secret}/", follow=True)
    assert not page.context["user"].is_authenticated
    answer_everything(client, enter(client, links[0]))
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT xmin::text FROM django_session")
        assert cursor.fetchall() == session
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        written = set()
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE xmin::text::bigint > %s", [before])  # noqa: S608
            if cursor.fetchone()[0]:
                written.add(table)
    assert len(tables) > 50
    assert written == SURVEYS_OWN
    # Whoever was signed in still is.
    assert client.get(f"/o/{setting.code}/surveys/").status_code == 200


@pytest.mark.django_db
def test_a_message_for_whoever_is_signed_in_waits_for_their_own_pages(setting: Setting) -> None:  # noqa: F811
    _, links = opened(setting.participation, setting.lead)
    client = Client()
    client.force_login(setting.lead)
    storage = CookieStorage(HttpRequest())
    client.cookies["messages"] = storage._encode(  # type: ignore[attr-defined]  # as it comes back
        [Message(constants.INFO, "Quillwort was saved.")]
    )
    assert "Quillwort" not in client.get(enter(client, links[0]) + "welcome/").content.decode()
    assert "Quillwort" in client.get(f"/o/{setting.code}/surveys/").content.decode()


@pytest.mark.django_db
def test_no_line_is_logged_of_who_answers(setting: Setting, log: io.StringIO) -> None:  # noqa: F811
    _, links = opened(setting.participation, setting.lead)
    client = Client(REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="Quillwort/1")
    client.force_login(setting.executive)
    answer_everything(client, enter(client, links[0]))
    refused = [client.get(address) for address in (f"/s/{'x' * 43}/", "/s/unknown/welcome/", f"/r/{'x' * 43}/")]
    assert all(one.status_code >= 400 for one in refused)
    assert Client(enforce_csrf_checks=True).post(f"/s/{'x' * 16}/check/").status_code == 403
    assert log.getvalue() == ""
    client.get(f"/o/{setting.code}/surveys/")
    assert "10.1.2.3" in log.getvalue()


@pytest.mark.django_db
def test_a_fault_is_logged_without_whose_it_was(
    setting: Setting,  # noqa: F811
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, links = opened(setting.participation, setting.lead)
    client = Client(raise_request_exception=False, REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="Quillwort/1")
    client.force_login(setting.executive)
    root = enter(client, links[0])

    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(welcome, "AnswersSoFar", type("Broken", (), {"of": broken}))
    assert client.get(f"{root}welcome/").status_code == 500
    said = log.getvalue()
    assert "a fault of ours" in said
    for word in ("user_id", "10.1.2.3", "Quillwort", root.split("/")[2]):
        assert word not in said
