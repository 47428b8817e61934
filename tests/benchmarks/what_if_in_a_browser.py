"""How long somebody waits for a what-if of 60 partnerships: from the click to the answer on the page, in Chromium.

`what-if-in-the-browser`: seconds, the median of several what-ifs that nobody has tried before, each with other days and
the full thousand draws, through the web server, the broker, a worker process and PostgreSQL; against one second.
`what-if-slowest`: the slowest of them, against two seconds. The organisation is one of the synthetic England's, cut to
60 partnerships.
"""

from __future__ import annotations

import os
import statistics
import time

from django.conf import settings
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from partnerships.models import Organisation, ParticipationState, Person, Role
from scoring.actions import request_run
from scoring.models import RunState
from tests.benchmarks import report
from tests.benchmarks._night import england, workers
from tests.benchmarks._web import web_server
from tests.e2e.chromium import chromium_path

QUICK = True
ORGANISATIONS, PARTNERSHIPS, TRIES = 24, 60, 15
SECONDS_TO_START = 60

CLICK_AND_WAIT = """words => new Promise(done => {
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    const answer = document.querySelector('#what-if-answer');
    if (!answer.querySelector('.what-if__sentence') || !answer.innerText.includes(words)) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  }).observe(document.body, {childList: true, subtree: true});
  document.querySelector('.what-if__levers button[type=submit]').click();
})"""


def main() -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with england(ORGANISATIONS), workers(1), web_server() as address, sync_playwright() as playwright:
        organisation, lead = of_sixty()
        score(organisation, lead)
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        page = signed_in(chromium.new_context(base_url=address).new_page(), lead, address)
        page.goto(f"/o/{organisation.code}/what-if/")
        times = [seconds_of_a_try(page, number) for number in range(TRIES + 1)][1:]  # the first one warms the server
        chromium.close()
    report("what-if-in-the-browser", measured=statistics.median(times), reference=1.0, at_most=1.0)
    report("what-if-slowest", measured=max(times), reference=2.0, at_most=1.0)


def of_sixty() -> tuple[Organisation, Person]:
    """The organisation with the fewest partnerships of those with 60 or more; those over are ended."""
    counted = Organisation.objects.annotate(size=Count("participations")).filter(size__gte=PARTNERSHIPS)
    organisation = counted.order_by("size", "pk")[0]
    over = organisation.participations.order_by("pk").values_list("pk", flat=True)[PARTNERSHIPS:]
    organisation.participations.filter(pk__in=list(over)).update(
        state=ParticipationState.ENDED, started_on=None, ended_on=timezone.localdate()
    )
    grant = organisation.access_grants.select_related("person").filter(role=Role.STRATEGY_LEAD)[0]
    assert organisation.participations.active().count() == PARTNERSHIPS
    return organisation, grant.person


def score(organisation: Organisation, lead: Person) -> None:
    run = request_run(organisation=organisation, by=lead)
    deadline = time.monotonic() + SECONDS_TO_START
    while run.state != RunState.DONE:
        assert time.monotonic() < deadline, f"the run is {run.state}: {run.failure}"
        time.sleep(0.1)
        run.refresh_from_db(fields=["state", "failure"])


def signed_in(page: Page, lead: Person, address: str) -> Page:
    client = Client()
    client.force_login(lead)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return page


def seconds_of_a_try(page: Page, number: int) -> float:
    """From the click to the answer on the page, for days that nobody has tried yet."""
    box = page.locator("input[name^=days-]").first
    days = f"{20 + number}.25"
    box.fill(days)
    milliseconds: float = page.evaluate(CLICK_AND_WAIT, f": {days} a quarter instead of")
    return milliseconds / 1000
