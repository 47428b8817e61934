"""A survey from its start to its results with the keyboard alone, on a phone: two partnerships, a link handed out, an
answer begun, left, gone on with, sent and withdrawn, the survey closed and read. On every page the focus is followed
from the first place to the last: it can be seen, nothing lies over it, and it goes on as the page is read.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from diagnostics.actions import PersonalLink
from diagnostics.models import Invitation
from partnerships.models import Person
from tests.e2e.conftest import PHONE, check_page
from tests.e2e.test_people import press, reach
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_answer, every_response
from tests.integration.diagnostics.survey_data import answer, begun_with

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
SignIn = Callable[[Page, str, str], None]
NAMES = ("Westmere Frailty Alliance", "Westmere Stroke Network")
MOST = 250  # places on one page

# Where the focus is: what it is called, what is wrong with it, and whether it lies after the place before.
FOCUS = """() => {
  const at = document.activeElement;
  // Past the last place it is nowhere, or at the first again.
  if (at === document.body || at === null || at.hasAttribute('data-reached')) return null;
  // What is drawn for a radio, a checkbox and an open file field is its label or its box.
  const drawn = /^(radio|checkbox)$/.test(at.type) ? at.nextElementSibling ?? at : at;
  const marks = element => ['', '::before', '::after'].map(part => {
    const style = getComputedStyle(element, part);
    return [style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow, style.borderWidth, style.borderColor,
            style.backgroundColor, style.textDecoration].join();
  }).join();
  const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
  const wrong = [];
  if (box.width < 1 || box.height < 1) wrong.push('has no size');
  if (box.right < 1 || box.left > innerWidth || box.bottom < 1 || box.top > innerHeight)
    wrong.push('is off the screen');
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
  const on = document.elementFromPoint(x, y);
  const label = at.labels?.[0];
  if (on && !at.contains(on) && !on.contains(at) && !(label && label.contains(on)))
    wrong.push('lies under ' + on.outerHTML.slice(0, 80));
  const before = window.placeBefore;
  if (before && before.isConnected && !(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING))
    wrong.push('comes before ' + before.outerHTML.slice(0, 80));
  window.placeBefore = at;
  const focused = marks(drawn) + marks(at);
  at.blur();
  const plain = marks(drawn) + marks(at);
  at.focus({preventScroll: true});
  if (focused === plain && !at.matches('main, h1, [tabindex="-1"]')) wrong.push('does not show that it has the focus');
  return {name: at.outerHTML.slice(0, 120), wrong};
}"""
PLACES = ("a[href]", "button", "summary", "input", "select", "textarea")
LEFT = """places => [...document.querySelectorAll(places)]
  .filter(one => !one.disabled && one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true})
          && !(one.type === 'radio') && !one.hasAttribute('data-reached') && one.tabIndex >= 0)
  .map(one => one.outerHTML.slice(0, 120))"""


def look(page: Page) -> None:
    """The page by axe, and every place that the tabulator leads to."""
    check_page(page)
    page.evaluate("document.activeElement.blur(); window.placeBefore = undefined; scrollTo(0, 0)")
    page.evaluate("document.querySelectorAll('[data-reached]').forEach(one => one.removeAttribute('data-reached'))")
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    seen: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:
            break
        assert found["wrong"] == [], f"{page.url}: {found['name']} {found['wrong']}"
        page.evaluate("document.activeElement.setAttribute('data-reached', '')")
        seen.append(found["name"])
    assert len(seen) < MOST, f"{page.url}: the focus does not leave {seen[-1]}"
    assert seen, f"{page.url} has nothing to reach"
    assert page.evaluate(LEFT, ", ".join(f"main {one}" for one in PLACES)) == [], f"{page.url}: never reached"


def leads_to(page: Page, place: Locator, arrived: Locator) -> None:
    """Press a link or a button and look at the page on which this is found."""
    press(page, place)
    expect(arrived).to_be_visible()
    look(page)


@pytest.fixture
def lead_and_code() -> tuple[Person, str]:
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    for name in NAMES:
        active_participation(organisation, partnership=PartnershipFactory.create(name=name, recorded_by=organisation))
    return lead, organisation.code


def typed(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label))
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_from_start_to_results_with_the_keyboard_alone(
    lead_and_code: tuple[Person, str], open_browser: Open, sign_in: SignIn
) -> None:
    lead, code = lead_and_code
    desk = open_browser(PHONE)
    sign_in(desk, lead.email, PASSWORD)
    links = open_two(desk, code)
    phone = open_browser(PHONE)
    answer_leave_and_go_on(phone, links[0])
    withdraw(phone)
    for link in links[1:6]:
        own = begun_with(link.rstrip("/").rpartition("/")[2])
        answer(PersonalLink(Invitation(), own), 4)
    close_and_read(desk, code)


def open_two(page: Page, code: str) -> list[str]:
    page.goto(f"/o/{code}/surveys/")
    look(page)
    leads_to(page, page.get_by_role("link", name="Start a survey"), page.get_by_role("heading", name="Start a survey"))
    leads_to(
        page,
        page.get_by_role("link", name="Start several surveys at once"),
        page.get_by_role("heading", name="Start several surveys"),
    )
    for name in NAMES:
        press(page, page.get_by_label(name), "Space")
    leads_to(page, page.get_by_role("button", name="Continue"), page.get_by_label(f"Who to ask about {NAMES[1]}"))
    for name in NAMES:
        typed(page, f"Who to ask about {name}", "\n".join(f"Person {n}, p{n}@partner.example" for n in range(6)))
    leads_to(
        page, page.get_by_role("button", name="Save and check the surveys"), page.get_by_text("2 surveys are ready.")
    )
    reach(page, page.get_by_label("This service emails each person their link"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("I hand them out")).to_be_checked()
    press(page, page.get_by_role("button", name="Open the surveys"))
    expect(page.locator(".survey-link")).to_have_count(12)
    look(page)
    links: list[str] = page.locator(".survey-link").all_inner_texts()
    leads_to(
        page,
        page.get_by_role("link", name="I have the links: go to the surveys"),
        page.get_by_role("heading", name="Surveys", exact=True),
    )
    return links


def answer_leave_and_go_on(page: Page, link: str) -> None:
    page.goto(link)
    look(page)
    reach(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    leads_to(page, page.get_by_role("button", name="Start"), page.get_by_text("Page 2 of"))
    agree(page)
    page.goto("about:blank")
    page.goto(link)
    look(page)
    press(page, page.get_by_role("link", name="Carry on"))
    agree(page)
    send = page.get_by_role("button", name="Send my answers")
    carry_on = page.get_by_role("button", name="Save and continue")
    while carry_on.or_(send).first.inner_text() != "Send my answers":
        number = page.locator("h1 .nhsuk-caption-l").inner_text()
        press(page, carry_on)
        expect(page.locator("h1")).not_to_contain_text(number)
    look(page)
    press(page, send)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    look(page)
    assert every_answer()


def agree(page: Page) -> None:
    """Say so to every statement of the page, with the arrows."""
    statements = page.locator("[data-survey-item]")
    expect(statements.first).to_be_visible()
    for item in statements.all():
        reach(page, item.get_by_role("radio").first)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(item.get_by_label("Agree", exact=True)).to_be_checked()
        expect(item.get_by_role("status")).to_have_text("Saved")
    look(page)


def withdraw(page: Page) -> None:
    leads_to(
        page,
        page.get_by_role("link", name="withdraw your answers"),
        page.get_by_role("heading", name="Withdraw your answers"),
    )
    leads_to(
        page,
        page.get_by_role("button", name="Delete my answers"),
        page.get_by_role("heading", name="Your answers are deleted"),
    )
    assert every_answer() == []


def close_and_read(page: Page, code: str) -> None:
    answered = every_response()[0].round_id
    page.goto(f"/o/{code}/surveys/{answered}/")
    look(page)
    leads_to(
        page, page.get_by_role("link", name="Close the survey"), page.get_by_role("heading", name="Close the survey")
    )
    leads_to(page, page.get_by_role("button", name="Close the survey"), page.get_by_text("5 of 6 answered."))
    press(page, page.locator("main summary").first)
    look(page)
