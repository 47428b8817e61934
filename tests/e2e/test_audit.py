"""Who did what, on a phone and on a desk, with the keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import CapacityPool, Organisation, Participation, Person, Role
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import fill, press, reach
from tests.factories import PASSWORD, active_participation, in_role, organisation_with_people

Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def administrator(transactional_db: None) -> Person:
    organisation, _, _ = organisation_with_people(name="Fernshire Hospitals")
    participation = active_participation(organisation)
    participation.purpose = "To plan together, and to say no together"
    participation.save()
    for number in range(60):
        CapacityPool.objects.create(organisation=organisation, code=f"p{number}", name=f"Pool {number}")
    person = in_role(organisation, Role.ADMINISTRATOR)
    Person.objects.filter(pk=person.pk).update(name="Hilary Onslow")
    return person


@pytest.fixture
def organisation(administrator: Person) -> Organisation:
    return administrator.access_grants.get().organisation


@pytest.fixture
def participation(organisation: Organisation) -> Participation:
    return organisation.participations.select_related("partnership").get()


@both_screens
def test_an_administrator_finds_who_changed_a_partnership(
    viewport: dict[str, int],
    administrator: Person,
    participation: Participation,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation = participation.organisation
    page = open_browser(viewport)
    sign_in(page, administrator.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/people/")
    press(page, page.locator("main").get_by_role("link", name="Who did what"))
    expect(page.get_by_role("heading", name="Who did what")).to_be_visible()
    expect(page.get_by_role("row", name="Signed in").first).to_contain_text("Hilary Onslow")
    check_page(page)

    press(page, page.get_by_role("link", name="Older"))
    expect(page.get_by_role("link", name="Newer")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name="Newer"))
    expect(page.get_by_role("link", name="Newer")).to_have_count(0)

    visit(page, f"/o/{organisation.code}/partnerships/{participation.partnership.slug}/")
    press(page, page.get_by_role("link", name="Who changed this partnership"))
    expect(page.get_by_label("Partnership")).to_have_value(participation.partnership.slug)
    became = page.get_by_role("listitem").filter(has_text="To plan together, and to say no together")
    expect(became).to_contain_text("Purpose: To plan services together")
    expect(page.get_by_text("Pool 1", exact=True)).to_have_count(0)
    press(page, page.locator("summary").filter(has_text="What it said").first)
    expect(page.get_by_text("Benefit to patients: Shorter waits for people in our area")).to_be_visible()
    check_page(page)

    since, until = page.get_by_role("group", name="From"), page.get_by_role("group", name="To")
    for day, group in (("2", since), ("1", until)):
        for box, typed in (("Day", day), ("Month", "5"), ("Year", "2026")):
            fill(page, group.get_by_label(box), typed)
    press(page, page.get_by_role("button", name="Search"))
    expect(page.get_by_role("link", name="The day to search to is before the day to search from.")).to_be_visible()
    expect(until.get_by_label("Day")).to_have_value("1")
    expect(page.get_by_label("Partnership")).to_have_value(participation.partnership.slug)
    check_page(page)
    reach(page, page.get_by_role("link", name="The day to search to is before"))
    page.keyboard.press("Enter")
    expect(until.get_by_label("Day")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    press(page, page.get_by_role("button", name="Search"))
    expect(page.get_by_text("Nothing on the record matches this search.")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name="show everything"))
    expect(page.get_by_role("link", name="Older")).to_be_visible()
    expect(page.get_by_label("Partnership")).to_have_value("")


def test_it_works_without_scripts(
    administrator: Person, participation: Participation, open_browser: Callable[..., Page], sign_in: SignIn
) -> None:
    organisation, name = participation.organisation, participation.partnership.display_name
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, administrator.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/audit/")
    page.get_by_label("Partnership").select_option(label=name)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name=name).first).to_be_visible()
    expect(page.get_by_text("Pool 1", exact=True)).to_have_count(0)
    page.goto(f"/o/{organisation.code}/audit/")
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Newer")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == f"who-did-what-{organisation.code}.csv"
