"""Signing in through an OpenID provider that runs for real, in a browser: there, back, cancelled, and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from partnerships.sign_in.identity_provider import IdentityProvider, RoleRule
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PersonFactory, organisation_with_people
from tests.openid_provider import CLIENT, SECRET, OpenIDProvider, running

CODE = "RX1"


@pytest.fixture
def provider(settings: Any, complaints: list[str]) -> Iterator[OpenIDProvider]:
    """The way leads to the provider's own address, which is no complaint; neither is a page that refuses."""
    with running() as one:
        one.people = {"ada": {"email": "ada@example.org", "email_verified": True, "groups": ["board"]}}
        settings.PASSWORD_SIGN_IN = False
        settings.OIDC = IdentityProvider(
            "Fernshire ID",
            one.issuer,
            CLIENT,
            SECRET,
            roles_claim="groups",
            rules=(RoleRule("board", organisation=CODE, role="executive"),),
        )
        yield one
        expected = (f"asked for {one.issuer}", "the server responded with a status of 40", f"{one.issuer}/favicon")
        complaints[:] = [said for said in complaints if not any(part in said for part in expected)]


VIEWPORTS = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@VIEWPORTS
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_there_and_back_and_out(
    viewport: dict[str, int], scripts: bool, open_browser: Callable[..., Page], provider: OpenIDProvider
) -> None:
    organisation_with_people(code=CODE)
    look = check_page if scripts else lambda page: None
    page = open_browser(viewport, java_script_enabled=scripts)
    page.goto(f"/o/{CODE}/partnerships/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Sign in with Fernshire ID").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.get_by_role("button", name="ada").click()
    page.wait_for_url(f"**/o/{CODE}/partnerships/")
    page.get_by_role("link", name="ada@example.org").click()
    expect(page.get_by_text("Executive")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    look(page)
    page.get_by_role("link", name="sign out of Fernshire ID as well").click()
    expect(page.get_by_role("heading", name="Signed out of the test provider")).to_be_visible()


@VIEWPORTS
def test_whoever_stops_there_comes_back_to_a_page_that_says_so(
    viewport: dict[str, int], open_browser: Callable[..., Page], provider: OpenIDProvider
) -> None:
    page = open_browser(viewport)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign in with Fernshire ID").click()
    page.get_by_role("button", name="I would rather not").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Go to the sign-in page").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@VIEWPORTS
def test_a_forged_answer_has_a_page(
    viewport: dict[str, int], open_browser: Callable[..., Page], provider: OpenIDProvider
) -> None:
    PersonFactory.create(email="ada@example.org")
    provider.lies = lambda claims: {**claims, "nonce": "another"}
    page = open_browser(viewport)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign in with Fernshire ID").click()
    page.get_by_role("button", name="ada").click()
    expect(page.get_by_role("heading", name="We could not trust the answer")).to_be_visible()
    check_page(page)
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
