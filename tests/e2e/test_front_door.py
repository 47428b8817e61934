"""The start page and sign-in, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
