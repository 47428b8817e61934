"""With the broker unreachable the site stays up, says that scoring is delayed, and loses no request."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scoring.models import RunState, RunTrigger
from tests.factories import PASSWORD
from tests.integration.scoring.conftest import StartWorker, wait_for
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
NOBODY_LISTENS = "redis://127.0.0.1:1/0"

# A web process of its own, so that its connections to the broker are its own too.
SITE = """
import json, sys
import django
django.setup()
from django.test import Client
from partnerships.models import Person
from partnerships.signals import announce_change
from partnerships.models import Organisation

code, email, password = sys.argv[1:]
lead = Person.objects.get(email=email)
lead.set_password(password)  # hashed as in production, which the tests do not
lead.save()
client = Client()
client.post("/accounts/login/", {"login": email, "password": password})
organisation = Organisation.objects.get(code=code)
pressed = client.post(f"/o/{code}/")
announce_change(organisation=organisation, by=None)
run = client.get(pressed["Location"])
dashboard = client.get(f"/o/{code}/")
print(json.dumps({
    "pressed": pressed.status_code,
    "pages": [run.status_code, dashboard.status_code],
    "delayed": [b"Scoring is delayed." in page.content for page in (run, dashboard)],
}))
"""


def test_a_request_made_while_the_broker_is_down_is_scored_when_it_is_back(
    process_environment: dict[str, str], start_worker: StartWorker
) -> None:
    organisation, lead, _ = portfolio(3)
    started = time.monotonic()
    site = subprocess.run(
        [sys.executable, "-c", SITE, organisation.code, lead.email, PASSWORD],
        cwd=ROOT,
        env=process_environment
        | {"REDIS_URL": NOBODY_LISTENS, "ALLOWED_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert site.returncode == 0, site.stderr
    assert time.monotonic() - started < 30, "pages hang while the broker is down"
    said = json.loads(site.stdout.splitlines()[-1])
    assert said == {"pressed": 302, "pages": [200, 200], "delayed": [True, True]}
    run = organisation.runs.get()
    assert (run.state, run.trigger, run.sent_at) == (RunState.QUEUED, RunTrigger.BUTTON, None)

    start_worker(
        schedule=True, SCORING_DRAWS="4", SCORING_REQUEUE_AFTER_SECONDS="1", SCORING_RECONCILE_EVERY_SECONDS="1"
    )
    wait_for(run, RunState.DONE)
    assert run.sent_at is not None
