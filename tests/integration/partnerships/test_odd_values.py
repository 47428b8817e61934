"""Whatever is sent to a form of numbers: an answer in words or a plain save, never a fault, and nothing lost.

Each value goes into each box of a page, the others as they stand. Refused, it says what to do, keeps what was typed and
changes nothing; taken, the page can be read back, and the engine can read what it means.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.core import serializers
from django.db import transaction
from django.test import Client
from django.utils import timezone

from decisions.models import CapacityOption, PlanAction, Practice
from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.models import (
    AdjustedDays,
    CapacityAdjustment,
    CapacityQuarter,
    CostOfChange,
    DaysNeeded,
    EngagementLevel,
    ObjectiveRank,
    ObjectiveWeight,
    Participation,
    PoolShare,
    PortfolioRule,
    Quarter,
    RuleKind,
    RuleMember,
    ValueRating,
    WayRank,
    WayWeight,
)
from scoring.engine.document import read_document
from scoring.runner import NothingToScoreError, freeze
from tests.integration.partnerships.conftest import Desk, Page, form_on, words_of
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db

ODD = {
    "not a number": "NaN",
    "infinite": "-Infinity",
    "huge": "1e308",
    "beyond a float": "1e400",
    "tiny": "1e-400",
    "many digits": "9" * 5000,
    "negative": "-1",
    "minus nothing": "-0",
    "empty": "",
    "other digits": "١٢",
    "superscript": "²",
    "a comma": "1,5",
    "a null": "1\x002",
    "markup": "<script>alert(1)</script>",
    "the last year": "9999",
    "the first year": "1",
    "an id beyond the database": "99999999999999999999999999",
}
PAGES = [
    "capacity/change/",
    "capacity/levels/",
    "capacity/sharing/",
    "criteria/weights/",
    "criteria/ranking/",
    "criteria/cost-of-change/",
    "rules/add/at-least/",
    "rules/add/needs/",
    "rules/add/not-both/",
    "rules/add/synergy/",
    "rules/{rule}/",
    "partnerships/{slug}/edit/days/",
    "partnerships/{slug}/edit/ratings/",
    "partnerships/{slug}/edit/duty/",
    "tipping-point/",
    "plan/add/",
    "plan/practices/add/",
    "plan/options/add/",
]
STORED = (
    CapacityQuarter, CostOfChange, DaysNeeded, EngagementLevel, ObjectiveRank, ObjectiveWeight, Participation,
    PoolShare, PortfolioRule, RuleMember, ValueRating, WayRank, WayWeight, PlanAction, Practice, CapacityOption,
    CapacityAdjustment, AdjustedDays,
)  # fmt: skip


GIVEN: dict[str, dict[str, str]] = {
    "capacity/sharing/": {"shared_with": "Two trusts", "percent": "40"},
    "rules/add/at-least/": {"at_least": "1", "source": "An order"},
    "rules/add/needs/": {"source": "An order"},
    "rules/add/not-both/": {"source": "An order"},
    "rules/add/synergy/": {"points": "2", "source": "An order"},
    "plan/add/": {"characteristic": "trust", "what": "Meet each month"},
    "plan/practices/add/": {"what": "A report", "why_it_costs": "Nobody reads it"},
    "plan/options/add/": {"name": "An office", "yearly_cost": "50000"},
}


@pytest.fixture
def desk(db: None) -> Desk:
    """With a portfolio that can be scored, and a rule."""
    organisation, lead, executive = portfolio(3)
    client = Client()
    client.force_login(lead)
    first, second, _ = organisation.participations.order_by("pk")
    level = organisation.engagement_levels.get(code="sustain").pk
    facts = RuleFacts(RuleKind.SYNERGY, level, "An order", (first.pk, second.pk), points=Decimal(1))
    add_rule(organisation=organisation, by=lead, facts=facts)
    return Desk(organisation, lead, executive, client)


def stored() -> str:
    return "\n".join(serializers.serialize("json", model.objects.order_by("pk")) for model in STORED)


def filled(desk: Desk, path: str, page: Page) -> dict[str, Any]:
    """What a browser would send from the page once every box is filled in with something that will do."""
    first, *_, last = desk.organisation.participations.order_by("pk")
    level = desk.organisation.engagement_levels.get(code="prioritise").pk
    sent: dict[str, Any] = form_on(page) | GIVEN.get(path, {})
    for box in sent:
        if box.startswith(("objective-", "way-")):
            sent[box] = "1" if path == "criteria/ranking/" else "25"
        elif box.startswith("days-") and path.startswith("plan/"):
            sent[box] = "2"
        elif box in ("first", "second", "level", "other_level") and not sent[box]:
            sent[box] = str({"first": first.pk, "second": last.pk}.get(box, level))
    if path == "rules/add/at-least/":
        sent["members"] = [str(first.pk), str(last.pk)]
    if path == "capacity/sharing/":
        sent["pool"] = str(desk.organisation.capacity_pools.all()[0].pk)
    return sent


@pytest.mark.parametrize("path", PAGES)
def test_filled_in_as_meant_it_is_taken(desk: Desk, path: str) -> None:
    """Else the test below would try odd values in forms that are refused for another reason."""
    path = of_this(desk, path)
    page = desk.get(path)
    answer = desk.post(path, filled(desk, path, page))
    assert answer.status_code == 302 or "Is that what you mean?" in words_of(answer), words_of(answer)


def of_this(desk: Desk, path: str) -> str:
    first = desk.organisation.participations.order_by("pk")[0]
    return path.format(rule=desk.organisation.rules.get().pk, slug=first.partnership.slug)


@pytest.mark.parametrize("path", PAGES)
def test_an_odd_value_in_any_box_is_no_fault(desk: Desk, path: str) -> None:
    path = of_this(desk, path)
    sent = filled(desk, path, desk.get(path))
    before = stored()
    for box in one_of_each_kind(sent):
        for what, value in ODD.items():
            with transaction.atomic():
                answer = desk.post(path, {**sent, box: value})
                if answer.status_code == 302:
                    assert desk.get(path).status_code == 200, (box, what)
                    assert_can_be_frozen(desk)
                else:
                    assert answer.status_code == 200, (box, what)
                    assert_explained(answer, (box, what))
                    assert stored() == before, (box, what)
                transaction.set_rollback(True)


def one_of_each_kind(boxes: Iterable[str]) -> list[str]:
    """Boxes whose names differ in numbers alone are made by the same code: the first stands for the others."""
    kinds = {re.sub(r"\d+", "", box): box for box in reversed(list(boxes))}
    return [box for box in kinds.values() if box != "csrfmiddlewaretoken"]


def test_an_account_sent_with_ten_thousand_boxes_is_refused_in_words(desk: Desk) -> None:
    sent = {f"days-{number}": "1" for number in range(10_000)}
    answer = desk.post("capacity/change/", sent)
    assert answer.status_code == 400
    assert "Nothing was saved." in words_of(answer)


def assert_can_be_frozen(desk: Desk) -> None:
    """Whatever was taken, the engine reads it."""
    try:
        read_document(freeze(desk.organisation, on=timezone.localdate(), draws=0).document)
    except NothingToScoreError:
        return  # taking all days or ratings away is allowed, and then says what is missing


def assert_explained(answer: Page, where: tuple[str, str]) -> None:
    """Every problem in its own words, as whole sentences; weights are read back as a question first."""
    words = words_of(answer)
    if "Is that what you mean?" in words:
        return
    summary = re.search(r"error-summary__list(.*?)</ul>", words, re.DOTALL)
    assert summary, (where, "is refused without a word")
    said = [
        html.unescape(re.sub(r"<[^>]*>", "", one)).strip()
        for one in re.findall(r"<li>(.*?)</li>", summary[1], re.DOTALL)
    ]
    assert said, where
    assert len(said) == len(set(said)), (where, said)
    for one in said:
        assert re.fullmatch(r"[A-Z“].*[.]", one), (where, one)
        assert not re.search(r"the (the|our|your|from|of|or) |None|Enter a valid|Select a valid", one), (
            where,
            one,
        )


@pytest.mark.parametrize("number", ["0", "2147483648", "9223372036854775808", "9" * 30])
@pytest.mark.parametrize(
    "path",
    ["rules/{}/", "runs/{}/", "runs/{}/changes/", "what-if/{}/", "what-if/{}/adopt/", "partnerships/import/{}/"],
)
def test_a_number_that_nothing_has_is_no_page(desk: Desk, path: str, number: str) -> None:
    assert desk.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("quarter", ["NaN", "0000-01-01", "9999-12-31", "2026-13-01", "١", "9" * 5000, "2026-04-01T00"])
@pytest.mark.parametrize("path", ["capacity/", "capacity/change/"])
def test_a_quarter_that_is_none_is_this_one(desk: Desk, path: str, quarter: str) -> None:
    answer = desk.get(path, data={"quarter": quarter})
    assert answer.status_code == 200
    assert str(Quarter.containing(timezone.localdate())) in words_of(answer)


@pytest.mark.parametrize("remove", ["x", "", "0", "-1", "²", "١", "9" * 30, "9" * 5000])
def test_a_share_that_is_none_is_not_removed(desk: Desk, remove: str) -> None:
    assert desk.post("capacity/sharing/", {"remove": remove}).status_code == 404


@pytest.mark.parametrize("order", ["x", ",", "1,1,1", "-1", "²,١", "9" * 5000, "0", ",".join(map(str, range(2000)))])
def test_an_order_that_is_none_asks_as_listed(desk: Desk, order: str) -> None:
    assert desk.get("criteria/weights/", data={"order": order}).status_code == 200
