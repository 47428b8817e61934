"""The pages of rules, weights, shares and the cost of change in a browser, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.models import Organisation, PartnershipKind, Person, RuleKind
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people

Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]
both_screens = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def ruled(transactional_db: None) -> tuple[Organisation, Person]:
    """Two provider collaboratives with long names, one council partnership, and a rule over the former."""
    organisation, lead, _ = organisation_with_people()
    collaborative = PartnershipKind.objects.get(code="provider-collaborative")
    names = ("Fernshire and Dunmarsh Acute Provider Collaborative", "Fernshire Mental Health Collaborative")
    for name in names:
        active_participation(
            organisation, partnership=PartnershipFactory.create(name=name, recorded_by=organisation, kind=collaborative)
        )
    council = PartnershipKind.objects.get(code="council")
    place = PartnershipFactory.create(name="Mossbury Place Partnership", recorded_by=organisation, kind=council)
    active_participation(organisation, partnership=place)
    add_rule(
        organisation=organisation,
        by=lead,
        facts=RuleFacts(
            kind=RuleKind.AT_LEAST,
            level=organisation.engagement_levels.get(code="sustain").pk,
            source="NHS England guidance on provider collaboratives: every acute and mental health trust is in one",
            at_least=1,
            partnership_kind=collaborative.pk,
        ),
    )
    return organisation, lead


@both_screens
def test_every_page_of_rules_is_fit_to_read(
    viewport: dict[str, int],
    ruled: tuple[Organisation, Person],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead = ruled
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    rule = organisation.rules.get()
    for path in ("", f"{rule.pk}/", *(f"add/{kind}/" for kind in RuleKind.values)):
        visit(page, f"/o/{organisation.code}/rules/{path}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Choose the other partnership.")).to_be_visible()
    check_page(page)


def test_a_rule_is_added_changed_and_removed_without_scripts(
    ruled: tuple[Organisation, Person], open_browser: Callable[..., Page], sign_in: SignIn
) -> None:
    organisation, lead = ruled
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/criteria/")
    page.get_by_role("link", name="Rules between partnerships").click()
    page.get_by_role("link", name="One needs another").click()
    page.get_by_label("This partnership", exact=True).select_option(label="Mossbury Place Partnership")
    page.get_by_label("At this level or above", exact=True).select_option(label="Prioritise")
    page.get_by_label("Needs this partnership").select_option(label="Fernshire Mental Health Collaborative")
    page.get_by_label("To be at this level or above").select_option(label="Sustain")
    page.get_by_label("Where that is written, or why it holds").fill("The place plan of 2026")
    page.get_by_role("button", name="Save").click()
    words = "Mossbury Place Partnership at Prioritise or above needs Fernshire Mental Health Collaborative at Sustain"
    expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("link", name=words).click()
    page.get_by_role("button", name="Remove this rule").click()
    expect(page.get_by_text(f"Removed: {words}")).to_be_visible()
    assert organisation.rules.count() == 1
