"""The night's page in a browser: it follows real workers, and says without scripts what it says with them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from partnerships.models import Person
from scoring import tasks
from scoring.models import Run, RunState
from scoring.runner import begin_night
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PersonFactory
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]
PAGE = "/service/nights/"


@pytest.fixture
def staff() -> Person:
    """Somebody of the people who run the service, and two organisations, one of which cannot be scored."""
    portfolio(4)
    ill, _, _ = portfolio(6, days=10)
    top = ill.engagement_levels.get(code="prioritise")
    ill.participations.update(mandate_level=top, mandate_source="Health and Care Act 2022")
    person: Person = PersonFactory.create(is_staff=True)
    return person


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_page_follows_the_night_to_its_end(
    open_browser: Callable[..., Page],
    sign_in: SignIn,
    worker: subprocess.Popen[bytes],
    staff: Person,
    viewport: dict[str, int],
) -> None:
    page = open_browser(viewport)
    sign_in(page, staff.email, PASSWORD)
    page.goto(PAGE)
    expect(page.get_by_text("There has been no night yet.")).to_be_visible()
    check_page(page)
    night = begin_night(timezone.now())
    page.goto("/")
    page.get_by_role("link", name="The night", exact=True).click()
    expect(page.get_by_text("None of 2 is finished yet.")).to_be_visible()
    page.evaluate("document.body.dataset.same = 'page'")
    check_page(page)
    tasks.fill_the_window()
    expect(page.get_by_text("All 2 organisations")).to_be_visible(timeout=90_000)
    tasks.queue_again()
    expect(page.get_by_text("All 2 organisations were finished in")).to_be_visible()
    expect(page.get_by_role("link", name="Reload to see how far it is")).to_be_hidden(timeout=20_000)
    assert page.evaluate("document.body.dataset.same") == "page", "the page was reloaded"
    expect(page.get_by_text("27 executive days a quarter more than there are")).to_be_visible()
    check_page(page)
    assert set(night.runs.values_list("state", flat=True)) == {RunState.DONE, RunState.FAILED}


def test_without_scripts_the_night_is_reloaded(open_browser: Callable[..., Page], staff: Person) -> None:
    begin_night(timezone.now())
    page = open_browser(java_script_enabled=False)
    page.goto(f"/accounts/login/?next={PAGE}")
    page.get_by_label("Email address").fill(staff.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("None of 2 is finished yet.")).to_be_visible()
    for run in Run.objects.for_the_night():
        tasks.score_by_night(run.pk)
    page.get_by_role("link", name="Reload to see how far it is").click()
    expect(page.get_by_text("All 2 organisations were finished in")).to_be_visible()
    expect(page.get_by_role("heading", name="Who could not be scored, and why")).to_be_visible()
