"""Reading what surveys say, and giving people more time: on a phone and on a desk, with the keyboard alone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostics.models import Round
from partnerships.models import Organisation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import press
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.survey_data import closed, opened

both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
SignIn = Callable[[Page, str, str], None]
Visit = Callable[[Page, str], None]


@pytest.fixture
def surveyed(transactional_db: None) -> tuple[Organisation, Person, Round]:
    """Two partnerships with results, one of them twice, and one whose survey is open."""
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals")
    weak, strong, asked = (
        active_participation(organisation, partnership=PartnershipFactory.create(name=name, recorded_by=organisation))
        for name in ("Ferry Hill Alliance", "Quay Street Network", "Under Way Board")
    )
    closed(weak, lead, [4, 4, 4, 4, 4, 4])
    closed(weak, lead, [2, 2, 3, 2, 1, 2])
    closed(strong, lead, [5, 5, 4, 5, 5, 5, 4])
    under_way, _ = opened(asked, lead)
    return organisation, lead, under_way


@both_screens
def test_from_side_by_side_to_what_to_work_on(
    viewport: dict[str, int],
    surveyed: tuple[Organisation, Person, Round],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead, _ = surveyed
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/surveys/")
    press(page, page.get_by_role("link", name="Partnerships side by side"))
    expect(page.get_by_text("The partnerships can be told apart")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name="Ferry Hill Alliance"))
    expect(page.get_by_text("Overall the mean has fallen from 4.0 to 2.0")).to_be_visible()
    press(page, page.get_by_role("link", name="See what to work on"))
    expect(page.get_by_role("heading", name="What to work on")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Quay Street Network").first).to_be_visible()
    press(page, page.locator("summary").filter(has_text="Relentless focus").first)
    expect(page.get_by_text("We turn down work that would take us away from our purpose.").first).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name="Start the next survey"))
    expect(page.get_by_label("Who to ask")).to_have_value(re.compile("^Person 1, person1@partner.example"))
    check_page(page)


@both_screens
def test_people_are_given_more_time(
    viewport: dict[str, int],
    surveyed: tuple[Organisation, Person, Round],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead, under_way = surveyed
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/surveys/{under_way.pk}/")
    press(page, page.get_by_role("link", name="Change the last day"))
    expect(page.get_by_role("heading", name="Change the last day")).to_be_visible()
    check_page(page)
    later = timezone.localdate() + datetime.timedelta(days=40)
    for label, typed in (("Day", later.day), ("Month", later.month), ("Year", later.year)):
        box = page.get_by_label(label)
        box.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(str(typed))
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("The last day is changed.")).to_be_visible()
    expect(page.get_by_text(f"People can answer until {later:%A} {later.day} {later:%B %Y}.")).to_be_visible()
    check_page(page)
