"""Surveys of several partnerships, started and opened together: on a phone, from the keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from diagnostics.models import Invitation, Round
from partnerships.models import AccessGrant, Person, Role
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
NAMES = ("Westmere Frailty Alliance", "Westmere Stroke Network")


@pytest.fixture
def lead_and_code() -> tuple[Person, str]:
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    for name in NAMES:
        active_participation(organisation, partnership=PartnershipFactory.create(name=name, recorded_by=organisation))
    return lead, organisation.code


def lines(*names: str) -> str:
    return "\n".join(f"{name}\tPerson {one}\tperson{one}@partner.example\tWye" for name in names for one in range(6))


@pytest.mark.parametrize(
    ("viewport", "scripts"), [(PHONE, True), (PHONE, False), (DESKTOP, True)], ids=["phone", "phone-plain", "desktop"]
)
def test_one_list_starts_two_surveys_that_are_opened_together_and_followed(
    viewport: dict[str, int],
    scripts: bool,
    lead_and_code: tuple[Person, str],
    open_browser: Open,
    sign_in: SignIn,
) -> None:
    lead, code = lead_and_code
    look = check_page if scripts else (lambda page: None)  # axe is a script itself
    page = open_browser(viewport, java_script_enabled=scripts)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{code}/surveys/start/")
    look(page)
    page.get_by_role("link", name="Start several surveys at once").click()
    look(page)
    page.get_by_role("link", name="Start from a spreadsheet or a pasted list").click()
    page.get_by_label("Paste the list").fill(lines(*NAMES) + "\nNo such board\tAda\tada@partner.example")
    page.get_by_role("button", name="Save and check the surveys").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 13: “No such board” is none of your partnerships.")
    look(page)
    page.get_by_label("Paste the list").fill(lines(*NAMES))
    page.get_by_role("button", name="Save and check the surveys").click()
    expect(page.get_by_text("2 surveys are ready.")).to_be_visible()
    look(page)
    page.get_by_label("I hand them out").check()
    page.get_by_role("button", name="Open the surveys").click()
    expect(page.locator(".survey-link")).to_have_count(12)
    look(page)
    page.get_by_role("link", name="I have the links: go to the surveys").click()
    first = Round.objects.order_by("pk")[0]
    Invitation.objects.filter(pk=first.invitations.all()[0].pk).update(email_failed_on=first.opens_on)
    page.goto(f"/o/{code}/surveys/{first.pk}/")
    expect(page.get_by_text("1 address could not be reached")).to_be_visible()
    expect(page.get_by_text("Who has taken part, by organisation")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Change the reminders").click()
    page.get_by_label("Halfway to the last day").check()
    look(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The reminders are changed.")).to_be_visible()
    page.get_by_role("link", name="Correct the address").click()
    look(page)
    page.get_by_label("Email address").fill("corrected@partner.example")
    page.get_by_role("button", name="Save and send the link").click()
    expect(page.get_by_text("A link is on its way to corrected@partner.example.")).to_be_visible()


def press_until(page: Page, name: str) -> None:
    """Tab to whatever has this name, and show that it is reached."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()") == name:
            return
    raise AssertionError(f"“{name}” is not reached with the tabulator key")


def test_partnerships_are_chosen_and_people_ticked_from_the_keyboard(
    lead_and_code: tuple[Person, str], open_browser: Open, visit: Visit, sign_in: SignIn
) -> None:
    lead, code = lead_and_code
    page = open_browser(DESKTOP)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{code}/surveys/start/several/")
    for name in NAMES:
        press_until(page, name)
        page.keyboard.press("Space")
    press_until(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who to ask about Westmere Stroke Network")).to_be_visible()
    check_page(page)
    visit(page, f"/o/{code}/surveys/start/")
    press_until(page, "Add people you know already")
    page.keyboard.press("Enter")
    press_until(page, "Westmere Community Trust, Executive")
    page.keyboard.press("Space")
    check_page(page)
    press_until(page, "Add the ticked people to the list")
    page.keyboard.press("Enter")
    executive = AccessGrant.objects.get(organisation__code=code, role=Role.EXECUTIVE).person
    line = f"{executive.name}, {executive.email}, Westmere Community Trust, Executive"
    expect(page.get_by_label("Who to ask")).to_have_value(line)
