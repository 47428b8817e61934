"""Deciding in a browser: a meeting by keyboard, and one decision on a page of its own without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions.models import Decision, Meeting
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD
from tests.integration.decisions.scored import basis_of, decided, scored_portfolio

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


def test_a_meeting_by_keyboard_alone(open_browser: Callable[..., Page], sign_in: SignIn) -> None:
    """Keys switched on once, digits choose, n and p walk; an overruled one is confirmed; the last is undone."""
    organisation, _, executive = scored_portfolio()
    page = open_browser(DESKTOP)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decisions/")
    check_page(page)
    page.get_by_role("link", name="Decide in a meeting").press("Enter")
    page.get_by_label("What the meeting is called").fill("Executive team")
    for box in page.get_by_role("checkbox").all():
        if not box.is_checked():
            box.press("Space")
    check_page(page)
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_text("1 of 5")).to_be_visible()
    check_page(page)

    page.get_by_role("button", name="Use keys").press("Enter")
    page.get_by_role("textbox", name="Notes").fill("Typed before a step")
    page.get_by_role("textbox", name="Why").fill("Half a thought")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("2")
    page.keyboard.press("n")
    expect(page.get_by_text("2 of 5")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Typed, not decided")).to_have_count(1)
    page.keyboard.press("p")
    expect(page.get_by_text("1 of 5")).to_be_visible()
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Typed before a step")
    expect(page.get_by_role("textbox", name="Why")).to_have_value("Half a thought")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    expect(page.get_by_text(re.compile("Typed by .*, and not decided"))).to_be_visible()
    check_page(page)
    assert not Decision.objects.exists()

    meeting = Meeting.objects.get()
    first = meeting.agenda.order_by("position")[0].participation
    choices = [level.code for level in basis_of(first).choices]
    other = next(level for level in basis_of(first).choices if not level.is_recommended and level.loss is not None)
    page.keyboard.press(str(choices.index(other.code) + 1))
    page.get_by_role("textbox", name="Why").fill("The council asks for it")
    page.get_by_role("textbox", name="Notes").fill("All but one agreed")
    page.get_by_role("button", name="Decide", exact=True).press("Enter")
    expect(page.get_by_text("Nothing is recorded yet.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Decide so all the same").press("Enter")
    expect(page.get_by_text("2 of 5")).to_be_visible()
    decision = Decision.objects.get()
    assert (decision.level_code, decision.decided_in) == (other.code, "Executive team")
    assert meeting.agenda.get(participation=first).notes == "All but one agreed"

    page.get_by_role("button", name="Undo the last decision").press("Enter")
    expect(page.get_by_text("Undone, and the partnership has no decision now. Decide again, or go on.")).to_be_visible()
    expect(page.get_by_text("1 of 5")).to_be_visible()
    page.get_by_role("button", name="End the meeting").press("Enter")
    expect(page.get_by_text("“Executive team” has ended.")).to_be_visible()
    check_page(page)


def test_the_agenda_on_a_phone(open_browser: Callable[..., Page], sign_in: SignIn) -> None:
    organisation, lead, _ = scored_portfolio()
    page = open_browser(PHONE)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decide/")
    page.get_by_label("What the meeting is called").fill("Executive team")
    page.get_by_role("button", name="Begin").click()
    check_page(page)
    page.get_by_role("link", name="Change the order, or add one").click()
    check_page(page)
    places = page.get_by_label("Place")
    last = places.nth(places.count() - 1)
    last.fill("0")
    page.get_by_role("button", name="Save the order").click()
    expect(page.get_by_role("link", name="Enter a place from 1 to 9999.")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_one_decision_without_scripts(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    organisation, _, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    page = open_browser(viewport, java_script_enabled=False)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/partnerships/{one.partnership.slug}/")
    page.get_by_role("link", name="What we decided about it").click()
    page.get_by_role("radio", name="recommended").check()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Recorded: Alliance 4")).to_be_visible()
    expect(page.get_by_role("heading", name="Decide anew")).to_be_visible()
    assert Decision.objects.get().decided_by == executive


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_yes_over_capacity_is_read_with_what_to_say_instead(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    """The others have 24 of the 27 executive days, so that the last cannot have its six."""
    organisation, _, executive = scored_portfolio()
    *others, last = organisation.participations.select_related("partnership").order_by("partnership__name")
    for other in others:
        decided(other, executive, level_code="prioritise", reason="We want it")
    page = open_browser(viewport)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decisions/{last.partnership.slug}/")
    page.get_by_role("radio", name="Prioritise").press("Space")
    page.get_by_role("textbox", name="Why").fill("They asked us kindly")
    if (anyway := page.get_by_role("checkbox")).count():
        anyway.press("Space")
    page.get_by_role("button", name="Record the decision").press("Enter")

    warning = page.locator("#confirm")
    expect(warning.get_by_text("A yes that cannot be kept costs the partner more than a kind no.")).to_be_visible()
    expect(warning.get_by_role("textbox", name="In place of a yes")).to_have_value(
        re.compile(
            "^We want to do this well. We have only 3 of the 6 executive days that it needs this quarter; could we"
        )
    )
    expect(warning.get_by_text("Nothing is recorded yet.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Why")).to_have_value("They asked us kindly")
    check_page(page)
    assert not last.decisions.exists()

    page.get_by_role("button", name="Decide so all the same").press("Enter")
    expect(page.get_by_text("They asked us kindly")).to_be_visible()
    expect(page.get_by_text("Your decisions do not fit together.").first).to_be_visible()
    check_page(page)
    assert last.decisions.get().level_code == "prioritise"
