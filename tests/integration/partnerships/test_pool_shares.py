from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.actions.capacity import PoolCapacity, set_capacity
from partnerships.actions.pool_shares import record_share, remove_share
from partnerships.balance import pool_balances
from partnerships.models import CapacityPool, PoolShare, Quarter
from tests.factories import organisation_with_people
from tests.integration.partnerships.conftest import Desk, form_on, words_of

SPRING = Quarter(datetime.date(2026, 4, 1))
SUMMER, WINTER = SPRING.next(), SPRING.previous()
PATH = "capacity/sharing/"


def pool(desk: Desk, code: str = "clinical") -> CapacityPool:
    return desk.organisation.capacity_pools.get(code=code)


def agree(desk: Desk, percent: int = 40, first: Quarter = SPRING, last: Quarter | None = None) -> PoolShare:
    return record_share(
        organisation=desk.organisation,
        by=desk.lead,
        pool=pool(desk),
        shared_with="Two neighbouring trusts",
        percent=Decimal(percent),
        from_quarter=first,
        until_quarter=last,
    )


def have(desk: Desk, days: int, quarter: Quarter = SPRING) -> None:
    amounts = {pool(desk).pk: PoolCapacity(Decimal(days), Decimal(10))}
    set_capacity(organisation=desk.organisation, by=desk.lead, quarter=quarter, amounts=amounts)


def test_a_share_is_recorded_on_its_page(desk: Desk) -> None:
    assert "No pool is shared." in words_of(desk.get(PATH))
    this = Quarter.containing(timezone.localdate())
    given = {"pool": str(pool(desk).pk), "shared_with": "Mossbury Hospitals", "percent": "37.5"}
    data = form_on(desk.get(PATH)) | given | {"until_quarter": this.next().first_day.isoformat()}
    assert data["from_quarter"] == this.first_day.isoformat()
    assert desk.post(PATH, data).status_code == 302
    share = desk.organisation.pool_shares.get()
    assert (share.percent, share.from_quarter, share.recorded_by) == (Decimal("37.5"), this.first_day, desk.lead)
    page = words_of(desk.get(PATH))
    assert "Mossbury Hospitals" in page
    assert "37.5%" in page
    last = this.next().next().first_day - datetime.timedelta(days=1)
    assert f"until {last:%-d %B %Y}" in page


def test_our_share_is_what_the_capacity_page_plans_with(desk: Desk) -> None:
    have(desk, 90)
    have(desk, 90, WINTER)
    agree(desk, 40)
    balance = next(one for one in pool_balances(desk.organisation, SPRING) if one.pool == pool(desk))
    found = (balance.total, balance.days, balance.reserve, balance.available)
    assert found == tuple(map(Decimal, ("90", "36", "3.6", "32.4")))
    page = words_of(desk.get("capacity/?quarter=2026-04-01"))
    assert "Shared with Two neighbouring trusts until further notice." in page
    assert "The whole pool has 90 days; our agreed share of 40% is 36." in page
    assert "32.4 are available: 36 less a reserve of 10%." in page
    before = words_of(desk.get("capacity/?quarter=2026-01-01"))
    assert "Shared with" not in before
    assert "81 are available: 90 less a reserve of 10%." in before
    change = words_of(desk.get("capacity/change/?quarter=2026-04-01"))
    assert "enter the days of the whole pool. Our share of 40% is taken from them." in change


def test_a_new_agreement_ends_the_open_one_before_it(desk: Desk) -> None:
    first = agree(desk, 40)
    agree(desk, 50, first=SUMMER)
    first.refresh_from_db()
    assert first.until_quarter == SPRING.first_day
    held = {quarter: desk.organisation.pool_shares.in_quarter(quarter) for quarter in (WINTER, SPRING, SUMMER)}
    assert [[one.percent for one in shares] for shares in held.values()] == [[], [Decimal(40)], [Decimal(50)]]


@pytest.mark.parametrize(
    ("first", "last"), [(SPRING, None), (SPRING, SPRING), (WINTER, None), (WINTER, SUMMER), (SUMMER, SUMMER)]
)
def test_two_shares_of_one_pool_never_hold_at_once(desk: Desk, first: Quarter, last: Quarter | None) -> None:
    agree(desk, 40, SPRING, SUMMER)
    with pytest.raises(ValidationError, match="A share of 40% holds from April to June 2026 until July to September"):
        agree(desk, 50, first, last)
    assert desk.organisation.pool_shares.count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"percent": "0"}, "Enter your share as a percentage, more than 0 and at most 100."),
        ({"percent": "101"}, "Enter your share as a percentage, such as 40."),
        ({"percent": "half"}, "Enter your share as a percentage, such as 40."),
        ({"shared_with": ""}, "Enter the organisations that share the pool with you."),
        ({"pool": ""}, "Choose the pool."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(desk: Desk, given: dict[str, str], says: str) -> None:
    whole = {"pool": str(pool(desk).pk), "shared_with": "Mossbury Hospitals", "percent": "40"}
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | whole | given))
    assert "Error: Shared pools" in page
    assert says in page
    assert "Mossbury Hospitals" in page or not given.get("shared_with", "x")
    assert not desk.organisation.pool_shares.exists()


def test_an_end_before_the_beginning_and_an_overlap_are_told_on_the_page(desk: Desk) -> None:
    this = Quarter.containing(timezone.localdate())
    given: dict[str, Any] = {"pool": str(pool(desk).pk), "shared_with": "Mossbury Hospitals", "percent": "40"}
    backwards = given | {"until_quarter": this.previous().first_day.isoformat()}
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | backwards))
    assert "The last quarter of a share is before its first. Check both." in page
    for _ in range(2):
        page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | given, follow=True))
    assert f"A share of 40% holds from {this} until further notice." in page
    assert desk.organisation.pool_shares.count() == 1


def test_a_share_is_removed_once_and_only_ours(desk: Desk) -> None:
    share = agree(desk)
    assert "Removed: the share of Clinical." in words_of(desk.post(PATH, {"remove": str(share.pk)}, follow=True))
    assert not desk.organisation.pool_shares.exists()
    for gone in (str(share.pk), "", "x", "9" * 30):
        assert desk.post(PATH, {"remove": gone}).status_code == 404
    remove_share(share=share, by=desk.lead)
    other, other_lead, _ = organisation_with_people()
    theirs = agree(Desk(other, other_lead, other_lead, desk.client))
    assert desk.post(PATH, {"remove": str(theirs.pk)}).status_code == 404
    with pytest.raises(ValidationError, match="your own pools"):
        record_share(
            organisation=desk.organisation,
            by=desk.lead,
            pool=theirs.pool,
            shared_with="A",
            percent=Decimal(1),
            from_quarter=SPRING,
            until_quarter=None,
        )


def test_only_who_may_edit_shares(desk: Desk) -> None:
    share = agree(desk)
    with pytest.raises(PermissionDenied):
        remove_share(share=share, by=desk.executive)
    with pytest.raises(PermissionDenied):
        agree(Desk(desk.organisation, desk.executive, desk.executive, desk.client), first=SUMMER)
