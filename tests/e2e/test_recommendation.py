"""The recommendation in a browser: scored by a real worker while the page watches; read with and without scripts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Organisation, Person
from scoring import tasks
from scoring.actions import request_run
from scoring.models import Explanation, Run, RunState
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]


def test_scored_while_the_page_watches(
    open_browser: Callable[..., Page], sign_in: SignIn, worker: subprocess.Popen[bytes]
) -> None:
    organisation, lead, _ = portfolio(8, days=30)
    page = open_browser()
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/")
    check_page(page)
    page.get_by_role("button", name="Score now").click()
    page.evaluate("document.body.dataset.same = 'page'")
    expect(page.get_by_role("heading", name="Why it says so")).to_be_visible(timeout=90_000)
    assert page.evaluate("document.body.dataset.same") == "page", "the page was reloaded"
    asked = page.evaluate("performance.getEntriesByType('resource').length")
    page.wait_for_timeout(5_000)
    assert page.evaluate("performance.getEntriesByType('resource').length") == asked, "the polling did not stop"
    page.get_by_text("What would change it").first.click()
    expect(page.get_by_role("table", name="Every level compared").first).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_charts_are_drawn_and_stay_here(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int], settings: object
) -> None:
    settings.SCORING_DRAWS = 5  # type: ignore[attr-defined]
    organisation, lead, _ = portfolio(8, days=30)
    run = request_run(organisation=organisation, by=lead)
    tasks.score(run.pk)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/")
    for chart in ("value", "tipping-point"):
        drawing = page.locator(f"#chart-{chart} .chart__drawing")
        expect(drawing.locator(".main-svg").first).to_be_visible()
        assert drawing.locator(".modebar-btn").count() == 0
        assert drawing.locator(".points path").count() > 1
        assert page.evaluate(f"document.querySelector('#chart-{chart} .js-plotly-plot')._context.plotlyServerURL") == ""
    assert page.locator("style[id^='plotly']").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.main-svg')).position") == "absolute"
    page.get_by_text("Show these numbers as a table").first.click()
    expect(page.locator("#chart-value table")).to_be_visible()
    check_page(page)


def test_without_scripts_every_number_is_there(open_browser: Callable[..., Page], settings: object) -> None:
    settings.SCORING_DRAWS = 5  # type: ignore[attr-defined]
    organisation, lead, _ = portfolio(8, days=30)
    page = open_browser(java_script_enabled=False)
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(lead.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"/o/{organisation.code}/")
    page.get_by_role("button", name="Score now").click()
    run = organisation.runs.get()
    expect(page.get_by_role("heading", name="Waiting to be scored")).to_be_visible()
    tasks.score(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    page.get_by_role("link", name="Reload to see how far it is").click()
    expect(page.get_by_role("heading", name="Why it says so")).to_be_visible()
    page.goto(f"/o/{organisation.code}/")
    page.get_by_text("Show these numbers as a table").first.click()
    expect(page.locator("#chart-value table")).to_be_visible()
    expect(page.locator("#chart-value .chart__drawing")).to_be_hidden()
    page.get_by_role("link", name="Alliance 0").click()
    page.wait_for_url(f"**/o/{organisation.code}/partnerships/*-0/")


@pytest.fixture
def three_runs(settings: object) -> tuple[Organisation, Person, list[Run]]:
    """Fewer days in the second, and those back in the third, with one partnership fewer."""
    settings.SCORING_DRAWS = 5  # type: ignore[attr-defined]
    organisation, lead, _ = portfolio(8, days=30)
    runs: list[Run] = []
    for days in (30, 12, 30):
        organisation.capacity_quarters.filter(pool__code="executive").update(days=days)
        if runs and days == 30:
            organisation.participations.filter(partnership__slug__endswith="-7").update(level=None, state="draft")
        run = request_run(organisation=organisation, by=lead)
        tasks.score(run.pk)
        runs.append(run)
    return organisation, lead, runs


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_a_run_is_compared_with_any_earlier_one(
    open_browser: Callable[..., Page],
    sign_in: SignIn,
    worker: subprocess.Popen[bytes],
    three_runs: tuple[Organisation, Person, list[Run]],
    viewport: dict[str, int],
) -> None:
    organisation, lead, (first, _, third) = three_runs
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/runs/{third.pk}/")
    page.get_by_role("link", name="what changed since an earlier run").click()
    expect(page.get_by_text("Because executive days went from 12 to 30 a quarter.").first).to_be_visible(timeout=60_000)
    check_page(page)
    page.get_by_label("Compare with the recommendation of").select_option(str(first.pk))
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url(f"**/changes/?since={first.pk}")
    expect(page.get_by_text("Alliance 7 is no longer active.")).to_be_visible()
    expect(page.get_by_text("No longer active; it was at")).to_be_visible(timeout=60_000)
    assert page.get_by_text("executive days went from").count() == 0
    check_page(page)


def test_without_scripts_a_comparison_is_reloaded(
    open_browser: Callable[..., Page], three_runs: tuple[Organisation, Person, list[Run]]
) -> None:
    organisation, lead, (first, _, third) = three_runs
    page = open_browser(java_script_enabled=False)
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(lead.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"/o/{organisation.code}/runs/{third.pk}/changes/")
    page.get_by_label("Compare with the recommendation of").select_option(str(first.pk))
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Each change is being tried by itself.")).to_be_visible()
    tasks.explain_moves(Explanation.objects.get(before=first, after=third).pk)
    page.get_by_role("link", name="Reload to see the answer").click()
    expect(page.get_by_text("No longer active; it was at")).to_be_visible()
