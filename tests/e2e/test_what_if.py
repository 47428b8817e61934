"""A what-if in a browser: answered by a real worker while the page stays, saved, compared and adopted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Role
from scoring import tasks
from scoring.actions import request_run, save_what_if, try_what_if
from scoring.models import Run, RunState
from scoring.what_if import Days, Held
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, in_role
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 20  # type: ignore[attr-defined]


def scored(organisation: object, lead: object) -> Run:
    run = request_run(organisation=organisation, by=lead)  # type: ignore[arg-type]
    tasks.score(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.failure
    return run


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_tried_saved_and_adopted_while_the_page_stays(
    open_browser: Callable[..., Page],
    sign_in: SignIn,
    worker: subprocess.Popen[bytes],
    viewport: dict[str, int],
) -> None:
    organisation, lead, _ = portfolio(8, days=30)
    scored(organisation, lead)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/")
    page.get_by_role("link", name="What if?").click()
    check_page(page)
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_label("Executive days a quarter").fill("many")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_role("link", name="Enter the executive days a quarter as a number")).to_be_visible()
    expect(page).to_have_title("Error: What if – " + organisation.display_name + " – Collaboration triage")
    expect(page.get_by_label("Executive days a quarter")).to_have_value("many")
    check_page(page)

    page.get_by_label("Executive days a quarter").fill("12")
    page.get_by_text("Levels and duties of partnerships").click()
    page.get_by_label("Alliance 7").select_option("Hold at “Keep in touch”")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("points of value less")).to_be_visible()
    expect(page.get_by_text("Executive days: 12 a quarter instead of 30")).to_be_visible()
    expect(page.get_by_text("There is a problem")).to_have_count(0)
    assert "/what-if/" in page.url
    assert page.evaluate("document.body.dataset.same") == "page", "the page was reloaded"
    asked = page.evaluate("performance.getEntriesByType('resource').length")
    page.wait_for_timeout(3_000)
    assert page.evaluate("performance.getEntriesByType('resource').length") == asked, "the polling did not stop"
    check_page(page)

    page.get_by_label("Clinical days a quarter").fill("150")  # typed, not tried yet
    page.get_by_role("textbox", name="Name").fill("A lean quarter")
    page.get_by_role("button", name="Save this what-if").click()
    expect(page.get_by_text("Saved as “A lean quarter”")).to_be_visible()
    expect(page.get_by_role("heading", name="A lean quarter", level=1)).to_be_visible()
    expect(page.locator("#saved-what-ifs").get_by_role("link", name="A lean quarter")).to_be_visible()
    expect(page.get_by_label("Clinical days a quarter")).to_have_value("150")
    check_page(page)
    page.reload()
    expect(page.get_by_role("heading", name="A lean quarter")).to_be_visible()

    page.get_by_role("link", name="Adopt this what-if").click()
    expect(page.get_by_text("A level is not something you enter")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Adopt and score again").click()
    expect(page.get_by_text("Adopted “A lean quarter”.")).to_be_visible()
    assert organisation.capacity_quarters.get(pool__code="executive").days == 12


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_two_side_by_side(open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]) -> None:
    organisation, lead, _ = portfolio(8, days=30)
    run = scored(organisation, lead)
    for name, lever in (
        ("A lean quarter", Days("executive", 12)),
        ("Without the first", Held(f"{organisation.code.lower()}-0", "decline")),
    ):
        what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[lever])
        tasks.answer_what_if(what_if.pk)
        save_what_if(what_if=what_if, by=lead, name=name)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/what-if/")
    page.get_by_label("First what-if").select_option("A lean quarter")
    page.get_by_label("Second what-if").select_option("Without the first")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("table", name="Partnerships that move")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_who_may_not_decide_reads_what_was_saved_and_is_offered_no_levers(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    organisation, lead, _ = portfolio(4, days=30)
    reader, run = in_role(organisation, Role.READER), scored(organisation, lead)
    page = open_browser(viewport)
    sign_in(page, reader.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/what-if/")
    expect(page.get_by_text("None yet.")).to_be_visible()
    check_page(page)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 12)])
    tasks.answer_what_if(what_if.pk)
    save_what_if(what_if=what_if, by=lead, name="A lean quarter")
    page.reload()
    for told in ("An executive or a strategy lead tries out what would happen.", "A lean quarter"):
        expect(page.get_by_text(told)).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="A lean quarter").click()
    expect(page.get_by_text("Executive days: 12 a quarter instead of 30")).to_be_visible()
    expect(page.locator("form[method=post]:not([action*=logout])")).to_have_count(0)
    check_page(page)


def test_without_scripts(open_browser: Callable[..., Page], sign_in: SignIn) -> None:
    organisation, lead, _ = portfolio(4, days=30)
    scored(organisation, lead)
    page = open_browser(java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/what-if/")
    page.get_by_label("Executive days a quarter").fill("12")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("Reload to see the answer")).to_be_visible()
    tasks.answer_what_if(organisation.what_ifs.get().pk)
    page.get_by_role("link", name="Reload to see the answer").click()
    expect(page.get_by_text("points of value less")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("A lean quarter")
    page.get_by_role("button", name="Save this what-if").click()
    expect(page.get_by_text("Saved as “A lean quarter”.")).to_be_visible()
    expect(page.get_by_label("Executive days a quarter")).to_have_value("12")
