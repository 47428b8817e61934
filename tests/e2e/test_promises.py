"""Promises and reviews in a browser: by keyboard, on a phone, and without scripts."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from decisions.actions import begin_meeting, end_meeting
from decisions.models import Promise, PromiseState, Review
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD
from tests.integration.decisions.scored import decided, score, scored_portfolio
from tests.integration.decisions.test_promises import closed, overdue, promise_in

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_promise_is_recorded_moved_and_kept_by_keyboard(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    organisation, _, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    page = open_browser(viewport)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decisions/{one.partnership.slug}/")
    page.get_by_role("link", name="Record a promise").press("Enter")
    check_page(page)
    page.get_by_role("button", name="Record the promise").press("Enter")
    page.get_by_role("link", name="Enter what is promised.").press("Enter")
    check_page(page)
    page.get_by_role("textbox", name="What is promised").fill("Send the council our bed plan")
    page.get_by_role("button", name="Record the promise").press("Enter")
    expect(page.get_by_text("On record: due on")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Send the council our bed plan").press("Enter")
    check_page(page)
    page.locator("summary", has_text="Move its day").press("Enter")
    moved = timezone.localdate() + datetime.timedelta(days=200)
    group = page.get_by_role("group", name="When it is due now")
    for part in ("day", "month", "year"):
        group.get_by_label(part.capitalize()).fill(str(getattr(moved, part)))
    page.get_by_role("button", name="Move the day").press("Enter")
    expect(page.get_by_role("link", name="Enter why the day moves.")).to_be_visible()
    check_page(page)
    page.get_by_role("textbox", name="Why the day moves").fill("The council asked for it")
    page.get_by_role("button", name="Move the day").press("Enter")
    expect(page.get_by_text("The day has moved.")).to_be_visible()

    page.get_by_role("radio", name="It was kept").press("Space")
    page.get_by_role("textbox", name="By what one can tell").fill("Minutes of 3 March")
    page.get_by_role("button", name="Close the promise").press("Enter")
    expect(page.get_by_text("Closed. It stays on record.")).to_be_visible()
    check_page(page)
    promise = Promise.objects.get()
    assert (promise.state, promise.due_on) == (PromiseState.KEPT, moved)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_lists_and_the_year_with_everything_in_them(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    organisation, lead, executive = scored_portfolio()
    one, two, *_ = organisation.participations.select_related("partnership").order_by("pk")
    meeting = begin_meeting(
        organisation=organisation, by=executive, name="Executive team", held_on=timezone.localdate(), agenda=[one]
    )
    decided(one, executive, decided_by=None, decided_in="Executive team", meeting=meeting)
    end_meeting(meeting=meeting, by=executive)
    decided(two, executive, level_code=organisation.engagement_levels.get(position=0).code, reason="Not now")
    overdue(promise_in(two, lead, what="Late"))
    promise_in(two, lead, what="Soon", due_on=timezone.localdate())
    closed(promise_in(two, lead, what="Not kept"), lead, PromiseState.NOT_KEPT)
    score(organisation, lead)
    page = open_browser(viewport)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decisions/")
    check_page(page)
    page.get_by_role("link", name="All promises, and who sees to them").press("Enter")
    check_page(page)
    page.get_by_role("link", name="Only mine").press("Enter")
    check_page(page)
    page.goto(f"/o/{organisation.code}/decisions/")
    page.get_by_role("link", name="Executive team").press("Enter")
    expect(page.get_by_text("Decided about 1 of 1 on the agenda.")).to_be_visible()
    check_page(page)
    page.goto(f"/o/{organisation.code}/decisions/")
    page.get_by_role("link", name="Our year").press("Enter")
    expect(page.locator("#chart-total-value .main-svg").first).to_be_visible()
    check_page(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    expect(page.get_by_role("heading", name="Whether total value rose")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_review_without_scripts(open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]) -> None:
    organisation, lead, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership").order_by("pk")[0]
    decided(one, executive)
    one.days_needed.update(low=40, likely=40, high=40)
    score(organisation, lead)
    page = open_browser(viewport, java_script_enabled=False)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decisions/{one.partnership.slug}/")
    page.get_by_role("link", name="What has changed since, and record a review").click()
    expect(page.get_by_text("The days of Alliance 0 changed.")).to_be_visible()
    page.get_by_role("textbox", name="What you found").fill("It asks for more than it did")
    page.get_by_role("radio", name="It has to be decided again").check()
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("It stays due until it is decided again")).to_be_visible()
    assert Review.objects.get().wants_a_decision


def test_the_page_of_a_review_is_whole(open_browser: Callable[..., Page], sign_in: SignIn) -> None:
    organisation, _, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership").order_by("pk")[0]
    decided(one, executive)
    for viewport in (DESKTOP, PHONE):
        page = open_browser(viewport)
        sign_in(page, executive.email, PASSWORD)
        page.goto(f"/o/{organisation.code}/decisions/{one.partnership.slug}/review/")
        check_page(page)
        page.get_by_role("button", name="Record the review").press("Enter")
        expect(page.get_by_role("link", name="Enter what you found.")).to_be_visible()
        check_page(page)
