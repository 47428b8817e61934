"""The whole main job in a browser, for Somerset NHS Foundation Trust (RH5), on the registers as published.

The registers are real; every number that this test types in is invented, for a test.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from diagnostics.tasks import keep_up
from partnerships.actions.organisations import set_up_organisation
from partnerships.models import AccessGrant, Organisation, Role
from tests.conftest import REGISTERS
from tests.e2e.conftest import PHONE, check_page
from tests.factories import PASSWORD, PersonFactory

FILES = [
    "ods_trusts/etr_2025-12.csv",
    "ods_icb_partners/icb-partners-master-december-2024.xlsx",
    "ods_pcn/ePCN_2024-10.xlsx",
    "clinical_networks/open_uk_networks_trusts.csv",
    "clinical_networks/pz_codes_networks.csv",
]
BOARD = "NHS Somerset Integrated Care Board"
EPILEPSY = "South West Interest Group Paediatric Epilepsy"
TAUNTON = "Taunton Central PCN"
# Executive days at Prioritise, and the rating of the one claim, for each of the three: they cannot all be prioritised.
INVENTED = {BOARD: ("30", "70"), EPILEPSY: ("20", "35"), TAUNTON: ("25", "60")}


@pytest.mark.register
def test_from_the_register_to_the_workbook(
    open_browser: Callable[..., Page],
    visit: Callable[[Page, str], None],
    sign_in: Callable[[Page, str, str], None],
    worker: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    call_command("import_register", *[str(REGISTERS / file) for file in FILES], as_of=["2025-12-31"], verbosity=0)
    trust = Organisation.objects.get(code="RH5")
    lead, executive = PersonFactory.create(), PersonFactory.create()
    set_up_organisation(organisation=trust, first_lead=lead)
    AccessGrant.objects.create(organisation=trust, person=executive, role=Role.EXECUTIVE)

    page = open_browser()
    sign_in(page, lead.email, PASSWORD)
    visit(page, "/o/RH5/start/")
    start_from_the_register(page)
    for name, (days, rating) in INVENTED.items():
        describe(page, name)
        enter_days(page, days)
        rate(page, rating)
        make_active(page)
    set_capacity(page, "40")
    for link in start_round(page, EPILEPSY):
        answer_survey(open_browser(PHONE), link)
    close_round(page)

    reader = open_browser(PHONE)
    sign_in(reader, executive.email, PASSWORD)
    read_dashboard(reader)
    open_workbook(reader, tmp_path / "recommendation.xlsx")


def start_from_the_register(page: Page) -> None:
    expect(page.get_by_label(BOARD)).to_be_checked()
    page.get_by_label("South West paediatric diabetes network").uncheck()
    page.get_by_label(TAUNTON).check()
    page.get_by_role("button", name="Add these as drafts").click()
    for name in INVENTED:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    check_page(page)


def describe(page: Page, name: str) -> None:
    page.goto("/o/RH5/partnerships/")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("What it is for").fill("To plan and run services together")
    page.get_by_label("How patients benefit").fill("People are seen sooner, by somebody who has their notes")
    page.get_by_label("How much you give it today").select_option(label="Prioritise")
    page.get_by_role("button", name="Save").click()
    check_page(page)


def enter_days(page: Page, days: str) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Days", exact=True).click()
    page.get_by_label("Executive days at Prioritise, likely").fill(days)
    page.get_by_role("button", name="Suggest the rest").click()
    expect(page.get_by_label("Executive days at Sustain, likely")).not_to_have_value("")
    check_page(page)
    page.get_by_role("button", name="Save days").click()


def rate(page: Page, likely: str) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Value", exact=True).click()
    objective = page.locator("fieldset", has=page.get_by_text("Better care for patients", exact=True))
    objective.get_by_role("checkbox", name="Join up care").check()
    for bound, rating in (("Low", int(likely) - 10), ("Likely", int(likely)), ("High", int(likely) + 10)):
        page.get_by_label(f"{bound} Better care for patients, Join up care").fill(str(rating))
    page.get_by_label("What it rests on (optional) Better care for patients, Join up care").fill(
        "A test's own invention"
    )
    check_page(page)
    page.get_by_role("button", name="Save value").click()


def make_active(page: Page) -> None:
    page.get_by_role("button", name="Make active").click()
    expect(page.get_by_role("button", name="Make active")).to_have_count(0)
    check_page(page)


def set_capacity(page: Page, executive_days: str) -> None:
    page.get_by_role("link", name="Capacity").click()
    check_page(page)
    page.get_by_role("link", name="Enter days").click()
    page.get_by_label("Days in the quarter Executive").fill(executive_days)
    page.get_by_label("Kept in reserve Executive").fill("10")
    for pool in ("Clinical", "Programme"):
        page.get_by_label(f"Days in the quarter {pool}").fill("100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("39 days too many.")).to_be_visible()
    check_page(page)


def start_round(page: Page, name: str) -> list[str]:
    """Start a survey of one partnership for seven people, and have their personal links."""
    page.get_by_role("link", name="Surveys").click()
    page.get_by_role("link", name="Start a survey").click()
    page.get_by_label("Partnership").select_option(name)
    page.get_by_label("Who to ask").fill("\n".join(f"Person {n}, person{n}@partner.example" for n in range(1, 8)))
    page.get_by_role("button", name="Save and check the list").click()
    page.get_by_label("I hand them out").check()
    page.get_by_role("button", name="Open the survey").click()
    shown = page.locator(".survey-link")
    expect(shown).to_have_count(7)
    links = shown.all_inner_texts()
    assert len(set(links)) == 7
    page.get_by_role("link", name="I have the links").click()
    return links


def answer_survey(page: Page, link: str) -> None:
    """Answer everything with the one thumb a phone takes, and send it in."""
    page.goto(link)
    page.get_by_label("I lead or manage").check()
    page.get_by_role("button", name="Start").click()
    send = page.get_by_role("button", name="Send my answers")
    carry_on = page.get_by_role("button", name="Save and continue")
    while carry_on.or_(send).first.inner_text() != "Send my answers":
        statements = page.locator("[data-survey-item]").all()
        assert statements, "a page of the survey has something to answer"
        for item in statements:
            item.get_by_label("Agree", exact=True).check()
            expect(item.get_by_role("status")).to_have_text("Saved")
        number = page.locator("h1 .nhsuk-caption-l").inner_text()
        carry_on.click()
        expect(page.locator("h1")).not_to_contain_text(number)
    send.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    page.context.close()


def close_round(page: Page) -> None:
    keep_up()  # as by the schedule
    page.reload()
    # Too few to tell some of them from others: everybody is counted as the survey closes.
    expect(page.get_by_text("0 of 7 are known to have answered")).to_be_visible()
    page.get_by_role("link", name="Close the survey").click()
    page.get_by_role("button", name="Close the survey").click()
    expect(page.get_by_text("7 of 7 answered.")).to_be_visible()
    check_page(page)


def read_dashboard(page: Page) -> None:
    """The executive's five minutes: the finding, without a reload, from a worker's real run."""
    page.goto("/o/RH5/")
    finding = page.get_by_text("Your 3 partnerships ask for 75 executive days a quarter; you have 36.")
    expect(finding).to_be_visible(timeout=90_000)
    for name in INVENTED:
        expect(page.get_by_role("main").get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.locator(".js-plotly-plot")).not_to_have_count(0)
    # The seven answers are what readiness was read from, and nobody else was surveyed.
    rests_on = page.get_by_role("region", name="What this rests on")
    expect(rests_on).to_contain_text("in which each person who answered counts once.")
    expect(rests_on).to_contain_text("2 partnerships have no survey result yet")
    check_page(page)


def open_workbook(page: Page, path: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a workbook").click()
    download.value.save_as(path)
    book = load_workbook(path)
    rows = list(book["Recommendation"].iter_rows(values_only=True))
    words = {str(cell) for row in rows for cell in row}
    assert set(INVENTED) <= words
    assert any(isinstance(cell, int | float) for row in rows for cell in row), "values are numbers, not text"
    assert book["Recommendation"].tables, "a native table"
