"""The pages of rules, weights, shares and the cost of change in a browser, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from partnerships.actions.capacity import PoolCapacity, set_capacity
from partnerships.actions.pool_shares import record_share
from partnerships.actions.rules import RuleFacts, add_rule, remove_rule
from partnerships.models import Organisation, PartnershipKind, Person, Quarter, RuleKind
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
    remove_rule(rule=rule, by=lead)
    visit(page, f"/o/{organisation.code}/rules/")
    removed = page.get_by_role("table", name="Removed and changed rules")
    expect(
        removed.get_by_text("Keep at least 1 of the kind “Provider collaborative” at Sustain or above")
    ).to_be_visible()
    expect(removed.get_by_text(f"Removed by {lead}")).to_be_visible()


@both_screens
def test_weights_shares_and_the_cost_of_change_are_fit_to_read(
    viewport: dict[str, int],
    ruled: tuple[Organisation, Person],
    open_browser: Callable[..., Page],
    visit: Visit,
    sign_in: SignIn,
) -> None:
    organisation, lead = ruled
    share_a_pool(organisation, lead)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    for path in ("criteria/ranking/", "criteria/cost-of-change/", "capacity/sharing/", "capacity/", "capacity/change/"):
        visit(page, f"/o/{organisation.code}/{path}")
    page.goto(f"/o/{organisation.code}/capacity/sharing/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Enter the organisations that share the pool with you.")).to_be_visible()
    check_page(page)


def share_a_pool(organisation: Organisation, lead: Person) -> None:
    pool = organisation.capacity_pools.get(code="clinical")
    this = Quarter.containing(timezone.localdate())
    amounts = {pool.pk: PoolCapacity(Decimal(90), Decimal(10))}
    set_capacity(organisation=organisation, by=lead, quarter=this, amounts=amounts)
    record_share(
        organisation=organisation,
        by=lead,
        pool=pool,
        shared_with="Mossbury Hospitals and Fernshire Community Services",
        percent=Decimal(40),
        from_quarter=this,
        until_quarter=this.next(),
    )


@both_screens
def test_points_are_asked_for_in_order_and_read_back_without_scripts(
    viewport: dict[str, int], ruled: tuple[Organisation, Person], open_browser: Callable[..., Page], sign_in: SignIn
) -> None:
    organisation, lead = ruled
    page = open_browser(viewport, java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/criteria/weights/")
    page.get_by_role("link", name="Rank them first").click()
    names = [one.name for one in organisation.objectives.all()]
    for place, name in enumerate(reversed(names), start=1):
        page.get_by_label(name).select_option(value=str(place))
    page.get_by_role("button", name="Give points in this order").click()
    page.wait_for_url("**/criteria/weights/?order=*")
    asked = page.locator("label").all_inner_texts()
    assert [text for text in asked if text in names] == names[::-1]
    for name, points in zip(reversed(names), ("100", "50", "30", "10"), strict=True):
        page.get_by_label(name).fill(points)
    for way in organisation.ways_of_creating_value.all():
        page.get_by_label(way.name).fill("25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Is that what you mean?")).to_be_visible()
    assert organisation.objective_weights.count() == 0
    page.get_by_role("button", name="No, change the points").click()
    expect(page.get_by_label(names[-1])).to_have_value("100")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Yes to both, save my weights").click()
    expect(page.get_by_text("Your weights are saved.")).to_be_visible()
    assert organisation.objective_weights.count() == 4


@both_screens
def test_the_question_is_fit_to_read(
    viewport: dict[str, int], ruled: tuple[Organisation, Person], open_browser: Callable[..., Page], sign_in: SignIn
) -> None:
    organisation, lead = ruled
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    page.goto(f"/o/{organisation.code}/criteria/weights/")
    for number, criterion in enumerate([*organisation.objectives.all(), *organisation.ways_of_creating_value.all()]):
        page.get_by_label(criterion.name).fill(str(100 - 10 * number))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Is that what you mean?")).to_be_visible()
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
