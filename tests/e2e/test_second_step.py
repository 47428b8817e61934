"""Signing in with a second step, setting it up, and the pages of one's own account, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.authenticator_app import code_before, code_for
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, organisation_with_people


def give_password(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up(page: Page, check: Callable[[Page], None] = lambda page: None) -> tuple[str, str]:
    """From the page of the set-up to the recovery codes; the key, and one of the codes."""
    check(page)
    key = page.locator(".second-step-key code").inner_text()
    page.get_by_label("Code that the app shows").fill("000000")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile("^Error: "))
    check(page)
    page.get_by_label("Code that the app shows").fill(code_before(key))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    check(page)
    return key, page.locator(".recovery-codes code").first.inner_text()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_strategy_lead_sets_it_up_and_signs_in_with_it(
    viewport: dict[str, int], open_browser: Callable[..., Page], settings: Any
) -> None:
    settings.MFA_REQUIRED_FOR = ["strategy_lead"]
    organisation, lead, _ = organisation_with_people()
    page = open_browser(viewport)
    give_password(page, lead.email)
    expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()
    square = page.locator(".second-step-square")
    assert square.evaluate("image => image.complete && image.naturalWidth > 0")
    key, recovery_code = set_up(page, check_page)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(f"**/o/{organisation.code}/")
    page.get_by_role("button", name="Sign out").click()

    give_password(page, lead.email)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    check_page(page)
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title("Error: Enter your code – Collaboration triage")
    check_page(page)
    page.get_by_label("Code", exact=True).fill(code_for(key))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**/o/{organisation.code}/")
    page.get_by_role("button", name="Sign out").click()

    give_password(page, lead.email)
    page.get_by_text("I do not have my phone").click()
    page.get_by_label("Code", exact=True).fill(recovery_code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**/o/{organisation.code}/")


def test_it_works_without_javascript(open_browser: Callable[..., Page], settings: Any) -> None:
    settings.MFA_REQUIRED_FOR = ["strategy_lead"]
    organisation, lead, _ = organisation_with_people()
    page = open_browser(PHONE, java_script_enabled=False)
    give_password(page, lead.email)
    key, _ = set_up(page)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    give_password(page, lead.email)
    page.get_by_label("Code", exact=True).fill(code_for(key))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**/o/{organisation.code}/")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_account_its_sessions_and_its_password(viewport: dict[str, int], open_browser: Callable[..., Page]) -> None:
    _, lead, _ = organisation_with_people()
    elsewhere, page = open_browser(), open_browser(viewport)
    give_password(elsewhere, lead.email)
    give_password(page, lead.email)
    page.get_by_role("link", name=lead.name).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="where you are signed in").click()
    expect(page.get_by_text("this browser")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("You are signed out everywhere else.")).to_be_visible()
    check_page(page)
    elsewhere.goto("/accounts/")
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/accounts/password/change/")
    check_page(page)
    page.get_by_role("button", name="Change password").click()
    expect(page).to_have_title(re.compile("^Error: "))
    check_page(page)


def test_too_many_tries_have_a_page_that_says_when_to_try_again(
    open_browser: Callable[..., Page], complaints: list[str]
) -> None:
    cache.clear()
    _, lead, _ = organisation_with_people()
    page = open_browser(PHONE)
    for _ in range(6):
        page.goto("/accounts/login/")
        page.get_by_label("Email address").fill(lead.email)
        page.get_by_label("Password", exact=True).fill("a guess")
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    expect(page.get_by_text("Try again in 5 minutes.")).to_be_visible()
    check_page(page)
    cache.clear()
    complaints[:] = [one for one in complaints if "429" not in one]
