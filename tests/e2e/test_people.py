"""People and invitations, on a phone and on a desk, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from partnerships.models import AccessGrant, Organisation, Person, Role
from partnerships.people import roles_in_force
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, active_participation, in_role, organisation_with_people

Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
NEW = "kim.fox@example.org"
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def administrator(transactional_db: None) -> Person:
    organisation, _, executive = organisation_with_people(name="Fernshire Hospitals")
    Person.objects.filter(pk=executive.pk).update(name="Maureen Okafor")
    return in_role(organisation, Role.ADMINISTRATOR)


@pytest.fixture
def organisation(administrator: Person) -> Organisation:
    return administrator.access_grants.get().organisation


def reach(page: Page, target: Locator) -> None:
    """Go to it as somebody does who has no mouse: with the tabulator from where they are."""
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached with the keyboard")


def forget(complaints: list[str], status: str) -> None:
    """The browser complains of a page that answers so; once is what the test asked for."""
    assert [status in said for said in complaints] == [True], complaints
    complaints.clear()


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    reach(page, target)
    page.keyboard.press(key)


def fill(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.type(text)


@both_screens
def test_somebody_is_invited_by_mail_and_accepts(
    viewport: dict[str, int],
    organisation: Organisation,
    administrator: Person,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
    settings: Any,
    complaints: list[str],
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = open_browser(viewport)
    sign_in(page, administrator.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/people/")
    press(page, page.get_by_role("link", name="Invite somebody"))
    expect(page.get_by_role("heading", name="Invite somebody")).to_be_visible()
    press(page, page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_role("link", name="Choose at least one role.")).to_be_visible()
    check_page(page)
    fill(page, page.get_by_label("Email address"), NEW)
    press(page, page.get_by_role("checkbox", name="Contributor"), "Space")
    fill(page, page.get_by_role("textbox", name="Day"), "31")
    fill(page, page.get_by_role("textbox", name="Month"), "3")
    fill(page, page.get_by_role("textbox", name="Year"), "2090")
    press(page, page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_text(f"The invitation is on its way to {NEW}.")).to_be_visible()
    expect(
        page.get_by_role("table", name="Invited, not answered yet").get_by_text("until 31 March 2090")
    ).to_be_visible()
    check_page(page)

    found = re.search(r"http://\S+?(/invitations/\S+?/)", str(mail.outbox[0].body))
    assert found
    theirs = open_browser(viewport)
    theirs.goto(found[1])
    expect(theirs).to_have_url(re.compile("/invitations/$"))
    expect(theirs.get_by_role("heading", name="Your invitation to Fernshire Hospitals")).to_be_visible()
    check_page(theirs)
    press(theirs, theirs.get_by_role("button", name="Accept the invitation"))
    expect(theirs.get_by_role("link", name="Enter your name.")).to_be_visible()
    check_page(theirs)
    fill(theirs, theirs.get_by_label("Your name"), "Kim Fox")
    fill(theirs, theirs.get_by_label("Password", exact=True), "three-random-words")
    press(theirs, theirs.get_by_role("button", name="Accept the invitation"))
    expect(theirs.get_by_text("Welcome. At Fernshire Hospitals you are contributor.")).to_be_visible()
    check_page(theirs)
    assert list(roles_in_force(organisation, Person.objects.get(email=NEW))) == [Role.CONTRIBUTOR]

    late = open_browser(viewport)
    late.goto(found[1])
    expect(late.get_by_role("heading", name="This invitation has been used")).to_be_visible()
    check_page(late)
    forget(complaints, "410")


@both_screens
def test_roles_are_changed_and_somebody_leaves_while_signed_in(
    viewport: dict[str, int],
    organisation: Organisation,
    administrator: Person,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
    complaints: list[str],
) -> None:
    leaver = in_role(organisation, Role.EXECUTIVE)
    active_participation(organisation, lead=leaver.name)
    theirs = open_browser(viewport)
    sign_in(theirs, leaver.email, PASSWORD)
    visit(theirs, f"/o/{organisation.code}/capacity/")

    page = open_browser(viewport)
    sign_in(page, administrator.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/people/")
    press(page, page.get_by_role("link", name=f"Change roles of {leaver.name}, executive"))
    expect(page.get_by_role("heading", name=f"What may {leaver.name} do?")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("checkbox", name="Reader", exact=True), "Space")
    last_day = page.get_by_role("group", name="Last day as reader (optional)")
    fill(page, last_day.get_by_label("Day"), "1")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("link", name="Enter the day, the month and the year")).to_be_visible()
    check_page(page)
    fill(page, last_day.get_by_label("Month"), "4")
    fill(page, last_day.get_by_label("Year"), "2090")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text(f"{leaver.name}’s access has changed, from their next click.")).to_be_visible()
    expect(page.get_by_text("Until 1 April 2090")).to_be_visible()

    press(page, page.get_by_role("link", name=f"Remove {leaver.name}, executive"))
    expect(page.get_by_text("One partnership names")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("button", name=f"Remove {leaver.name}"))
    expect(page.get_by_role("link", name="Choose who takes them over, or that the name stays for now.")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("radio").first, "Space")
    press(page, page.get_by_role("button", name=f"Remove {leaver.name}"))
    expect(page.get_by_text(f"{leaver.name} no longer has access.")).to_be_visible()
    check_page(page)

    theirs.get_by_role("link", name="Recommendation").first.click()
    expect(theirs.get_by_role("heading", name="Your access to Fernshire Hospitals has ended")).to_be_visible()
    check_page(theirs)
    forget(complaints, "403")


@both_screens
def test_what_each_role_may_do_is_one_click_away_for_everybody(
    viewport: dict[str, int],
    organisation: Organisation,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    reader = in_role(organisation, Role.READER)
    page = open_browser(viewport)
    sign_in(page, reader.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/partnerships/")
    press(page, page.get_by_role("link", name="Your roles here: Reader"))
    expect(page.get_by_role("heading", name="What each role may do")).to_be_visible()
    check_page(page)


@both_screens
def test_somebody_of_two_organisations_is_offered_the_switch(
    viewport: dict[str, int],
    organisation: Organisation,
    administrator: Person,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    other, _, _ = organisation_with_people(name="Thornwick General")
    AccessGrant.objects.create(organisation=other, person=administrator, role=Role.READER)
    page = open_browser(viewport, java_script_enabled=False)
    sign_in(page, administrator.email, PASSWORD)
    expect(page.get_by_role("heading", name="Your organisations")).to_be_visible()
    press(page, page.get_by_role("button", name="Fernshire Hospitals"))
    page.wait_for_url(f"**/o/{organisation.code}/")
    page.goto(f"/o/{other.code}/capacity/?quarter=2026-10-01")
    expect(page.get_by_role("heading", name="Switch to Thornwick General?")).to_be_visible()
    press(page, page.get_by_role("button", name="Switch and open the page"))
    page.wait_for_url(f"**/o/{other.code}/capacity/?quarter=2026-10-01")

    scripted = open_browser(viewport)
    sign_in(scripted, administrator.email, PASSWORD)
    check_page(scripted)
    scripted.get_by_role("button", name="Fernshire Hospitals").click()
    scripted.wait_for_url(f"**/o/{organisation.code}/")
    check_page(scripted)
    visit(scripted, f"/o/{other.code}/capacity/")
    expect(scripted.get_by_role("heading", name="Switch to Thornwick General?")).to_be_visible()
    press(scripted, scripted.get_by_role("link", name="Stay with Fernshire Hospitals"))
    scripted.wait_for_url(f"**/o/{organisation.code}/")


def test_a_link_to_hand_over_is_shown_where_no_mail_goes(
    organisation: Organisation,
    administrator: Person,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
    settings: Any,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    for viewport in (PHONE, DESKTOP):
        page = open_browser(viewport)
        sign_in(page, administrator.email, PASSWORD)
        visit(page, f"/o/{organisation.code}/people/invite/")
        fill(page, page.get_by_label("Email address"), f"kim{viewport['width']}@example.org")
        press(page, page.get_by_role("checkbox", name="Reader", exact=True), "Space")
        press(page, page.get_by_role("button", name="Make the invitation"))
        expect(page.get_by_role("heading", name="A link to hand over")).to_be_visible()
        check_page(page)
