"""Changing what surveys ask: with the keyboard alone, on a phone and on a desk, and without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from diagnostics.questions import questions_in_use
from partnerships.models import Organisation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.e2e.test_people import press
from tests.factories import PASSWORD, organisation_with_people

both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
SignIn = Callable[[Page, str, str], None]
Visit = Callable[[Page, str], None]
TEXT = "We make time to get to know one another."


@pytest.fixture
def house(transactional_db: None) -> tuple[Organisation, Person]:
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals")
    return organisation, lead


@both_screens
def test_a_statement_is_worded_otherwise_and_the_version_published(
    viewport: dict[str, int],
    house: tuple[Organisation, Person],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead = house
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/surveys/")
    press(page, page.get_by_role("link", name="See what it asks"))
    expect(page.get_by_role("heading", name="What our surveys ask")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name="Change the questions"))
    expect(page.get_by_role("heading", name="Change the questions")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name=re.compile("build trust between us")))
    expect(page.get_by_role("heading", name="Change a statement")).to_be_visible()
    page.get_by_label("Statement").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    check_page(page)
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text(f"“{TEXT}” instead of")).to_be_visible()
    check_page(page)
    page.get_by_label("Why do the questions change?").focus()
    page.keyboard.type("People asked what it meant.")
    press(page, page.get_by_role("button", name="Publish this version"))
    expect(page.get_by_text("The new version is published")).to_be_visible()
    check_page(page)
    press(page, page.get_by_role("link", name=f"{organisation.code.lower()}-1", exact=True))
    expect(page.get_by_text("People asked what it meant.")).to_be_visible()
    check_page(page)
    assert questions_in_use(organisation).item_by_code["TRU1"].text == TEXT


def test_a_file_goes_out_and_comes_back_without_javascript(
    house: tuple[Organisation, Person],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    organisation, lead = house
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/surveys/questions/partnership/upload/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download what your surveys ask").click()
    file = tmp_path / "questions.json"
    download.value.save_as(file)
    document = json.loads(file.read_text(encoding="utf-8"))
    document["items"][0]["text"] = 7
    file.write_text(json.dumps(document), encoding="utf-8")
    page.get_by_label("Your file of questions").set_input_files(file)
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_text("items 1, text: expected words, not 7.").first).to_be_visible()
    document["items"][0]["text"] = TEXT
    file.write_text(json.dumps(document), encoding="utf-8")
    page.get_by_label("Your file of questions").set_input_files(file)
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_text(f"“{TEXT}” instead of")).to_be_visible()
