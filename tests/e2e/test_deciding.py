"""Deciding in a browser: a meeting by keyboard, and one decision on a page of its own without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from decisions.models import Decision, Meeting
from partnerships.models import Participation
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD
from tests.integration.decisions.scored import basis_of, decided, scored_portfolio

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]

SHARED = {"width": 1920, "height": 1080}
LAPTOP = {"width": 1280, "height": 720}
LEVEL_TODAY = 3  # its column of the portfolio


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


def are_on_the_screen(page: Page, *things: Locator) -> None:
    """As they stand, without scrolling: Playwright calls visible also what is far below."""
    assert page.viewport_size is not None
    assert page.evaluate("scrollY") == 0
    for thing in things:
        expect(thing).to_be_visible()
        box = thing.bounding_box()
        assert box is not None
        assert box["y"] >= 0, f"{thing} begins above the screen"
        assert box["x"] + box["width"] <= page.viewport_size["width"], f"{thing} ends beside the screen"
        assert box["y"] + box["height"] <= page.viewport_size["height"], f"{thing} ends below the screen, at {box}"


def begin(page: Page, name: str) -> None:
    """With everything on the agenda, by keyboard."""
    page.get_by_label("What the meeting is called").fill(name)
    for box in page.get_by_role("checkbox").all():
        if not box.is_checked():
            box.press("Space")
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_text("1 of 5")).to_be_visible()


def asks_first(page: Page, question: str) -> Locator:
    """The page leads with the question, in its title too, and what reads the page aloud begins there."""
    expect(page).to_have_title(re.compile(f"^{re.escape(question)}"))
    asked = page.locator("#confirm")
    expect(asked).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    heading = asked.get_by_role("heading", level=1, name=question)
    box = heading.bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    assert box["y"] >= 0, "the question begins above the screen"
    assert box["y"] + box["height"] <= page.viewport_size["height"], "the question ends below the screen"
    expect(asked.get_by_text("Nothing is recorded yet.")).to_be_visible()
    return asked


def test_a_meeting_by_keyboard_alone(open_browser: Callable[..., Page], sign_in: SignIn) -> None:
    """Keys switched on once, digits choose, n and p walk; an overruled one is confirmed; the last is undone."""
    organisation, _, executive = scored_portfolio()
    page = open_browser(DESKTOP)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decisions/")
    check_page(page)
    page.get_by_role("link", name="Decide in a meeting").press("Enter")
    check_page(page)
    begin(page, "Executive team")
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
    asks_first(page, f"Confirm: “{other.name}” for {first.partnership}")
    check_page(page)
    page.get_by_role("button", name="Yes, decide").press("Enter")
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


@pytest.mark.parametrize("viewport", [SHARED, LAPTOP])
def test_a_meeting_on_a_shared_screen_to_decisions_in_effect(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    """Each partnership fits one screen. Two are decided, one of them is undone, a third is overruled and confirmed.

    More than today holds at once, less after a fair notice.
    """
    organisation, _, executive = scored_portfolio()
    raised = organisation.participations.get(partnership__name="Alliance 4")
    raised.level = organisation.engagement_levels.get(code="keep-in-touch")
    raised.save(update_fields=["level"])
    page = open_browser(viewport)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/decide/")
    begin(page, "Executive team")
    first, second, third = [item.participation for item in Meeting.objects.get().agenda.order_by("position")[:3]]
    assert first == raised
    deeds = page.get_by_role("group", name="Decide, or go on")
    levels = page.get_by_role("radio")
    decide = deeds.get_by_role("button", name="Decide", exact=True)
    before, after, undo = (deeds.get_by_role("button", name=name) for name in ("Before", "Next", "Undo the last"))

    def one_screen(one: Participation, *buttons: Locator) -> None:
        name = page.get_by_role("heading", level=1, name=str(one.partnership))
        words = [page.get_by_text("How sure:"), *page.locator(".nhsuk-radios__hint").all()]
        boxes = [page.get_by_role("textbox", name=name) for name in ("Why", "Notes")]
        are_on_the_screen(page, name, *words, *levels.all(), *boxes, decide, *buttons)

    one_screen(first, after)
    recommended = page.get_by_role("radio", name="recommended")
    recommended.press("Space")
    decide.press("Enter")
    expect(page.get_by_text(f"Decided: {first.partnership}, ")).to_be_visible()
    expect(page.get_by_text("2 of 5")).to_be_visible()
    one_screen(second, before, after, undo)
    recommended.press("Space")
    decide.press("Enter")
    expect(page.get_by_text("3 of 5")).to_be_visible()

    undo.press("Enter")
    expect(page.get_by_text("2 of 5")).to_be_visible()
    after.press("Enter")
    expect(page.get_by_text("3 of 5")).to_be_visible()
    one_screen(third, before, after, undo)
    other = next(one for one in basis_of(third).choices if not one.is_recommended and one.loss is not None)
    page.get_by_role("radio", name=other.name).press("Space")
    page.get_by_role("textbox", name="Why").fill("The council asks for it")
    decide.press("Enter")
    asked = asks_first(page, f"Confirm: “{other.name}” for {third.partnership}")
    back = asked.get_by_role("link", name="No, go back and change it")
    are_on_the_screen(page, asked.get_by_role("button", name="Yes, decide"), back)
    check_page(page)
    back.press("Enter")
    expect(page.get_by_role("radio", name=other.name)).to_be_checked()
    expect(page.get_by_role("textbox", name="Why")).to_have_value("The council asks for it")
    asked.get_by_role("button", name=f"Yes, decide “{other.name}”").press("Enter")
    expect(page.get_by_text(f"Decided: {third.partnership}, “{other.name}”.")).to_be_visible()
    check_page(page)

    accepted = basis_of(first).advice.recommended.name
    page.get_by_role("button", name="End the meeting").press("Enter")
    expect(
        page.get_by_text("has ended. What was decided for now has taken effect. The rest does on its")
    ).to_be_visible()
    page.goto(f"/o/{organisation.code}/partnerships/")
    for one, level in ((first, accepted), (second, "Prioritise"), (third, "Prioritise")):
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=str(one.partnership)))
        expect(row.get_by_role("cell").nth(LEVEL_TODAY)).to_contain_text(level)
    decisions = {one.participation_id: one for one in Decision.objects.all().current()}
    assert {one: line.outcome for one, line in decisions.items()} == {first.pk: "accepted", third.pk: "overruled"}
    assert {one for one, line in decisions.items() if hasattr(line, "taken_effect")} == {first.pk}


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

    page.get_by_role("radio", name="Decline").check()
    page.get_by_role("textbox", name="Why").fill("Others do it better")
    page.get_by_role("button", name="Record the decision").click()
    asks_first(page, "Confirm: “Decline” for Alliance 4")
    expect(page.get_by_role("textbox", name="Why")).to_have_value("Others do it better")
    assert Decision.objects.count() == 1
    page.get_by_role("button", name="Yes, decide “Decline”").click()
    expect(page.get_by_text("Recorded: Alliance 4, “Decline”")).to_be_visible()
    assert Decision.objects.all().current().get().level_code == "decline"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_yes_over_capacity_is_read_with_what_to_say_instead(
    open_browser: Callable[..., Page], sign_in: SignIn, viewport: dict[str, int]
) -> None:
    """The others have 24 of the 27 executive days, so that the last cannot have its six, now or in the year after."""
    organisation, _, executive = scored_portfolio()
    *others, last = organisation.participations.select_related("partnership").order_by("partnership__name")
    last.level = organisation.engagement_levels.get(code="keep-in-touch")
    last.save(update_fields=["level"])
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

    warning = asks_first(page, f"Confirm: “Prioritise” for {last.partnership}")
    expect(warning.get_by_text("A yes that cannot be kept costs the partner more than a kind no.")).to_be_visible()
    expect(warning.get_by_role("textbox", name="In place of a yes")).to_have_value(
        re.compile("^We want to do this well. We have only 3 of the 6 executive days that it needs this quarter, and")
    )
    expect(page.get_by_role("textbox", name="Why")).to_have_value("They asked us kindly")
    check_page(page)
    assert not last.decisions.exists()

    page.get_by_role("button", name="Yes, decide").press("Enter")
    expect(page.get_by_text("They asked us kindly")).to_be_visible()
    expect(page.get_by_text("Your decisions do not fit together.").first).to_be_visible()
    check_page(page)
    assert last.decisions.get().level_code == "prioritise"
