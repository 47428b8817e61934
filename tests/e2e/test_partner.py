"""How good a partner we are, from asking both sides to what each said: on a phone, at a desk, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from diagnostics.actions import close_round
from diagnostics.handed_access import invitation_handed
from diagnostics.instrument import BY_US, instrument
from diagnostics.links import Link
from diagnostics.models import Round, Subject
from partnerships.models import Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import fill, forget, press
from tests.e2e.test_survey import answer_by_address
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.survey_data import closed, opened

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
SignIn = Callable[[Page, str, str], None]
NAME = "Westmere Frailty Alliance"
ITEMS = tuple(instrument(BY_US).item_by_code)


@pytest.fixture
def lead_and_participation() -> tuple[Person, Participation]:
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    partnership = PartnershipFactory.create(name=NAME, recorded_by=organisation)
    return lead, active_participation(organisation, partnership=partnership)


def lines(who: str, employer: str) -> str:
    return "\n".join(f"{who} {one}, {who}{one}@people.example, {employer}" for one in range(6))


@pytest.mark.parametrize(
    ("viewport", "scripts"), [(PHONE, True), (PHONE, False), (DESKTOP, True)], ids=["phone", "phone-plain", "desktop"]
)
def test_both_sides_are_asked_and_shown(
    viewport: dict[str, int],
    scripts: bool,
    lead_and_participation: tuple[Person, Participation],
    open_browser: Open,
    sign_in: SignIn,
) -> None:
    lead, participation = lead_and_participation
    code = participation.organisation.code
    look = check_page if scripts else (lambda page: None)  # axe is a script itself
    page = open_browser(viewport, java_script_enabled=scripts)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{code}/partner/")
    look(page)
    page.get_by_role("link", name="Ask how good a partner we are").click()
    look(page)
    page.get_by_label(NAME).check()
    page.get_by_role("button", name="Continue").click()
    look(page)
    everybody = lines("partner", "Wye Council") + "\n" + lines("own", "Westmere Community Trust")
    page.get_by_label("Partners’ people to ask").fill(everybody)
    page.get_by_role("button", name="Save and check the surveys").click()
    expect(page.get_by_role("alert")).to_contain_text("work for you")
    look(page)
    page.get_by_role("button", name="Sort people by where they work").click()
    expect(page.get_by_label("Your own people to ask")).to_have_value(lines("own", "Westmere Community Trust"))
    page.get_by_role("button", name="Save and check the surveys").click()
    expect(page.get_by_text("2 surveys are ready.")).to_be_visible()
    look(page)
    page.get_by_label("I hand them out").check()
    page.get_by_role("button", name="Open the surveys").click()
    expect(page.locator(".survey-link")).to_have_count(12)
    look(page)
    links = page.locator(".survey-link").all_inner_texts()
    theirs, ours = Round.objects.order_by("pk")
    for place, link in enumerate(links):
        asked = invitation_handed(Link.with_secret(link.rstrip("/").rsplit("/", 1)[1])).round
        answer_by_address(link, dict.fromkeys(ITEMS, (2 if asked == theirs else 4) + place % 2))
    close_round(round=theirs, by=lead)
    page.goto(f"/o/{code}/surveys/{ours.pk}/close/")
    page.get_by_role("button", name="Close the survey").click()
    expect(page.get_by_text("6 of 6 answered.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="See it beside the other side’s view").click()
    expect(page.get_by_text("We rate ourselves higher than partners do.")).to_be_visible()
    page.locator("summary", has_text="Relentless focus").first.click()
    look(page)
    if scripts:
        expect(page.locator(".js-plotly-plot .points path")).to_have_count(16)
    _reply(page, look)
    page.get_by_role("link", name="How good a partner we are here").click()
    page.get_by_role("link", name="How good a partner we are", exact=True).click()
    expect(page.get_by_role("heading", name="Partnership by partnership")).to_be_visible()
    look(page)


def _reply(page: Page, look: Callable[[Page], None]) -> None:
    """Write to partners, publish it, read it as they do, and come back."""
    page.get_by_role("link", name="Tell partners what you heard").click()
    look(page)
    page.get_by_role("link", name="Write what you say about Enabling governance").click()
    look(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what you heard from partners.")
    look(page)
    page.get_by_label("What we heard").fill("Our answers take too long.")
    page.get_by_label("What we do about it").fill("Two of us may now agree without asking.")
    page.get_by_label("Under way").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Show how partners rated us").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Publish what is saved").click()
    expect(page.get_by_text("Published.", exact=False).first).to_be_visible()
    look(page)
    here = page.url
    page.locator("a.survey-link").click()
    expect(page.get_by_role("heading", name="What we heard from partners, and what we do")).to_be_visible()
    expect(page.get_by_text("Two of us may now agree without asking.")).to_be_visible()
    expect(page.get_by_role("heading", name="How partners rated us")).to_be_visible()
    look(page)
    page.goto(here)


def test_a_partner_answers_with_the_keyboard_alone(
    lead_and_participation: tuple[Person, Participation], open_browser: Open
) -> None:
    lead, participation = lead_and_participation
    _, links = opened(participation, lead, subject=Subject.BY_PARTNERS)
    page = open_browser(PHONE)
    page.goto(f"/s/{links[0].secret}/")
    expect(page.get_by_role("heading", name="How good a partner is Westmere Community Trust?")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="Start")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save and continue").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Westmere Community Trust is clear about what it wants")).to_be_visible()
    check_page(page)


def go_on(page: Page, target: Locator) -> None:
    """Press it, and wait for the page that it leads to."""
    with page.expect_navigation():
        press(page, target)


def test_a_reply_is_written_published_and_read_with_the_keyboard_alone(
    lead_and_participation: tuple[Person, Participation],
    open_browser: Open,
    sign_in: SignIn,
    complaints: list[str],
) -> None:
    lead, participation = lead_and_participation
    asked = closed(participation, lead, [3] * 6, subject=Subject.BY_PARTNERS)
    page = open_browser(PHONE)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{participation.organisation.code}/surveys/{asked.pk}/reply/")
    check_page(page)
    go_on(page, page.get_by_role("link", name="Write what you say about Enabling governance"))
    check_page(page)
    go_on(page, page.get_by_role("button", name="Save", exact=True))
    # What is wrong is where one is taken, and its link leads to the field.
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    check_page(page)
    press(page, page.get_by_role("link", name="Enter what you heard from partners."))
    expect(page.get_by_label("What we heard")).to_be_focused()
    page.keyboard.type("Our answers take too long.")
    fill(page, page.get_by_label("What we do about it"), "Two of us may now agree without asking.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Under way")).to_be_checked()
    for part, typed in (("Day", "1"), ("Month", "3"), ("Year", "2031")):
        fill(page, page.get_by_label(part, exact=True), typed)
    check_page(page)
    go_on(page, page.get_by_role("button", name="Save", exact=True))
    fill(page, page.get_by_label("What you say first"), "Thank you.")
    press(page, page.get_by_label("Show how partners rated us"), "Space")
    go_on(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_label("What you say first")).to_have_value("Thank you.")
    go_on(page, page.get_by_role("button", name="Publish what is saved"))
    expect(page.get_by_text("Published.", exact=False).first).to_be_visible()
    check_page(page)
    address = page.locator("a.survey-link")
    read = address.inner_text()
    go_on(page, address)
    expect(page.get_by_role("heading", name="What we heard from partners, and what we do")).to_be_visible()
    stranger = open_browser(PHONE)
    stranger.goto(read)
    check_page(stranger)
    expect(stranger.get_by_text("to be done by 1 March 2031")).to_be_visible()
    stranger.keyboard.press("Tab")
    expect(stranger.get_by_role("link", name="Skip to main content")).to_be_focused()
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("main")).to_be_focused()
    page.go_back()
    go_on(page, page.get_by_role("button", name="Withdraw it"))
    expect(page.get_by_text("Withdrawn. Nobody can read it any more at its address.")).to_be_visible()
    check_page(page)
    response = stranger.goto(read)
    assert response is not None
    assert response.status == 404
    forget(complaints, "404")
    check_page(stranger)
