"""Sharing a level and reading it as the system does, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from partnerships.actions.sharing import set_sharing
from partnerships.models import AccessGrant, Audience, Organisation, OrganisationKind, Partnership, Role
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import (
    PASSWORD,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    active_participation,
    organisation_with_people,
)

Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@both_screens
def test_a_level_is_shared_by_keyboard_and_read_by_the_system(
    viewport: dict[str, int],
    transactional_db: None,
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    board = OrganisationFactory.create(name="NHS Fernshire Integrated Care Board", kind=OrganisationKind.ICB)
    organisation, lead, _ = organisation_with_people(name="Fernshire Hospitals", icb_code=board.code)
    partnership = PartnershipFactory.create(
        name="Fernshire and Dunmarsh Acute Provider Collaborative", recorded_by=organisation
    )
    active_participation(organisation, "keep-in-touch", partnership=partnership)
    pulls_the_other_way(board, partnership)
    reader = PersonFactory.create(name="Hannah Beckett")
    AccessGrant.objects.create(organisation=board, person=reader, role=Role.SYSTEM_READER)

    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{organisation.code}/sharing/")
    boxes = page.get_by_role("checkbox", name=f"{partnership.name}, with {board.name}")
    decisions = boxes.nth(1)
    decisions.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save what we share").click()
    expect(page.get_by_text("tick the level as well").first).to_be_visible()
    check_page(page)
    tick = boxes.first
    tick.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save what we share").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("What you share is saved.")).to_be_visible()
    expect(tick).to_be_checked()
    expect(decisions).to_be_checked()
    check_page(page)

    theirs = open_browser(viewport)
    sign_in(theirs, reader.email, PASSWORD)
    visit(theirs, f"/system/{board.code}/")
    expect(theirs.get_by_text("In 1 of the 1 that two or more have shared, they pull apart.")).to_be_visible()
    theirs.get_by_role("link", name=partnership.name).click()
    expect(theirs.get_by_role("heading", name=partnership.name)).to_be_visible()
    expect(theirs.get_by_role("columnheader", name="Decided")).to_have_count(1)
    check_page(theirs)


def pulls_the_other_way(board: Organisation, partnership: Partnership) -> None:
    other, lead, _ = organisation_with_people(name="Thornwick General Hospital", icb_code=board.code)
    theirs = active_participation(other, "prioritise", partnership=partnership)
    set_sharing(organisation=other, by=lead, wanted={theirs.pk: frozenset({Audience.SYSTEM})})
