"""A whole journey with marked passwords, secrets, answers and free text: nothing of it is in any line of the log."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.http import int_to_base36

from config.logs import logging_settings
from decisions.models import AgendaItem, Decision
from partnerships.actions.invitations import invite
from partnerships.models import Role
from scoring.models import Run
from scoring.tasks import score
from tests.factories import active_participation, in_role, organisation_with_people
from tests.integration.decisions.scored import scored_portfolio
from tests.integration.diagnostics.survey_data import opened
from tests.integration.safety.contents import forms_of

pytestmark = pytest.mark.django_db

MARK = "Quillwort"  # in no word of ours


@pytest.fixture
def log(settings: Any) -> Iterator[io.StringIO]:
    """Everything that any logger says, down to the last detail, as the service writes it."""
    lines = io.StringIO()
    wanted = logging_settings(level="DEBUG", readable=False)
    wanted["handlers"]["stderr"]["stream"] = lines
    wanted["root"]["level"] = "DEBUG"
    logging.config.dictConfig(wanted)
    yield lines
    logging.config.dictConfig(settings.LOGGING)


def test_nothing_that_was_entrusted_is_logged(log: io.StringIO, transactional_db: None) -> None:
    organisation, lead, _ = organisation_with_people(name="A trust")
    participation = active_participation(organisation)
    administrator = in_role(organisation, Role.ADMINISTRATOR)
    secrets = _sign_in_and_back(lead)
    lead.refresh_from_db()
    secrets += _answer_a_survey(participation, lead)
    secrets += _accept_an_invitation(organisation, administrator)
    desk = Client(raise_request_exception=False)
    desk.force_login(lead)
    _write_down(desk, f"/o/{organisation.code}/", participation.partnership.slug)
    _score(desk, f"/o/{organisation.code}/")
    secrets.append(desk.cookies["sessionid"].value)
    said = log.getvalue()
    assert "/accounts/login/" in said
    assert MARK.lower() not in said.lower()
    assert [secret for secret in secrets if secret in said] == []


def test_nothing_of_a_decision_is_logged(log: io.StringIO, settings: Any, db: None) -> None:
    """The meeting's name, its notes, and why: taken, and sent once more."""
    settings.SCORING_DRAWS = 4
    organisation, _, executive = scored_portfolio()
    slug = organisation.participations.select_related("partnership").latest("pk").partnership.slug
    desk = Client(raise_request_exception=False)
    desk.force_login(executive)
    address, day = f"/o/{organisation.code}/decide/", timezone.localdate()
    held_on = {f"held_on-{part}": getattr(day, part) for part in ("day", "month", "year")}
    desk.post(address, {"name": f"{MARK} board", "agenda": [slug], **held_on})
    (form,) = [one for one in forms_of(desk.get(address)) if "notes" in one.offered]
    given = {"notes": f"{MARK} said so", "reason": f"{MARK} asked", "level": form.offered["level"][:1]}
    for _ in range(3):  # the second confirms what it costs, and the third comes too late
        desk.post(f"{address}?partnership={slug}", form.sent | given | {"confirmed": given["level"]})
    decision = Decision.objects.get()
    assert MARK in decision.decided_in
    assert MARK in decision.reason
    assert MARK in AgendaItem.objects.get().notes
    assert "/decide/" in log.getvalue()
    assert MARK.lower() not in log.getvalue().lower()


def _sign_in_and_back(person: Any) -> list[str]:
    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"login": person.email, "password": f"{MARK}-wrong-password"})
    person.set_password(f"{MARK}-right-password")
    person.save()
    client.post("/accounts/login/", {"login": person.email, "password": f"{MARK}-right-password"})
    client.post(
        "/accounts/password/change/",
        {"oldpassword": f"{MARK}-right-password", "password1": f"{MARK}-new-one-x", "password2": f"{MARK}-new-one-x"},
    )
    key = default_token_generator.make_token(person)
    Client(raise_request_exception=False).get(f"/accounts/password/reset/key/{int_to_base36(person.pk)}-{key}/")
    return [key, client.cookies["sessionid"].value]


def _answer_a_survey(participation: Any, lead: Any) -> list[str]:
    _, links = opened(participation, lead)
    client = Client(raise_request_exception=False)
    root = client.get(f"/s/{links[0].secret}/")["Location"].removesuffix("welcome/")
    client.get(f"{root}welcome/")
    client.post(f"{root}where-you-work/", {"place": "board"})
    answers = {"answer-PUR1": "1", "reason-PUR1": f"{MARK} never came"}
    for sent in (answers, answers | {"answer-GOA1": f"{MARK}"}, {"reason-PUR1": f"{MARK}\0"}):
        client.post(f"{root}questions/purpose/", sent)
    client.post(f"{root}check/", {})
    Client(raise_request_exception=False).get(f"/s/{MARK}{links[1].secret}/")
    return [links[0].secret, links[1].secret, *(cookie.value for cookie in client.cookies.values())]


def _accept_an_invitation(organisation: Any, administrator: Any) -> list[str]:
    sent = invite(
        organisation=organisation,
        email=f"{MARK}@example.org",
        roles=[Role.READER],
        last_day=None,
        by=administrator,
    )
    client = Client(raise_request_exception=False)
    client.get(f"/invitations/{sent.secret}/")
    client.get("/invitations/")
    return [sent.secret]


def _write_down(desk: Client, root: str, slug: str) -> None:
    """Free text in forms that are taken, refused, and cannot be read."""
    form = {"name": f"{MARK} alliance", "kind": "1", "purpose": f"{MARK} purpose", "patient_benefit": f"{MARK}\0"}
    for address in ("partnerships/add/", f"partnerships/{slug}/edit/", "rules/add/at-least/", "criteria/objectives/"):
        desk.post(root + address, form)
        desk.post(root + address, f'{{"{MARK}": ', content_type="application/json")
        desk.post(root + address, f"--x\r\n{MARK}", content_type="multipart/form-data; boundary=x")
    table = f"Name,Kind\n{MARK} alliance,Council partnership\n{MARK},{MARK}\n"
    upload = SimpleUploadedFile(f"{MARK}.csv", table.encode(), "text/csv")
    preview = desk.post(f"{root}partnerships/import/", {"file": upload})["Location"]
    desk.post(preview, {"take": "good"})
    desk.post(preview, {})
    too_many = {f"{MARK}{number}": "" for number in range(6000)}
    assert desk.post(root + "partnerships/add/", too_many).status_code == 400


def _score(desk: Client, root: str) -> None:
    desk.post(root)
    for run in Run.objects.all():
        score.apply(args=[run.pk])
        run.refresh_from_db()
        assert run.finished_at is not None


@pytest.mark.parametrize(
    ("proxies", "sent", "address"),
    [
        (0, {}, "192.0.2.1"),
        (0, {"X-Forwarded-For": "203.0.113.9"}, "192.0.2.1"),
        (
            0,
            {"X-Real-Ip": "203.0.113.9", "Forwarded": "for=203.0.113.9", "Cf-Connecting-Ip": "203.0.113.9"},
            "192.0.2.1",
        ),
        (1, {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, "198.51.100.7"),
        (1, {"X-Real-Ip": "203.0.113.9", "X-Forwarded-For": "198.51.100.7"}, "198.51.100.7"),
        (1, {}, "192.0.2.1"),
        (2, {"X-Forwarded-For": "203.0.113.9"}, "192.0.2.1"),
        (1, {"X-Forwarded-For": "203.0.113.9, no address"}, "192.0.2.1"),
    ],
)
def test_the_address_in_the_log_is_none_that_a_visitor_wrote(
    log: io.StringIO, settings: Any, proxies: int, sent: dict[str, str], address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    Client(REMOTE_ADDR="192.0.2.1").get("/accounts/login/", headers=sent)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    asked = [line for line in lines if line.get("event") in ("request_started", "request_finished")]
    assert len(asked) == 2
    assert [line["ip"] for line in asked] == [address] * 2
    assert "203.0.113.9" not in log.getvalue()
