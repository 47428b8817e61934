"""What a respondent gives is either saved, or the page says that it is not: what happens in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from diagnostics.actions import PersonalLink
from tests.e2e.conftest import PHONE
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_answer
from tests.integration.diagnostics.survey_data import opened

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]


@pytest.fixture
def link() -> PersonalLink:
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    partnership = PartnershipFactory.create(name="Westmere Frailty Alliance", recorded_by=organisation)
    return opened(active_participation(organisation, partnership=partnership), lead)[1][0]


def first_statements(page: Page, link: PersonalLink) -> Locator:
    """Go to the first page of statements; returns the first of them."""
    page.goto(f"/s/{link.secret}/")
    page.goto(re.sub("(/s/[^/]+/).*", r"\1questions/purpose/", page.url))
    return page.locator("#PUR1")


def kept() -> dict[str, tuple[int | None, str]]:
    return {one.item: (one.value, one.reason) for one in every_answer()}


def test_a_reason_is_unsaved_from_its_first_letter_and_saved_after_a_pause(
    link: PersonalLink, open_browser: Open
) -> None:
    page = open_browser(PHONE)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    page.clock.install()
    first.get_by_label("Why is that?").press_sequentially("On the bus")
    expect(first.get_by_role("status")).to_have_text("Not saved yet")
    page.close(run_before_unload=True)
    expect(first.get_by_label("Why is that?")).to_have_value("On the bus")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.clock.run_for(1000)
    expect(first.get_by_role("status")).to_have_text("Saved")
    assert kept() == {"PUR1": (2, "On the bus")}
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_more_that_is_written_while_a_reason_is_on_its_way_is_not_called_saved(
    link: PersonalLink, open_browser: Open
) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    under_way: list[Route] = []

    def hold(route: Route) -> None:
        under_way.append(route)

    page.route("**/questions/purpose/", hold)
    first.get_by_label("Why is that?").press_sequentially("On")
    expect(first.get_by_role("status")).to_have_text("Saving…")
    page.clock.install()
    first.get_by_label("Why is that?").press_sequentially(" the bus")
    under_way[0].continue_()
    page.unroute("**/questions/purpose/")
    expect(first.get_by_role("status")).to_have_text("Not saved yet")
    page.clock.run_for(1000)
    expect(first.get_by_role("status")).to_have_text("Saved")
    assert kept() == {"PUR1": (2, "On the bus")}


def test_the_button_stays_until_a_server_that_does_not_answer_has_saved(
    link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    page.clock.install()
    page.route("**/questions/purpose/", lambda route: route.abort())
    first.get_by_label("Agree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Not saved. Trying again…")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet: the survey cannot be reached")
    expect(first.get_by_label("Agree", exact=True)).to_be_checked()
    assert kept() == {}
    page.unroute("**/questions/purpose/")
    page.clock.run_for(10_000)
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    assert kept() == {"PUR1": (4, "")}
    assert any("ERR_FAILED" in said for said in complaints)
    complaints.clear()


def test_what_is_changed_while_the_button_saves_is_saved_after_it_and_the_next_press_goes_on(
    link: PersonalLink, open_browser: Open
) -> None:
    """Two that are on their way at once may come in any order, and the server takes whichever comes last."""
    page = open_browser(PHONE)
    first = first_statements(page, link)
    first.get_by_label("Agree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    under_way: list[Route] = []

    def hold_the_first(route: Route) -> None:
        under_way.append(route)
        if len(under_way) > 1:
            route.continue_()

    page.route("**/questions/purpose/", hold_the_first)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_have_text("Saving…")
    first.get_by_label("Strongly agree", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_timeout(500)
    assert len(under_way) == 1
    under_way[0].continue_()
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    assert kept() == {"PUR1": (5, "")}


def test_the_same_words_are_put_for_a_screen_reader_once(link: PersonalLink, open_browser: Open) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    page.clock.install()
    page.evaluate(
        """() => { window.put = []; new MutationObserver((found) => found.forEach((one) => window.put.push(
        one.target.textContent))).observe(document.getElementById('saving-PUR1'), { childList: true }); }"""
    )
    first.get_by_label("Why is that?").press_sequentially("On the bus")
    assert page.evaluate("window.put") == ["Not saved yet"]


def test_a_page_that_says_what_is_wrong_is_not_left_without_a_word(
    link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    page = open_browser(PHONE)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    first.get_by_label("Why is that?").fill("x" * 501)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_role("heading", name="There is a problem").click()
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    complaints.clear()


def test_the_button_saves_a_reason_that_was_just_written(link: PersonalLink, open_browser: Open) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    first.get_by_label("Why is that?").press_sequentially("On the bus")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    assert kept() == {"PUR1": (2, "On the bus")}


def test_what_is_wrong_on_the_page_is_said_where_it_is(
    link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    first.get_by_label("Why is that?").fill("x" * 501)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("#PUR1").get_by_label("Why is that?")).to_have_value("x" * 501)
    assert all("422" in said for said in complaints)
    complaints.clear()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_page_says_truly_when_answers_are_saved_and_going_back_saves_them(
    script: bool, link: PersonalLink, open_browser: Open
) -> None:
    page = open_browser(PHONE, java_script_enabled=script)
    page.goto(f"/s/{link.secret}/")
    as_given, by_the_button = "Each answer is saved as you give it.", "saved when you press Save and continue."
    expect(page.get_by_text(as_given)).to_be_visible(visible=script)
    expect(page.get_by_text(by_the_button)).to_be_visible(visible=not script)
    first = first_statements(page, link)
    expect(page.get_by_text(as_given)).to_be_visible(visible=script)
    expect(page.get_by_text(by_the_button)).to_be_visible(visible=not script)
    first.get_by_label("Disagree", exact=True).check()
    first.get_by_label("Why is that?").fill("They forget")
    page.get_by_role("button", name="Save and go back").click()
    expect(page.get_by_role("heading", name="Where do you work?")).to_be_visible()
    assert kept() == {"PUR1": (2, "They forget")}


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_enter_goes_on_and_not_back(script: bool, link: PersonalLink, open_browser: Open) -> None:
    page = open_browser(PHONE, java_script_enabled=script)
    first = first_statements(page, link)
    first.get_by_label("Agree", exact=True).check()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    assert kept() == {"PUR1": (4, "")}


def test_an_older_tab_leaves_alone_what_was_changed_in_a_newer_one(
    link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    older = open_browser(PHONE)
    first = first_statements(older, link)
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    newer = open_browser(PHONE)
    first_statements(newer, link).get_by_label("Strongly agree").check()
    expect(newer.locator("#PUR1").get_by_role("status")).to_have_text("Saved")
    older.locator("#PUR2").get_by_label("Agree", exact=True).check()
    older.get_by_role("button", name="Save and continue").click()
    expect(older.get_by_text("Page 3 of 11")).to_be_visible()
    assert kept() == {"PUR1": (5, ""), "PUR2": (4, "")}
    newer.locator("#PUR2").get_by_label("Disagree", exact=True).check()
    expect(newer.locator("#PUR2").get_by_role("status")).to_contain_text("had been changed in another window")
    newer.locator("#PUR2").get_by_label("Strongly disagree").check()
    expect(newer.locator("#PUR2").get_by_role("status")).to_have_text("Saved")
    assert kept()["PUR2"] == (1, "")
    assert all("409" in said for said in complaints)
    complaints.clear()


@pytest.mark.parametrize("by_the_button", [True, False], ids=["the button", "as it is given"])
def test_what_arrived_although_its_answer_was_lost_is_not_called_another_window(
    by_the_button: bool, link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/questions/purpose/", lose_the_answer)
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Not saved. Trying again…")
    assert kept() == {"PUR1": (2, "")}
    if by_the_button:
        page.route("**/questions/purpose/", lambda route: route.abort())
    else:
        page.unroute("**/questions/purpose/")
    first.get_by_label("Agree", exact=True).check()
    if by_the_button:
        expect(first.get_by_role("status")).to_have_text("Not saved. Trying again…")
        page.unroute("**/questions/purpose/")
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    else:
        expect(first.get_by_role("status")).to_have_text("Saved")
    assert kept() == {"PUR1": (4, "")}
    assert any("ERR_FAILED" in said for said in complaints)
    complaints.clear()


def test_going_back_to_what_was_saved_is_saved_although_what_came_between_had_arrived(
    link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/questions/purpose/", lose_the_answer)
    first.get_by_label("Agree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Not saved. Trying again…")
    assert kept() == {"PUR1": (4, "")}
    page.unroute("**/questions/purpose/")
    first.get_by_label("Disagree", exact=True).check()
    expect(first.get_by_role("status")).to_have_text("Saved")
    assert kept() == {"PUR1": (2, "")}
    complaints.clear()


def test_what_is_tried_for_a_while_does_not_lie_over_a_later_answer_of_another_window(
    link: PersonalLink, open_browser: Open, complaints: list[str]
) -> None:
    phone, laptop = open_browser(PHONE), open_browser(PHONE)
    first = first_statements(phone, link)
    phone.clock.install()
    phone.route("**/questions/purpose/", lambda route: route.abort())
    first.get_by_label("Strongly agree").check()
    expect(first.get_by_role("status")).to_have_text("Not saved. Trying again…")
    other = first_statements(laptop, link)
    other.get_by_label("Disagree", exact=True).check()
    other.get_by_label("Why is that?").fill("Nobody agreed them")
    expect(other.get_by_role("status")).to_have_text("Saved")
    phone.unroute("**/questions/purpose/")
    phone.clock.run_for(10_000)
    expect(first.get_by_role("status")).to_contain_text("was changed in another window or on another device")
    expect(first.get_by_label("Disagree", exact=True)).to_be_checked()
    expect(first.get_by_label("Why is that?")).to_have_value("Nobody agreed them")
    assert kept() == {"PUR1": (2, "Nobody agreed them")}
    first.get_by_label("Agree", exact=True).check()
    expect(first.get_by_role("status")).to_contain_text("Saved")
    assert kept() == {"PUR1": (4, "")}
    complaints.clear()


def test_a_reason_is_out_of_sight_with_a_higher_answer_and_comes_back_with_a_lower(
    link: PersonalLink, open_browser: Open
) -> None:
    page = open_browser(PHONE)
    first = first_statements(page, link)
    status, reason = first.get_by_role("status"), first.get_by_label("Why is that?")
    first.get_by_label("Disagree", exact=True).check()
    reason.fill("They forget")
    expect(status).to_have_text("Saved")
    first.get_by_label("Neither agree nor disagree").check()
    expect(status).to_have_text("Saved without your reason, which comes back on this page if you disagree again")
    expect(reason).to_be_hidden()
    assert kept() == {"PUR1": (3, "")}
    first.get_by_label("Strongly disagree").check()
    expect(status).to_have_text("Saved")
    expect(reason).to_have_value("They forget")
    assert kept() == {"PUR1": (1, "They forget")}
    first.get_by_label("Agree", exact=True).check()
    expect(status).to_contain_text("without your reason")
    page.reload()
    page.locator("#PUR1").get_by_label("Disagree", exact=True).check()
    expect(page.locator("#PUR1").get_by_label("Why is that?")).to_have_value("")
