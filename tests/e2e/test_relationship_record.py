"""The relationship record by keyboard: an entry, a difference that is settled, a measure with its chart, a timeline."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people

Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


def day(page: Page, of: str, parts: tuple[str, str, str]) -> None:
    boxes = page.get_by_role("group", name=of)
    for name, part in zip(("Day", "Month", "Year"), parts, strict=True):
        boxes.get_by_label(name, exact=True).fill(part)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


@both_screens
def test_a_record_is_written_and_read(
    viewport: dict[str, int],
    transactional_db: None,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals")
    partnership = PartnershipFactory.create(name="Frailty at Home", recorded_by=organisation)
    active_participation(organisation, partnership=partnership)
    record = f"/o/{organisation.code}/partnerships/{partnership.slug}/record/"

    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, record)
    page.get_by_role("link", name="Add to the record").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What do you want to add?")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Successes").click()
    press(page, "Add to the record")
    expect(page.get_by_role("alert")).to_contain_text("Write what you want to keep on the record.")
    check_page(page)
    page.get_by_label("What went well together?").fill("One shared rota")
    press(page, "Add to the record")
    expect(page.get_by_text("One shared rota").first).to_be_visible()

    settle_a_difference(page, visit, record)
    measure_something(page, visit, record)
    visit(page, f"{record}timeline/")
    expect(page.get_by_text("Difference: settled")).to_be_visible()
    page.get_by_role("link", name="Notes", exact=True).click()
    expect(page.get_by_text("One shared rota").first).to_be_visible()
    expect(page.get_by_text("Difference: settled")).to_have_count(0)
    visit(page, record)
    check_page(page)


def settle_a_difference(page: Page, visit: Visit, record: str) -> None:
    visit(page, f"{record}add/difference/")
    page.get_by_label("Where do you differ?").fill("Who pays for transport")
    day(page, "When did it come up?", ("27", "3", "2026"))
    press(page, "Add to the record")
    expect(page.get_by_role("heading", name="What waits for somebody")).to_be_visible()
    page.get_by_role("link", name="how it stands").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Settled").focus()
    page.keyboard.press("Space")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("Say how it was settled.")
    page.get_by_label("What is being done about it").fill("Each pays half")
    day(page, "When was it settled?", ("1", "4", "2026"))
    press(page, "Save")
    expect(page.get_by_text("Each pays half").first).to_be_visible()
    expect(page.get_by_role("heading", name="What waits for somebody")).to_have_count(0)


def measure_something(page: Page, visit: Visit, record: str) -> None:
    visit(page, f"{record}add/measure/")
    page.get_by_label("What do you measure?").fill("Days to first contact")
    page.get_by_role("radio", name="Lower is better").focus()
    page.keyboard.press("Space")
    page.get_by_label("Target", exact=False).first.fill("18")
    press(page, "Add to the record")
    expect(page.get_by_role("heading", name="Days to first contact")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Add figures").focus()
    page.keyboard.press("Enter")
    lines = [f"{month}/2025" for month in range(1, 11)]
    figures = [30, 31, 30, 31, 30, 31, 30, 31, 30, 12]
    page.get_by_label("Figures", exact=False).fill(
        "\n".join(f"1/{line}\t{figure}" for line, figure in zip(lines, figures, strict=True))
    )
    check_page(page)
    press(page, "Add these figures")
    expect(page.get_by_text("10 new figures added.")).to_be_visible()
    expect(page.get_by_text("Better than chance explains").first).to_be_visible()
    expect(page.locator("#chart-outcome .plot-container")).to_be_visible()
    page.get_by_text("Show these numbers as a table").click()
    expect(page.get_by_role("rowheader", name="1 October 2025")).to_be_visible()
    check_page(page)
