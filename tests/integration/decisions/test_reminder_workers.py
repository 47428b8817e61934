"""Reminders of promises through real workers, a real broker and a real mail server, which die in the middle of it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from decisions.models import DueReminder, Promise
from partnerships.models import Organisation, Role
from tests.e2e.service import Service
from tests.factories import in_role
from tests.integration.decisions.test_promises import promise_in
from tests.integration.diagnostics.mail_server import mail_server, port_where_nobody_listens
from tests.integration.diagnostics.test_reminder_workers import wait_until
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)
OWNERS = 6


@pytest.fixture
def service(process_environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    often = {"REMIND_EVERY_SECONDS": "1", "REMINDERS_AT_ANY_TIME": "true", "EMAIL_TIMEOUT": "30"}
    one = Service(dict(process_environment) | often, tmp_path)
    try:
        one.start_broker()
        yield one
    finally:
        one.end()


def due() -> tuple[Organisation, list[str]]:
    """Promises that are overdue, each of somebody else; the addresses of these."""
    organisation, lead, _ = portfolio()
    one = organisation.participations.order_by("pk")[0]
    owners = [in_role(organisation, Role.READER) for _ in range(OWNERS)]
    for owner in owners:
        promise_in(one, lead, owner=owner, what=f"For {owner.email}")
    day = timezone.localdate() - datetime.timedelta(days=2)
    Promise.objects.update(made_on=day, due_on=day)
    return organisation, sorted(owner.email for owner in owners)


def test_a_worker_killed_in_the_middle_of_a_letter_is_followed_by_two_that_do_not_send_it_again(
    service: Service,
) -> None:
    _, addresses = due()
    with mail_server() as server:
        unlucky = addresses[2]
        server.silent_at.add(unlucky)
        service.environment |= server.environment
        first = service.start_worker()
        assert server.taking.wait(90)
        service.kill_worker(first)
        server.answers.set()
        for _ in range(2):
            service.start_worker()
        wait_until(lambda: DueReminder.objects.filter(sent=True).count() == OWNERS - 1)
        time.sleep(3)  # the schedule comes round again a few times
        assert server.reached() == addresses
    [unsure] = DueReminder.objects.filter(sent=False)
    assert unsure.to.email == unlucky


def test_with_broker_and_mail_server_down_all_is_sent_once_they_are_back(service: Service) -> None:
    port = port_where_nobody_listens()
    service.environment |= {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
    }
    service.log = service.folder / "worker.log"
    _, addresses = due()
    service.start_worker()
    wait_until(lambda: "due_reminders_stopped" in service.folder.joinpath("worker.log").read_text())
    assert not DueReminder.objects.exists()
    service.kill_broker()
    with mail_server(port) as server:
        time.sleep(2)
        service.start_broker()
        wait_until(lambda: DueReminder.objects.filter(sent=True).count() == OWNERS)
        assert server.reached() == addresses
