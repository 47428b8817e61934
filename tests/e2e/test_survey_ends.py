"""Turns that a survey may take, on a phone and with the keyboard alone: for whom somebody works, a link that was
replaced, withdrawing with an earlier link, a survey that closes with too few answers, means over organisations.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from diagnostics.actions import close_round, issue_link, offer_open_link, open_round, read_answers_as, start_round
from diagnostics.invitees import Invitee
from diagnostics.models import MeanOver, Round, RoundMode
from partnerships.models import Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import forget, press, reach
from tests.factories import (
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    active_participation,
    organisation_with_people,
)
from tests.integration.diagnostics.hidden import every_answer, every_response, the_response
from tests.integration.diagnostics.open_links import secret_of
from tests.integration.diagnostics.survey_data import answer, draft, next_week, opened

pytestmark = pytest.mark.django_db(transaction=True)
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
Open = Callable[..., Page]
SignIn = Callable[[Page, str, str], None]
Visit = Callable[[Page, str], None]


@pytest.fixture
def asked(transactional_db: None) -> tuple[Person, Participation]:
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals")
    partnership = PartnershipFactory.create(name="Ferry Hill Alliance", recorded_by=organisation)
    return lead, active_participation(organisation, partnership=partnership)


def test_with_an_open_link_somebody_says_for_whom_they_work(
    asked: tuple[Person, Participation], open_browser: Open
) -> None:
    lead, participation = asked
    hospice = OrganisationFactory.create(name="Bexford Hospice")
    MembershipFactory.create(partnership=participation.partnership, organisation=hospice)
    made = draft(participation, lead)
    made.invitations.update(works_for="Aldercote Council")
    offer_open_link(round=made, people=12, by=lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, by=lead)
    open_round(round=Round.objects.get(pk=made.pk), by=lead)
    page = open_browser(PHONE)
    page.goto(f"/s/{secret_of(Round.objects.get(pk=made.pk))}/")
    check_page(page)
    press(page, page.get_by_role("button", name="Start"))
    expect(page.get_by_role("heading", name="Which organisation do you work for?")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_role("alert")).to_contain_text("Choose the organisation you work for.")
    check_page(page)
    reach(page, page.get_by_label("Aldercote Council"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_role("heading", name="Where do you work?")).to_be_visible()
    check_page(page)
    assert the_response().works_for == "Bexford Hospice"


def test_a_link_that_was_replaced_says_so(
    asked: tuple[Person, Participation], open_browser: Open, complaints: list[str]
) -> None:
    lead, participation = asked
    _, links = opened(participation, lead)
    newer = issue_link(invitation=links[0].invitation, by=lead)
    page = open_browser(PHONE)
    page.goto(f"/s/{links[0].secret}/")
    expect(page.get_by_role("heading", name="This link has been replaced")).to_be_visible()
    expect(page.get_by_role("link", name="Start")).to_have_count(0)
    check_page(page)
    forget(complaints, "410")
    page.goto(f"/s/{newer.secret}/")
    press(page, page.get_by_role("link", name="Start"))
    expect(page.get_by_role("heading", name="Where do you work?")).to_be_visible()


def test_what_was_sent_is_withdrawn_with_the_link_it_was_sent_with(
    asked: tuple[Person, Participation], open_browser: Open, complaints: list[str]
) -> None:
    lead, participation = asked
    _, links = opened(participation, lead)
    answer(links[0], 2)
    newer = issue_link(invitation=links[0].invitation, by=lead)
    page = open_browser(PHONE)
    page.goto(f"/s/{newer.secret}/")
    expect(page.get_by_text("They came in with another link than this one.")).to_be_visible()
    expect(page.get_by_role("link", name="withdraw your answers")).to_have_count(0)
    check_page(page)
    forget(complaints, "410")
    page.goto(f"/s/{links[0].secret}/")
    press(page, page.get_by_role("link", name="withdraw your answers"))
    expect(page.get_by_role("heading", name="Withdraw your answers")).to_be_visible()
    check_page(page)
    forget(complaints, "410")
    press(page, page.get_by_role("button", name="Delete my answers"))
    expect(page.get_by_role("heading", name="This link has been replaced")).to_be_visible()
    check_page(page)
    forget(complaints, "410")
    assert every_answer() == []
    page.goto(f"/s/{newer.secret}/")
    expect(page.get_by_role("link", name="Start")).to_be_visible()


def test_a_survey_that_closes_with_too_few_answers(
    asked: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
    complaints: list[str],
) -> None:
    lead, participation = asked
    made, links = opened(participation, lead)
    for link in links[:3]:
        answer(link, 4)
    desk = open_browser(PHONE)
    sign_in(desk, lead.email, PASSWORD)
    visit(desk, f"/o/{participation.organisation.code}/surveys/{made.pk}/")
    press(desk, desk.get_by_role("link", name="Close the survey"))
    expect(desk.get_by_role("heading", name="Close the survey")).to_be_visible()
    check_page(desk)
    press(desk, desk.get_by_role("button", name="Close the survey"))
    expect(desk.get_by_text("what they sent in was deleted unread as the survey closed")).to_be_visible()
    expect(desk.get_by_role("link", name="Open it again")).to_be_visible()
    check_page(desk)
    assert every_response() == []
    page = open_browser(PHONE)
    page.goto(f"/s/{links[0].secret}/")
    expect(page.get_by_role("heading", name="This survey has closed")).to_be_visible()
    check_page(page)
    forget(complaints, "410")


@both_screens
def test_each_organisation_counts_once_from_the_choice_to_the_results(
    viewport: dict[str, int],
    asked: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = asked
    employers = ["Riverside Trust"] * 9 + ["Aldercote Council"] * 6 + ["Bexford Hospice"] * 5
    people = [Invitee(f"Person {n}", f"p{n}@partner.example", employer) for n, employer in enumerate(employers)]
    made = start_round(participation=participation, people=people, closes_on=next_week(), by=lead)
    at = f"/o/{participation.organisation.code}/surveys/{made.pk}/"
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, at)
    press(page, page.get_by_role("link", name="Change this"))
    reach(page, page.get_by_label("People: each counts once"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("alert")).to_contain_text("Answers without names carry no organisation.")
    check_page(page)
    reach(page, page.get_by_label("Together, without names"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Means count each organisation once.")).to_be_visible()
    check_page(page)
    assert Round.objects.get().mean_over == MeanOver.ORGANISATIONS
    for number, link in enumerate(open_round(round=Round.objects.get(), by=lead)):
        answer(
            link, 1 + number % 5 if number < 18 else {**dict.fromkeys(link.invitation.round.instrument.item_by_code, 4)}
        )
    close_round(round=Round.objects.get(), by=lead)
    visit(page, at)
    expect(page.get_by_text("Each organisation counts once in every mean here: ")).to_be_visible()
    spread = page.locator("summary", has_text="How answers spread")
    press(page, spread)
    expect(page.get_by_role("table", name="How answers spread over the scale, in per cent")).to_be_visible()
    check_page(page)
