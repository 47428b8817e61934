"""The better partner plan in a browser: an action whose effect the next round shows; practices and options."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from decisions.models import PlanAction, Practice, PracticeState
from partnerships.models import Organisation, Person
from scoring.models import WhatIf
from scoring.runner.working_out import work_out
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD
from tests.integration.decisions.scored import score, scored_portfolio
from tests.integration.diagnostics.survey_data import closed

pytestmark = pytest.mark.django_db(transaction=True)
both_screens = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
SignIn = Callable[[Page, str, str], None]
LOW, HIGH = [2, 2, 3, 2, 2, 2, 3], [4, 5, 4, 4, 5, 4, 4]


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 4


@pytest.fixture
def surveyed() -> tuple[Organisation, Person, Person]:
    """A scored portfolio of which one partnership has a survey with low answers."""
    organisation, lead, executive = scored_portfolio()
    closed(organisation.participations.get(partnership__name="Alliance 0"), lead, LOW)
    score(organisation, lead)
    return organisation, lead, executive


@both_screens
def test_an_action_whose_effect_the_next_round_shows(
    viewport: dict[str, int],
    surveyed: tuple[Organisation, Person, Person],
    open_browser: Callable[..., Page],
    sign_in: SignIn,
) -> None:
    organisation, lead, executive = surveyed
    page = open_browser(viewport)
    sign_in(page, executive.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/plan/")
    expect(page.get_by_role("heading", name="Better partner plan")).to_be_visible()
    check_page(page)

    # The suggestion fills in the form.
    page.get_by_role("link", name=re.compile("Add this action.*Alliance 0")).first.press("Enter")
    one = organisation.participations.get(partnership__name="Alliance 0")
    expect(page.get_by_label("Where")).to_have_value(str(one.pk))
    check_page(page)
    page.get_by_role("button", name="Add the action").press("Enter")
    page.get_by_role("link", name="Enter what will be done.").press("Enter")
    check_page(page)
    page.get_by_role("textbox", name="What will be done").fill("Meet the council’s directors each month")
    page.get_by_label("Executive days a quarter").fill("4")
    page.get_by_role("button", name="Add the action").press("Enter")
    expect(page.get_by_text("In the plan: due on")).to_be_visible()
    expect(page.get_by_text("Not known yet").first).to_be_visible()
    check_page(page)

    # Capacity carries its days, on its page and in the next score.
    page.get_by_role("link", name="see them on the page of capacity").press("Enter")
    expect(page.get_by_text("Meet the council’s directors each month")).to_be_visible()
    expect(page.get_by_text("23 are available: 30 less a reserve of 10%, less 4 set aside.")).to_be_visible()
    check_page(page)
    run = score(organisation, lead)
    limit = next(pool for pool in run.frozen_inputs()["pools"] if pool["id"] == "executive")
    assert limit["set_aside"] == 4.0
    assert run.outcome()["available"]["executive"] == 23.0

    page.goto(f"/o/{organisation.code}/plan/")
    page.get_by_role("link", name="Meet the council’s directors each month").press("Enter")
    check_page(page)
    page.get_by_role("radio", name="It has begun").press("Space")
    page.get_by_role("button", name="Save how far it is").press("Enter")
    expect(page.get_by_text("Under way")).to_be_visible()

    # The next round of the same partnership closes with better answers.
    closed(organisation.participations.get(partnership__name="Alliance 0"), lead, HIGH)
    page.goto(f"/o/{organisation.code}/plan/")
    expect(page.get_by_text("Moved up", exact=True)).to_be_visible()
    expect(page.get_by_text("more than chance would do").first).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Meet the council’s directors each month").press("Enter")
    expect(page.get_by_text("It rose by 2.0, from 2.3 to 4.3")).to_be_visible()
    page.get_by_role("radio", name="It is done").press("Space")
    page.get_by_role("textbox", name="What came of it").fill("They write to us first")
    page.get_by_role("button", name="Save how far it is").press("Enter")
    expect(page.get_by_text("given back on")).to_be_visible()
    check_page(page)
    page.goto(f"/o/{organisation.code}/capacity/")
    expect(page.get_by_text("27 are available: 30 less a reserve of 10%.")).to_be_visible()
    assert PlanAction.objects.get().closed_by == executive
    page.goto(f"/o/{organisation.code}/plan/")
    page.get_by_role("link", name="what happened in the plan").press("Enter")
    newest = page.get_by_role("listitem").filter(has_text="Done: Meet the council’s directors each month")
    expect(newest).to_contain_text("They write to us first")
    expect(newest).to_contain_text("Moved up")
    expect(newest).to_contain_text(f"Recorded by {executive}.")
    check_page(page)


@both_screens
def test_a_practice_is_stopped_and_an_option_is_valued(
    viewport: dict[str, int],
    surveyed: tuple[Organisation, Person, Person],
    open_browser: Callable[..., Page],
    sign_in: SignIn,
) -> None:
    organisation, lead, _ = surveyed
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/plan/")
    page.get_by_role("link", name="Propose a practice to remove").press("Enter")
    check_page(page)
    page.get_by_role("textbox", name="What we do that could stop").fill("Three reports of the same")
    page.get_by_role("textbox", name="Why it gets in the way").fill("Nobody reads two of them")
    page.get_by_role("button", name="Propose it").press("Enter")
    page.get_by_role("link", name="Enter the days that stopping it would free").press("Enter")
    check_page(page)
    page.get_by_label("Executive days a quarter").fill("3")
    page.get_by_role("button", name="Propose it").press("Enter")
    expect(page.get_by_text("Its days count once it has stopped.")).to_be_visible()
    page.get_by_role("link", name="Three reports of the same").press("Enter")
    check_page(page)
    page.get_by_role("radio", name="It has stopped").press("Space")
    page.get_by_role("button", name="Save what became of it").press("Enter")
    expect(page.get_by_text("free since")).to_be_visible()
    assert Practice.objects.get().state == PracticeState.STOPPED
    page.goto(f"/o/{organisation.code}/capacity/")
    expect(page.get_by_text("30 are available: 30 less a reserve of 10%, and 3 freed.")).to_be_visible()
    check_page(page)

    page.goto(f"/o/{organisation.code}/plan/")
    page.get_by_role("link", name="Add an option for more capacity").press("Enter")
    check_page(page)
    page.get_by_role("textbox", name="What it is").fill("A partnership office")
    page.get_by_role("textbox", name="What it would cost a year").fill("50000")
    page.get_by_label("Executive days a quarter").fill("20")
    page.get_by_role("button", name="Add the option").press("Enter")
    page.get_by_role("button", name="Work out what they would add").press("Enter")
    expect(page.get_by_text("being worked out; open")).to_be_visible()
    claimed = WhatIf.objects.claim(WhatIf.objects.get().pk, now=timezone.now())
    assert claimed is not None
    work_out(claimed)
    page.reload()
    expect(page.get_by_text("for £10,000 a year")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="points of value a quarter").press("Enter")
    expect(page.get_by_role("button", name="Save this what-if")).to_be_visible()
    page.goto(f"/o/{organisation.code}/plan/")
    page.get_by_role("link", name="Remove A partnership office").press("Enter")
    check_page(page)
    page.get_by_role("button", name="Take it off the list").press("Enter")
    expect(page.get_by_text("“A partnership office” is off the list.")).to_be_visible()


def test_an_action_without_scripts(
    surveyed: tuple[Organisation, Person, Person], open_browser: Callable[..., Page], sign_in: SignIn
) -> None:
    organisation, lead, _ = surveyed
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/plan/")
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("Which characteristic it is about").select_option("trust")
    page.get_by_role("textbox", name="What will be done").fill("Write less, meet more")
    page.get_by_role("button", name="Add the action").click()
    page.get_by_role("link", name="Write less, meet more").click()
    page.locator("summary", has_text="Change the action").click()
    page.get_by_label("Clinical days a quarter").fill("2")
    page.get_by_role("button", name="Save the action").click()
    expect(page.get_by_text("2 clinical days a quarter")).to_be_visible()
