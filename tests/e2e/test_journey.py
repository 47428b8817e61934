"""The whole main job in a browser, for Somerset NHS Foundation Trust (RH5), on the registers as published.

The registers are real; every number that this test types in is invented, for a test.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from partnerships.actions.organisations import set_up_organisation
from partnerships.models import AccessGrant, Organisation, Role
from tests.conftest import REGISTERS
from tests.e2e.conftest import check_page
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


def start_from_the_register(page: Page) -> None:
    expect(page.get_by_label(BOARD)).to_be_checked()
    page.get_by_label("South West paediatric diabetes network").uncheck()
    page.get_by_label(TAUNTON).check()
    page.get_by_role("button", name="Add these as drafts").click()
    for name in INVENTED:
        expect(page.get_by_role("link", name=name)).to_be_visible()
    check_page(page)


def describe(page: Page, name: str) -> None:
    page.goto("/o/RH5/partnerships/")
    page.get_by_role("link", name=name).click()
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
