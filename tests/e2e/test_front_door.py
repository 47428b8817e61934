"""The start page and sign-in, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, organisation_with_people


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_start_page_and_sign_in(
    viewport: dict[str, int], open_browser: Callable[..., Page], visit: Callable[[Page, str], None]
) -> None:
    _, lead, _ = organisation_with_people()
    page = open_browser(viewport)
    visit(page, "/")
    page.get_by_role("link", name="Sign in").click()
    check_page(page)
    page.get_by_label("Email address").fill(lead.email)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title("Error: Sign in – Collaboration triage")
    check_page(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_nhs_font_is_not_asked_for_while_our_own_styles_are_still_on_their_way(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    asked: list[str] = []
    held: list[Route] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.route("**/static/css/*", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    page.wait_for_timeout(500)  # the design system's own styles come; somebody measures the page meanwhile
    assert page.evaluate("document.documentElement.offsetHeight") >= 0
    page.wait_for_timeout(500)
    assert held
    for sheet in held:
        sheet.continue_()
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if "fonts" in address]
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("arial")
