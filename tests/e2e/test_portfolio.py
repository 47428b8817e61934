"""The portfolio's pages in a browser, on a phone and on a desk, with scripts and without."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from partnerships.actions.days import record_days
from partnerships.actions.ratings import Rating, record_ratings
from partnerships.estimates import range_around
from partnerships.models import Organisation, OrganisationName, Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, OrganisationFactory, active_participation, organisation_with_people

Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def portfolio(transactional_db: None) -> tuple[Organisation, Person, Participation]:
    organisation, lead, _ = organisation_with_people(name="A TRUST WITH A FAIRLY LONG NAME NHS FOUNDATION TRUST")
    participation = active_participation(organisation, sponsor="Ann Lee", stage="norming")
    active_participation(organisation, sponsor="Mark Poole")
    level, pool = organisation.engagement_levels.get(code="prioritise"), organisation.capacity_pools.all()[0]
    objective, way = organisation.objectives.all()[0], organisation.ways_of_creating_value.all()[0]
    record_days(participation=participation, by=lead, estimates={(level.pk, pool.pk): range_around(Decimal(10))})
    rating = Rating(Decimal(10), Decimal(60), Decimal(80), "Audit of 2025")
    record_ratings(participation=participation, by=lead, ratings={(objective.pk, way.pk): rating})
    return organisation, lead, participation


@both_screens
def test_every_page_is_fit_to_read(
    viewport: dict[str, int],
    portfolio: tuple[Organisation, Person, Participation],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead, participation = portfolio
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    one = f"partnerships/{participation.partnership.slug}/"
    paths = [
        "partnerships/",
        "partnerships/?state=ended",
        "partnerships/add/",
        "partnerships/import/",
        one,
        *(f"{one}edit/{section}" for section in ("", "members/?search=trust", "days/", "ratings/", "duty/")),
        *(f"capacity/{part}" for part in ("", "change/", "pools/", "levels/")),
        *(f"criteria/{part}" for part in ("", "weights/", "objectives/", "ways/")),
    ]
    for path in paths:
        visit(page, f"/o/{organisation.code}/{path}")  # which checks it with axe, and that nothing overflows
        assert page.locator("h1").count() == 1, path


def test_filtering_replaces_the_table_and_keeps_the_address(
    portfolio: tuple[Organisation, Person, Participation],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead, participation = portfolio
    page = open_browser()
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/partnerships/")
    page.get_by_label("Sponsor").select_option(label="Ann Lee")
    expect(page.get_by_text("1 partnership, filtered")).to_be_visible()
    expect(page).to_have_url(re.compile(r"sponsor=Ann(\+|%20)Lee"))
    check_page(page)
    page.reload()
    expect(page.get_by_role("link", name=participation.partnership.name, exact=True)).to_be_visible()
    expect(page.get_by_text("1 partnership, filtered")).to_be_visible()


def test_a_claim_opens_its_boxes_and_searching_finds_members_as_one_types(
    portfolio: tuple[Organisation, Person, Participation],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead, participation = portfolio
    found = OrganisationFactory.create(name="SOMERSET NHS FOUNDATION TRUST", code="RH5")
    OrganisationName.objects.create(organisation=found, name=found.name)
    page = open_browser()
    sign_in(page, lead.email, PASSWORD)
    edit = f"/o/{organisation.code}/partnerships/{participation.partnership.slug}/edit/"
    visit(page, f"{edit}ratings/")
    money = page.locator("fieldset", has=page.get_by_text("Money well spent", exact=True))
    box = page.get_by_label("Likely Money well spent, Pool strength")
    expect(box).to_be_hidden()
    money.get_by_role("checkbox", name="Pool strength").check()
    expect(box).to_be_visible()
    visit(page, f"{edit}members/")
    page.get_by_label("Find an organisation").press_sequentially("somerset")
    page.get_by_label("Somerset NHS Foundation Trust (RH5)").check()
    check_page(page)
    page.get_by_role("button", name="Add as a member").click()
    expect(page.get_by_text("Somerset NHS Foundation Trust is a member.")).to_be_visible()


def test_the_whole_of_a_partnership_without_scripts(
    open_browser: Callable[..., Page], visit: Visit, sign_in: SignIn, tmp_path: Path, transactional_db: None
) -> None:
    organisation, lead, _ = organisation_with_people()
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/partnerships/")
    page.get_by_role("link", name="add a partnership").click()
    page.get_by_label("Name").fill("Mendip Together")
    page.get_by_role("button", name="Add as a draft").click()
    expect(page.get_by_role("link", name="Choose the kind of partnership.")).to_be_visible()
    page.get_by_label("Kind of partnership").select_option(label="Council partnership")
    page.get_by_label("How patients benefit").fill("Seen sooner")
    page.get_by_label("How much you give it today").select_option(label="Sustain")
    page.get_by_role("button", name="Add as a draft").click()
    page.get_by_role("link", name="Change days").click()
    page.get_by_label("Executive days at Prioritise, likely").fill("10")
    page.get_by_role("button", name="Suggest the rest").click()
    expect(page.get_by_label("Executive days at Sustain, likely")).to_have_value("3.5")
    page.get_by_role("button", name="Save days").click()
    page.get_by_role("button", name="Make active").click()
    expect(page.get_by_text("Mendip Together is active.")).to_be_visible()
    import_without_scripts(page, organisation, tmp_path)


def import_without_scripts(page: Page, organisation: Organisation, tmp_path: Path) -> None:
    file = tmp_path / "portfolio.csv"
    with file.open("w", newline="") as open_file:
        rows = [
            ["Name", "Kind", "What it is for"],
            ["Mendip Together", "", "To plan"],
            ["A new one", "Hospital group", ""],
        ]
        csv.writer(open_file).writerows(rows)
    page.goto(f"/o/{organisation.code}/partnerships/import/")
    page.get_by_label("Your spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("1 new, 1 changed, 0 unchanged")).to_be_visible()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("1 added, 1 changed")).to_be_visible()


@both_screens
def test_a_preview_and_its_errors_are_fit_to_read(
    viewport: dict[str, int],
    portfolio: tuple[Organisation, Person, Participation],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    organisation, lead, participation = portfolio
    file = tmp_path / "portfolio.csv"
    rows = [["Name", "Kind", "Sponsor"], [participation.partnership.name, "", "Ann"]]
    file.write_text("\n".join(",".join(row) for row in rows))
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/partnerships/import/")
    page.get_by_label("Your spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("link", name="Column C is headed “Sponsor”")).to_be_visible()
    check_page(page)
    rows = [["Name", "Kind"], ["New", "Council partnership"], ["Broken", "A kind of its own"]]
    file.write_text("\n".join(",".join(row) for row in rows))
    page.get_by_label("Your spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("1 new, 0 changed, 0 unchanged, 1 that cannot be used")).to_be_visible()
    check_page(page)


@both_screens
def test_a_name_that_may_be_there_already_is_answered_by_keyboard(
    viewport: dict[str, int],
    portfolio: tuple[Organisation, Person, Participation],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    organisation, lead, participation = portfolio
    participation.partnership.name = "Frailty at Home"
    participation.partnership.save()
    file = tmp_path / "portfolio.csv"
    kind = participation.partnership.kind.name
    file.write_text(f"Name,Kind,What it is for\nFrailty at home (Fernshire),{kind},To meet\n")
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/partnerships/import/")
    page.get_by_label("Your spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").press("Enter")
    expect(page.get_by_role("heading", name="Is it there already?")).to_be_visible()
    expect(page.get_by_role("button", name="Import")).to_have_count(0)
    check_page(page)
    page.get_by_role("button", name="Keep the answers").press("Enter")
    expect(page.get_by_text("Choose an answer for row 2 too.")).to_be_visible()
    check_page(page)
    page.get_by_role("radio", name="The same as").press("Space")
    page.get_by_role("button", name="Keep the answers").press("Enter")
    expect(page.get_by_text("Look through what happens now, then import.")).to_be_visible()
    expect(page.get_by_text("becomes To meet")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Import 1 row").press("Enter")
    expect(page.get_by_text("0 added, 1 changed")).to_be_visible()
    participation.refresh_from_db()
    assert participation.purpose == "To meet"
