"""Start from the register, on a phone and on a desk, with and without JavaScript."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from partnerships.actions.register import apply_register
from partnerships.imports.register import read_register
from partnerships.models import AccessGrant, Organisation, Role
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, organisation_with_people
from tests.register_files import YEOVIL, eccg, epcn, epilepsy, etr, extract_row, icb_partners, pcn, practice

DAY = datetime.date(2025, 12, 1)


@pytest.fixture
def somerset(transactional_db: None) -> Organisation:
    """Somerset as registers show it, with the trust it took over from, and thirty primary care networks."""
    networks = [pcn(f"U{number:05d}", f"NETWORK {number} PCN") for number in range(30)]
    trusts = [extract_row("RH5", "SOMERSET NHS FOUNDATION TRUST"), extract_row(*YEOVIL, closed="20230331")]
    files = [
        etr(*trusts),
        eccg(),
        icb_partners(),
        epilepsy(("RH5", "SWIPE"), ("RA4", "SWIPE")),
        epcn([pcn("U99999", "FROME PCN"), *networks], [practice(network="U99999")]),
    ]
    _, lead, _ = organisation_with_people(code="SETUP")
    for content in files:
        facts = read_register(content, latest=datetime.date(2030, 1, 1))
        sha256 = hashlib.sha256(content).hexdigest()
        apply_register(facts=facts, file_name="register", sha256=sha256, as_of=DAY, by=lead)
    return Organisation.objects.get(code="RH5")


def lead_of(*codes: str) -> str:
    """The address of a strategy lead of these organisations."""
    _, lead, _ = organisation_with_people()
    for code in codes:
        organisation = Organisation.objects.get(code=code)
        AccessGrant.objects.create(organisation=organisation, person=lead, role=Role.STRATEGY_LEAD)
    return lead.email


@pytest.mark.parametrize(
    ("viewport", "java_script"),
    [(PHONE, True), (DESKTOP, True), (PHONE, False)],
    ids=["phone", "desktop", "without-script"],
)
def test_find_tick_and_add(
    viewport: dict[str, int],
    java_script: bool,
    somerset: Organisation,
    open_browser: Callable[..., Page],
    visit: Callable[[Page, str], None],
    sign_in: Callable[[Page, str, str], None],
) -> None:
    page = open_browser(viewport, java_script_enabled=java_script)
    sign_in(page, lead_of("RH5"), PASSWORD)
    go = visit if java_script else Page.goto  # axe is a script
    go(page, "/o/RH5/start/")
    expect(page.get_by_text("20 of 31 networks")).to_be_visible()
    expect(page.get_by_label("NHS Somerset Integrated Care Board")).to_be_checked()
    page.get_by_label("Network 0 PCN").check()
    page.get_by_label("Name or postcode").fill("frome")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("1 network", exact=True)).to_be_visible()
    expect(page.get_by_label("Network 0 PCN")).to_be_checked()
    page.get_by_label("Frome PCN").check()
    if java_script:
        check_page(page)
    page.get_by_role("button", name="Add these as drafts").click()
    expect(page.get_by_text("4 partnerships are added in draft.")).to_be_visible()
    go(page, "/o/RH5/start/")
    expect(page.get_by_text("In your portfolio", exact=True)).to_have_count(4)


def test_a_closed_trust_and_who_took_over(
    somerset: Organisation,
    open_browser: Callable[..., Page],
    visit: Callable[[Page, str], None],
    sign_in: Callable[[Page, str, str], None],
) -> None:
    page = open_browser(PHONE)
    sign_in(page, lead_of("RH5", "RA4"), PASSWORD)
    visit(page, "/o/RA4/start/")
    page.get_by_role("link", name="Record who took over").click()
    check_page(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_page(page)
    page.get_by_label("Code of the organisation that took over").fill("RH5")
    for part, value in (("Day", "1"), ("Month", "4"), ("Year", "2023")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("took over on 1 April 2023.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Start from the register for Somerset").click()
    page.get_by_role("button", name="Switch and open the page").click()
    expect(page.get_by_label("Network SWIPE")).to_be_checked()


def test_nothing_to_start_from(
    transactional_db: None,
    open_browser: Callable[..., Page],
    visit: Callable[[Page, str], None],
    sign_in: Callable[[Page, str, str], None],
) -> None:
    organisation, lead, _ = organisation_with_people()
    page = open_browser(PHONE)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/start/")
    expect(page.get_by_text("manage.py import_register")).to_be_visible()
