"""What-ifs while something is broken: the broker, a worker, the site, or another tab. The page says what happened and
what to do, and nothing is lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from partnerships.models import Organisation, Person
from scoring import tasks
from scoring.models import Run, WhatIf, WhatIfState
from tests.e2e.conftest import DESKTOP, PATIENCE, check_page
from tests.e2e.service import Service
from tests.e2e.test_what_if import scored
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)

MOST_DRAWS = 10_000  # an answer that takes some tenths of a second: long enough to be killed in the middle


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 20  # type: ignore[attr-defined]


@pytest.fixture
def service(process_environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    one = Service(dict(process_environment), tmp_path)
    try:
        one.start_broker()
        one.start_site()
        yield one
    finally:
        one.end()


OpenTab = Callable[[Person], Page]


@pytest.fixture
def open_tab(browser: Browser, service: Service) -> Iterator[OpenTab]:
    """A browser of somebody who is signed in; every page opened from its context is another tab."""
    contexts: list[BrowserContext] = []

    def open_one(person: Person) -> Page:
        client = Client()
        client.force_login(person)
        context = browser.new_context(viewport=DESKTOP, base_url=service.address, locale="en-GB")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": service.address}])
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def ask(page: Page, organisation: Organisation, days: str) -> None:
    page.goto(f"/o/{organisation.code}/what-if/")
    press(page, days)


def press(page: Page, days: str) -> None:
    page.get_by_label("Executive days a quarter").fill(days)
    page.get_by_role("button", name="See what happens").click()


def wait_until(what_if: WhatIf, state: WhatIfState, seconds: float = 60) -> WhatIf:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        what_if.refresh_from_db()
        if what_if.state == state:
            return what_if
        time.sleep(0.01)
    raise AssertionError(f"after {seconds} s the what-if is {what_if.state} ({what_if.failure}), not {state}")


@pytest.mark.parametrize("fault", ["kill_broker", "hang_broker"])
def test_asked_while_the_broker_is_gone_it_is_answered_once_it_is_back(
    service: Service, open_tab: OpenTab, fault: str
) -> None:
    organisation, lead, _ = portfolio(6, days=30)
    scored(organisation, lead)
    service.start_worker()
    page = open_tab(lead)
    page.goto(f"/o/{organisation.code}/what-if/")
    getattr(service, fault)()
    started = time.monotonic()
    press(page, "12")
    expect(page.get_by_text("The answer is delayed.")).to_be_visible()
    assert time.monotonic() - started < 12, "the page hangs while the broker is gone"
    check_page(page)
    assert organisation.what_ifs.get().state == WhatIfState.QUEUED
    if fault == "kill_broker":
        service.start_broker()
    else:
        service.wake_broker()
    expect(page.get_by_text("Executive days: 12 a quarter instead of 30")).to_be_visible(timeout=60_000)
    assert organisation.what_ifs.get().attempts == 1


def slow_run(organisation: Organisation, lead: Person) -> Run:
    """A run whose what-ifs take long enough to kill the worker of one."""
    run = scored(organisation, lead)
    run.document = {**run.frozen_inputs(), "draws": MOST_DRAWS}
    run.save(update_fields=["document"])
    return run


def test_a_worker_killed_while_it_answers_is_followed_by_another(service: Service, open_tab: OpenTab) -> None:
    organisation, lead, _ = portfolio(20, days=100)
    slow_run(organisation, lead)
    page = open_tab(lead)
    first = service.start_worker()
    ask(page, organisation, "90")
    expect(page.get_by_text("Working it out.")).to_be_visible()
    what_if = wait_until(organisation.what_ifs.get(), WhatIfState.RUNNING)
    service.kill_worker(first)
    what_if.refresh_from_db()
    assert what_if.state == WhatIfState.RUNNING, "it was answered before the worker was killed"
    service.start_worker()
    expect(page.get_by_text("This takes longer than usual.")).to_be_visible()
    expect(page.get_by_text("Executive days: 90 a quarter instead of 100")).to_be_visible(timeout=60_000)
    what_if.refresh_from_db()
    assert what_if.attempts == 2


def test_a_worker_process_that_dies_alone_is_replaced_within_seconds(service: Service, open_tab: OpenTab) -> None:
    """As where the system takes it for its memory: its parent lives, and the broker brings the what-if again."""
    service.environment["WHAT_IF_TIME_LIMIT"] = "60"
    organisation, lead, _ = portfolio(20, days=100)
    slow_run(organisation, lead)
    worker = service.start_worker()
    page = open_tab(lead)
    ask(page, organisation, "90")
    expect(page.get_by_text("Working it out.")).to_be_visible()
    what_if = wait_until(organisation.what_ifs.get(), WhatIfState.RUNNING)
    service.kill_children(worker)
    expect(page.get_by_text("Executive days: 90 a quarter instead of 100")).to_be_visible(timeout=40_000)
    what_if.refresh_from_db()
    assert what_if.attempts == 2


def test_the_site_gone_while_the_page_waits_and_while_somebody_presses(service: Service, open_tab: OpenTab) -> None:
    organisation, lead, _ = portfolio(6, days=30)
    scored(organisation, lead)
    page = open_tab(lead)
    ask(page, organisation, "12")
    expect(page.get_by_text("Working it out.")).to_be_visible()
    service.kill_site()
    expect(page.get_by_text("The service does not answer at the moment. This page keeps asking")).to_be_visible()
    page.get_by_label("Clinical days a quarter").fill("150")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("That did not reach the service. What you typed is still here")).to_be_visible()
    expect(page.get_by_label("Clinical days a quarter")).to_have_value("150")
    check_page(page)
    service.start_site()
    tasks.answer_what_if(organisation.what_ifs.get().pk)
    expect(page.get_by_text("Executive days: 12 a quarter instead of 30")).to_be_visible()
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("Working it out.")).to_be_visible()
    expect(page.get_by_text("That did not reach the service.")).to_have_count(0)
    tasks.answer_what_if(organisation.what_ifs.latest("pk").pk)
    expect(page.get_by_text("Clinical days: 150 a quarter instead of 200")).to_be_visible()


def test_two_tabs_delete_save_and_sign_out_under_one_another(service: Service, open_tab: OpenTab) -> None:
    organisation, lead, _ = portfolio(6, days=30)
    scored(organisation, lead)
    page = open_tab(lead)
    ask(page, organisation, "12")
    expect(page.get_by_text("Working it out.")).to_be_visible()
    what_if = organisation.what_ifs.get()
    tasks.answer_what_if(what_if.pk)
    expect(page.get_by_text("points of value less")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("textbox", name="Name").fill("A lean quarter")
    other.get_by_role("button", name="Save this what-if").click()
    expect(other.get_by_role("heading", name="A lean quarter", level=1)).to_be_visible()
    expect(other).to_have_title(f"A lean quarter – What if – {organisation.display_name} – Collaboration triage")

    page.get_by_role("textbox", name="Name").fill("Tight")
    page.get_by_role("button", name="Save this what-if").click()
    expect(page.get_by_text("it keeps the name it has, and not “Tight”")).to_be_visible()
    expect(page.get_by_role("heading", name="A lean quarter", level=1)).to_be_visible()
    check_page(page)

    press(other, "13")  # from the page of the saved one: what is tried has no name yet
    expect(
        other.get_by_role("heading", name="What if we had more, less, or other priorities?", level=1)
    ).to_be_visible()
    tasks.answer_what_if(organisation.what_ifs.latest("pk").pk)
    expect(other.get_by_text("Executive days: 13 a quarter instead of 30")).to_be_visible()
    page.get_by_role("button", name="Delete this what-if").click()
    other.go_back()
    expect(other.get_by_role("heading", name="This what-if is not there")).to_be_visible()
    other.goto(f"/o/{organisation.code}/what-if/")
    expect(other.get_by_role("heading", name="What if we had more, less, or other priorities?")).to_be_visible()

    press(other, "15")
    expect(other.get_by_text("Working it out.")).to_be_visible()
    third = page.context.new_page()
    third.goto(f"/o/{organisation.code}/what-if/")
    page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()  # it was looking for its answer
    press(third, "14")
    expect(third).to_have_url(f"{service.address}/accounts/login/?next=/o/{organisation.code}/what-if/")
