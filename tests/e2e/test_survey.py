"""A survey from its start to its results, at a desk; and answered on a phone, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from diagnostics.models import Round
from diagnostics.tasks import keep_up
from partnerships.models import Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_answer, the_response
from tests.integration.diagnostics.survey_data import ITEMS, begun_with, opened

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
PEOPLE = "\n".join(f"Person {one}, person{one}@partner.example" for one in range(1, 8))


@pytest.fixture
def lead_and_participation() -> tuple[Person, Participation]:
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    partnership = PartnershipFactory.create(name="Westmere Frailty Alliance", recorded_by=organisation)
    return lead, active_participation(organisation, partnership=partnership)


def code(participation: Participation) -> str:
    return participation.organisation.code


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_lead_starts_follows_and_closes_a_survey(
    viewport: dict[str, int],
    lead_and_participation: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = lead_and_participation
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{code(participation)}/surveys/")
    page.get_by_role("link", name="Start a survey").click()
    check_page(page)
    page.get_by_label("Partnership").select_option("Westmere Frailty Alliance")
    page.get_by_label("Who to ask").fill(PEOPLE + "\nNobody in particular")
    page.get_by_role("button", name="Save and check the list").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 8")
    check_page(page)
    page.get_by_label("Who to ask").fill(PEOPLE)
    page.get_by_role("button", name="Save and check the list").click()
    expect(page.get_by_text("7 people to ask")).to_be_visible()
    check_page(page)
    page.get_by_label("I hand them out").check()
    page.get_by_role("button", name="Open the survey").click()
    check_page(page)
    shown = page.locator(".survey-link")
    expect(shown).to_have_count(7)
    links = shown.all_inner_texts()
    assert len(set(links)) == 7
    with page.expect_download() as download:
        page.get_by_role("button", name="Download names and links").click()
    assert links[0] in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="I have the links").click()
    expect(page.get_by_text("0 of 7 are known to have answered")).to_be_visible()
    check_page(page)
    made = Round.objects.get()
    for place, link in enumerate(links[:6]):
        values = {item: max(1, 5 - (place + number) % 4) for number, item in enumerate(ITEMS)}
        answer_by_address(link, values)
    keep_up()  # as by the schedule, which marks nobody where so few have answered
    page.reload()
    expect(page.get_by_text("0 of 7 are known to have answered")).to_be_visible()
    page.get_by_role("link", name="Close the survey").click()
    check_page(page)
    page.get_by_role("button", name="Close the survey").click()
    expect(page.get_by_text("6 of 7 answered.")).to_be_visible()
    expect(page.locator(".js-plotly-plot .points path")).to_have_count(8)
    assert page.locator('[data-title*="cloud" i]').count() == 0
    page.locator("summary", has_text="Relentless focus").click()
    check_page(page)
    visit(page, f"/o/{code(participation)}/partnerships/{participation.partnership.slug}/health/")
    expect(page.get_by_role("link", name="See the survey of")).to_have_attribute(
        "href", f"/o/{code(participation)}/surveys/{made.pk}/"
    )
    visit(page, f"/o/{code(participation)}/surveys/")


def answer_by_address(address: str, values: dict[str, int]) -> None:
    """Of a link that was handed out: begin with it, answer everything and send it in."""
    from diagnostics.actions import GivenAnswer, record_answers, record_place, respondent_with, submit_response

    respondent, _ = respondent_with(begun_with(address.rstrip("/").rsplit("/", 1)[1]))
    record_place(respondent=respondent, place="lead")
    answers = {item: GivenAnswer(value, "Too many meetings" if value < 3 else "") for item, value in values.items()}
    record_answers(respondent=respondent, answers=answers)
    submit_response(respondent=respondent)


def test_answering_on_a_phone(
    lead_and_participation: tuple[Person, Participation], open_browser: Open, visit: Visit
) -> None:
    lead, participation = lead_and_participation
    _, links = opened(participation, lead)
    link = f"/s/{links[0].secret}/"
    page = open_browser(PHONE)
    visit(page, link)
    assert links[0].secret not in page.url
    page.get_by_role("link", name="Start").click()
    check_page(page)
    page.get_by_label("On a board or an executive team").check()
    page.get_by_role("button", name="Save and continue").click()
    check_page(page)
    first = page.locator("#PUR1")
    first.get_by_label("Strongly agree").check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    expect(first.get_by_label("Why is that?")).to_be_hidden()
    first.get_by_label("Disagree", exact=True).check()
    first.get_by_label("Why is that?").fill("Nobody has said what it is for")
    first.get_by_label("Why is that?").blur()
    expect(first.get_by_role("status")).to_have_text("Saved")
    check_page(page)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    page.locator("#FOC1").get_by_label("Don’t know").check()
    expect(page.locator("#FOC1").get_by_role("status")).to_have_text("Saved")
    again = open_browser(PHONE)
    visit(again, link)
    expect(again.get_by_text("Page 3 of 11")).to_be_visible()
    expect(again.locator("#FOC1").get_by_label("Don’t know")).to_be_checked()
    stored = next(one for one in every_answer() if one.item == "PUR1")
    assert (stored.value, stored.reason) == (2, "Nobody has said what it is for")


def test_a_lost_connection_is_said_and_mended(
    lead_and_participation: tuple[Person, Participation], open_browser: Open, complaints: list[str]
) -> None:
    lead, participation = lead_and_participation
    _, links = opened(participation, lead)
    page = open_browser(PHONE)
    page.goto(f"/s/{links[0].secret}/")
    page.get_by_role("link", name="Start").click()
    page.get_by_label("I lead or manage").check()
    page.get_by_role("button", name="Save and continue").click()
    page.context.set_offline(True)
    page.locator("#PUR1").get_by_label("Agree", exact=True).check()
    expect(page.locator("#PUR1").get_by_role("status")).to_have_text("Not saved. Trying again…")
    expect(page.get_by_role("alert")).to_contain_text("1 answer is not saved yet")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet: you are not connected")
    expect(page.locator("#PUR1").get_by_label("Agree", exact=True)).to_be_checked()
    page.context.set_offline(False)
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    assert next(one for one in every_answer() if one.item == "PUR1").value == 4
    assert any("ERR_INTERNET_DISCONNECTED" in said for said in complaints)
    complaints.clear()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_answering_to_the_end(
    script: bool, lead_and_participation: tuple[Person, Participation], open_browser: Open, complaints: list[str]
) -> None:
    lead, participation = lead_and_participation
    _, links = opened(participation, lead)
    page = open_browser(PHONE, java_script_enabled=script)
    page.goto(f"/s/{links[0].secret}/")
    page.get_by_role("link", name="Start").click()
    page.get_by_label("At the front line").check()
    page.get_by_role("button", name="Save and continue").click()
    for number in range(2, 12):
        expect(page.get_by_text(f"Page {number} of 11")).to_be_visible()
        for choice in page.get_by_label("Agree", exact=True).all():
            choice.check()
        if number == 4:
            page.locator("#COM1").get_by_label("Strongly disagree").check()
            page.locator("#COM1").get_by_label("Why is that?").fill("They forget")
        page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_text("“They forget”")).to_be_visible()
    if script:
        check_page(page)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert the_response().submitted_on is not None
    assert len(every_answer()) == 31
    page.goto(f"/s/{links[0].secret}/")
    expect(page.get_by_role("heading", name="Your answers are already in")).to_be_visible()
    assert ["410" in said for said in complaints] == [True]
    complaints.clear()
