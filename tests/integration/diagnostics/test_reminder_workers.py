"""Reminders through real workers, a real broker and a real mail server, each of which dies in the middle of it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from diagnostics.models import Reminder, Round
from tests.e2e.service import Service
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.mail_server import mail_server, port_where_nobody_listens
from tests.integration.diagnostics.survey_data import draft, opened

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 12


@pytest.fixture
def service(process_environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    often = {"REMIND_EVERY_SECONDS": "1", "REMINDERS_AT_ANY_TIME": "true", "EMAIL_TIMEOUT": "30"}
    one = Service(dict(process_environment) | often, tmp_path)
    try:
        one.start_broker()
        yield one
    finally:
        one.end()


def due(setting: Setting) -> Round:
    """An open survey whose people are to be reminded today, whichever day of the week it is."""
    made, _ = opened(setting.participation, setting.lead, PEOPLE)
    today = timezone.localdate()
    Round.objects.filter(pk=made.pk).update(
        opens_on=today - datetime.timedelta(days=20),
        closes_on=today + datetime.timedelta(days=1),
        remind_before_last_day=True,
    )
    return made


def wait_until(holds: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"it did not come to pass within {seconds} s"
        time.sleep(0.05)


def everybody() -> list[str]:
    return sorted(f"person{one}@partner.example" for one in range(1, PEOPLE + 1))


def test_a_worker_killed_in_the_middle_of_a_letter_is_followed_by_two_that_do_not_send_it_again(
    setting: Setting, service: Service
) -> None:
    due(setting)
    with mail_server() as server:
        unlucky = "person3@partner.example"
        server.silent_at.add(unlucky)
        service.environment |= server.environment
        first = service.start_worker()
        assert server.taking.wait(90)
        service.kill_worker(first)
        server.answers.set()
        before = len(server.letters)
        assert before < PEOPLE
        for _ in range(2):
            service.start_worker()
        wait_until(lambda: Reminder.objects.filter(sent=True).count() == PEOPLE - 1)
        time.sleep(3)  # the schedule comes round again a few times
        assert server.reached() == everybody()
    [unsure] = Reminder.objects.filter(sent=False)
    assert unsure.invitation.email == unlucky


def test_with_broker_and_mail_server_down_all_is_sent_once_they_are_back(setting: Setting, service: Service) -> None:
    port = port_where_nobody_listens()
    service.environment |= {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
    }
    service.log = service.folder / "worker.log"
    service.start_worker()
    due(setting)
    wait_until(lambda: "reminders_stopped" in service.folder.joinpath("worker.log").read_text())
    assert not Reminder.objects.exists()
    service.kill_broker()
    with mail_server(port) as server:
        time.sleep(2)
        service.start_broker()
        wait_until(lambda: Reminder.objects.filter(sent=True).count() == PEOPLE)
        assert server.reached() == everybody()


def to_open(setting: Setting) -> Round:
    """A draft whose day has come."""
    made = draft(setting.participation, setting.lead, PEOPLE)
    Round.objects.filter(pk=made.pk).update(opens_by_itself_on=timezone.localdate(), opening_set_by=setting.lead)
    return made


def test_a_survey_opens_on_its_day_and_a_worker_killed_meanwhile_costs_no_letter_but_the_one_it_held(
    setting: Setting, service: Service
) -> None:
    made = to_open(setting)
    service.environment["SITE_ADDRESS"] = "http://testserver/"
    with mail_server() as server:
        unlucky = "person3@partner.example"
        server.silent_at.add(unlucky)
        service.environment |= server.environment
        first = service.start_worker()
        assert server.taking.wait(90)
        service.kill_worker(first)
        server.answers.set()
        for _ in range(2):
            service.start_worker()
        wait_until(lambda: Reminder.objects.filter(kind="first", sent=True).count() == PEOPLE - 1)
        time.sleep(3)  # the schedule comes round again a few times
        assert server.reached() == everybody()
    made.refresh_from_db()
    assert (made.state, made.opened_by) == ("open", setting.lead)
    [unsure] = Reminder.objects.filter(sent=False)
    assert unsure.invitation.email == unlucky


def test_with_the_broker_down_on_its_day_a_survey_opens_once_it_is_back(setting: Setting, service: Service) -> None:
    service.environment["SITE_ADDRESS"] = "http://testserver/"
    with mail_server() as server:
        service.environment |= server.environment
        service.start_worker()
        service.kill_broker()
        to_open(setting)
        time.sleep(3)
        assert Round.objects.get().state == "draft"
        service.start_broker()
        wait_until(lambda: Reminder.objects.filter(kind="first", sent=True).count() == PEOPLE)
        assert server.reached() == everybody()
