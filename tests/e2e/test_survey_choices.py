"""What people may still change of a survey: respondents take their answers back, a lead says how they are read, and
whoever reads the results takes them along. On a phone and at a desk, with the keyboard alone.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from diagnostics.actions import GivenAnswer, close_round, record_answers, respondent_with
from diagnostics.models import Invitation, Round, RoundMode
from partnerships.models import Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import press, reach
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_answer, the_response
from tests.integration.diagnostics.survey_data import ITEMS, answer, draft, opened

both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
Open = Callable[..., Page]
SignIn = Callable[[Page, str, str], None]
Visit = Callable[[Page, str], None]


@pytest.fixture
def asked(transactional_db: None) -> tuple[Person, Participation]:
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals")
    partnership = PartnershipFactory.create(name="Ferry Hill Alliance", recorded_by=organisation)
    return lead, active_participation(organisation, partnership=partnership)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_answers_are_taken_back_and_given_anew(
    script: bool, asked: tuple[Person, Participation], open_browser: Open, complaints: list[str]
) -> None:
    lead, participation = asked
    _, links = opened(participation, lead)
    answer(links[0], 2)
    page = open_browser(PHONE, java_script_enabled=script)
    page.goto(f"/s/{links[0].secret}/")
    expect(page.get_by_role("heading", name="Your answers are already in")).to_be_visible()
    press(page, page.get_by_role("link", name="withdraw your answers"))
    expect(page.get_by_role("heading", name="Withdraw your answers")).to_be_visible()
    if script:
        check_page(page)
    press(page, page.get_by_role("button", name="Delete my answers"))
    expect(page.get_by_text("They count for nothing now.")).to_be_visible()
    if script:
        check_page(page)
    assert every_answer() == []
    assert the_response().submitted_on is None
    press(page, page.get_by_role("link", name="Start"))
    reach(page, page.get_by_label("At the front line"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_text("Page 2 of 11")).to_be_visible()
    assert the_response().place == "front_line"
    assert ["410" in said for said in complaints] == [True]
    complaints.clear()


@both_screens
def test_a_lead_has_answers_read_by_organisation(
    viewport: dict[str, int],
    asked: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = asked
    made = draft(participation, lead)
    Invitation.objects.filter(round=made).update(works_for="Riverside Trust")
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{participation.organisation.code}/surveys/{made.pk}/")
    press(page, page.get_by_role("link", name="Change this"))
    expect(page.get_by_role("heading", name="How the answers are read")).to_be_visible()
    check_page(page)
    reach(page, page.get_by_label("Together, without names"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Answers are read by organisation, with its name.")).to_be_visible()
    check_page(page)
    assert Round.objects.get().mode == RoundMode.NAMED


@both_screens
def test_results_are_taken_along_with_what_people_wrote_only_where_it_is_ticked(
    viewport: dict[str, int],
    asked: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = asked
    made, links = opened(participation, lead)
    for link in links[:6]:
        respondent, _ = respondent_with(link.secret)
        record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2, "Nobody answers the telephone")})
        answer(link, {item: 4 for item in ITEMS if item != "PUR1"})
    close_round(round=made, by=lead)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{participation.organisation.code}/surveys/{made.pk}/")
    assert "What people wrote" not in sheets_taken(page)
    reach(page, page.get_by_label("With what people wrote"))
    page.keyboard.press("Space")
    check_page(page)
    assert "What people wrote" in sheets_taken(page)


def sheets_taken(page: Page) -> list[str]:
    with page.expect_download() as download:
        press(page, page.get_by_role("button", name="Download as a spreadsheet"))
    return load_workbook(BytesIO(download.value.path().read_bytes())).sheetnames
