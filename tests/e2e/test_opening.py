"""A lead changes who is asked and has a survey open by itself on a day: on a phone and at a desk, by keyboard."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostics.models import Round
from diagnostics.opening import open_on_their_day
from partnerships.models import Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import press, reach
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.survey_data import draft

both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
Open = Callable[..., Page]
SignIn = Callable[[Page, str, str], None]
Visit = Callable[[Page, str], None]


@pytest.fixture
def asked(transactional_db: None, settings: Any) -> tuple[Person, Participation]:
    settings.SITE_ADDRESS, settings.REMINDERS_AT_ANY_TIME = "http://testserver/", True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals")
    partnership = PartnershipFactory.create(name="Ferry Hill Alliance", recorded_by=organisation)
    return lead, active_participation(organisation, partnership=partnership)


def next_weekday() -> datetime.date:
    day = timezone.localdate() + datetime.timedelta(days=1)
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
    return day


def enter(page: Page, day: datetime.date) -> None:
    for part in ("day", "month", "year"):
        box = page.get_by_label(part.title(), exact=True)
        reach(page, box)
        page.keyboard.press("Control+A")
        page.keyboard.type(str(getattr(day, part)))


@both_screens
def test_a_survey_opens_by_itself_on_the_day_that_was_set(
    viewport: dict[str, int],
    asked: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = asked
    made, day = draft(participation, lead), next_weekday()
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{participation.organisation.code}/surveys/{made.pk}/")
    press(page, page.get_by_role("link", name="Open it by itself on a day"))
    expect(page.get_by_role("heading", name="Open it by itself on a day")).to_be_visible()
    check_page(page)
    enter(page, timezone.localdate())
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("alert").get_by_text("Enter a day from tomorrow on.")).to_be_visible()
    check_page(page)
    enter(page, day)
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text(f"Opens by itself on {day:%A} {day.day} {day:%B %Y}", exact=True)).to_be_visible()
    check_page(page)
    Round.objects.update(opens_by_itself_on=timezone.localdate())
    assert open_on_their_day(participation.organisation) == 1
    page.reload()
    expect(page.get_by_text("7 people are still to get their link by email")).to_be_visible()
    check_page(page)


@both_screens
def test_who_is_asked_is_changed_while_nobody_has_been(
    viewport: dict[str, int],
    asked: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = asked
    made = draft(participation, lead)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{participation.organisation.code}/surveys/{made.pk}/")
    press(page, page.get_by_role("link", name="Change who is asked"))
    expect(page.get_by_role("heading", name="Change who is asked")).to_be_visible()
    check_page(page)
    reach(page, page.get_by_label("Who to ask"))
    page.keyboard.press("Control+End")
    page.keyboard.type("\nAda Shah")
    press(page, page.get_by_role("button", name="Save the list"))
    expect(page.get_by_role("alert").get_by_text("Line 8: Enter a name")).to_be_visible()
    check_page(page)
    reach(page, page.get_by_label("Who to ask"))
    page.keyboard.press("Control+End")
    page.keyboard.type(", ada@example.org")
    press(page, page.get_by_role("button", name="Save the list"))
    expect(page.get_by_text("The list is changed.")).to_be_visible()
    expect(page.get_by_text("ada@example.org")).to_be_visible()
    check_page(page)
    assert made.invitations.count() == 8
