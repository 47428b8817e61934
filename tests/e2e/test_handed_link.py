"""A link that was handed out, from the page that shows it to its person's phone, and to whoever kept it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from diagnostics.models import Round
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_answer, the_response
from tests.integration.diagnostics.survey_data import draft

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]


@pytest.fixture
def links(open_browser: Open, visit: Visit, sign_in: SignIn) -> list[str]:
    """As they are shown to the lead who opens a survey, from the keyboard alone."""
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    partnership = PartnershipFactory.create(name="Westmere Frailty Alliance", recorded_by=organisation)
    made = draft(active_participation(organisation, partnership=partnership), lead)
    page = open_browser(DESKTOP)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/surveys/{made.pk}/")
    page.get_by_label("hand them out").check()
    page.get_by_role("button", name="Open the survey").press("Enter")
    expect(page.get_by_role("heading", name="Personal links")).to_be_visible()
    check_page(page)
    assert Round.objects.get().state == "open"
    return page.locator(".survey-link").all_inner_texts()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_its_person_begins_with_it_on_a_phone_and_whoever_kept_it_reads_nothing(
    script: bool, links: list[str], open_browser: Open, complaints: list[str]
) -> None:
    def look(page: Page) -> None:
        if script:
            check_page(page)

    page = open_browser(PHONE, java_script_enabled=script)
    page.goto(links[0])
    assert page.url != links[0]
    look(page)
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_role("link", name="Choose where you work.")).to_be_visible()
    look(page)
    page.get_by_label("At the front line").check()
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_text("Page 2 of 11")).to_be_visible()
    page.locator("summary", has_text="Go on later").click()
    own = page.locator(".survey-link").inner_text()
    look(page)
    page.locator("#PUR1").get_by_label("Agree", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    keeper = open_browser(PHONE, java_script_enabled=script)
    keeper.goto(links[0])
    expect(keeper.get_by_role("heading", name="This link has been used")).to_be_visible()
    look(keeper)
    assert all("410 (Gone)" in one for one in complaints)
    complaints.clear()
    page.goto(links[0])
    expect(page.get_by_role("link", name="Carry on")).to_be_visible()
    elsewhere = open_browser(PHONE, java_script_enabled=script)
    elsewhere.goto(own)
    expect(elsewhere.locator("#PUR1").get_by_label("Agree", exact=True)).to_be_checked()
    assert (the_response().place, len(every_answer())) == ("front_line", 1)


def test_pressed_twice_before_the_answer_comes_it_leads_on(links: list[str], open_browser: Open) -> None:
    page = open_browser(PHONE)
    page.goto(links[1])
    page.get_by_label("At the front line").check()
    page.get_by_role("button", name="Start").dblclick()
    expect(page.get_by_text("Page 2 of 11")).to_be_visible()
    assert the_response().submitted_on is None
