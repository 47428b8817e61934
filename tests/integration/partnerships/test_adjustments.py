"""Days set aside, freed or only considered: what counts in which quarter, on the page of capacity and in a score."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partnerships.actions.adjustments import DaysAdjusted, change_adjustment, give_back_days, record_adjustment
from partnerships.actions.capacity import change_pools
from partnerships.balance import PoolBalance, pool_balances
from partnerships.models import (
    AdjustedDays,
    AdjustmentKind,
    CapacityAdjustment,
    CapacityPool,
    Organisation,
    Person,
    Quarter,
    Role,
)
from scoring.runner.freezing import freeze
from tests.factories import in_role
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return portfolio()


def now() -> Quarter:
    return Quarter.containing(timezone.localdate())


def executives(organisation: Organisation) -> CapacityPool:
    found: CapacityPool = organisation.capacity_pools.get(code="executive")
    return found


def adjusted(
    organisation: Organisation, by: Person, days: int = 6, kind: AdjustmentKind = AdjustmentKind.SET_ASIDE, **facts: Any
) -> CapacityAdjustment:
    given = {"first": now(), "last": None, **facts}
    said = DaysAdjusted("Train the chairs", {executives(organisation).pk: Decimal(days)}, **given)
    return record_adjustment(organisation=organisation, by=by, kind=kind, adjusted=said)


def balance(organisation: Organisation, quarter: Quarter | None = None) -> PoolBalance:
    pool = executives(organisation)
    return next(one for one in pool_balances(organisation, quarter or now()) if one.pool == pool)


def limit(organisation: Organisation) -> dict[str, Any]:
    frozen = freeze(organisation, on=timezone.localdate(), draws=4)
    return next(one for one in frozen.document["pools"] if one["id"] == "executive")


def test_days_set_aside_are_taken_off_after_the_reserve_and_freed_ones_come_on_top(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    assert balance(organisation).available == Decimal(27)
    assert "set_aside" not in limit(organisation)
    adjusted(organisation, lead)
    assert balance(organisation).available == Decimal(21)
    assert balance(organisation).reserve == Decimal(3)
    assert limit(organisation)["set_aside"] == 6.0
    adjusted(organisation, lead, 2, AdjustmentKind.FREED)
    assert balance(organisation).available == Decimal(23)
    assert (limit(organisation)["set_aside"], limit(organisation)["freed"]) == (6.0, 2.0)


def test_the_page_of_capacity_says_what_for_and_until_when(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    adjusted(organisation, lead, last=now())
    page = words(signed_in(lead).get(at(organisation, "capacity/")))
    last = now().next().first_day - DAY
    assert f"6 set aside until {last:%-d %B %Y}: Train the chairs" in page
    assert "21 are available: 30 less a reserve of 10%, less 6 set aside." in page
    later = signed_in(lead).get(at(organisation, f"capacity/?quarter={now().next().first_day}"))
    assert "Train the chairs" not in words(later)


def test_only_the_quarters_it_is_for_count(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    adjusted(organisation, lead, first=now().next(), last=now().next())
    assert balance(organisation).adjusted.set_aside == 0
    assert balance(organisation, now().next()).adjusted.set_aside == 6
    assert balance(organisation, now().next().next()).adjusted.set_aside == 0
    assert "set_aside" not in limit(organisation)


def test_more_set_aside_than_there_is_leaves_none_and_is_said(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    adjusted(organisation, lead, 40)
    found = balance(organisation)
    assert (found.available, found.short, found.set_aside) == (Decimal(0), Decimal(13), Decimal(27))
    assert "13 more days are set aside than there are" in words(signed_in(lead).get(at(organisation, "capacity/")))


def test_days_given_back_or_only_considered_count_nowhere(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    one = adjusted(organisation, lead)
    adjusted(organisation, lead, 9, AdjustmentKind.CONSIDERED, first=None)
    adjusted(organisation, lead, 9, AdjustmentKind.FREED, first=None)
    today = timezone.localdate()
    assert give_back_days(adjustment=one, by=lead, on=today).given_back_on == today
    assert give_back_days(adjustment=one, by=lead, on=today + DAY).given_back_on == today
    assert balance(organisation).available == Decimal(27)
    assert limit(organisation).keys().isdisjoint({"set_aside", "freed"})


def test_each_change_has_the_portfolio_scored_again(
    people: tuple[Organisation, Person, Person], django_capture_on_commit_callbacks: Any
) -> None:
    organisation, lead, _ = people
    for deed in ("record", "change", "give back"):
        organisation.runs.all().delete()
        connection.run_on_commit = []  # as after a commit, which a test has none of
        with django_capture_on_commit_callbacks(execute=True):
            if deed == "record":
                one = adjusted(organisation, lead)
            elif deed == "change":
                said = DaysAdjusted("Train the chairs", {executives(organisation).pk: Decimal(4)}, first=now())
                change_adjustment(adjustment=one, by=lead, adjusted=said)
            else:
                give_back_days(adjustment=one, by=lead, on=timezone.localdate())
        assert organisation.runs.queued().count() == 1, deed


def test_a_change_takes_pools_away_and_adds_others(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    one = adjusted(organisation, lead)
    clinical = organisation.capacity_pools.get(code="clinical")
    change_adjustment(adjustment=one, by=lead, adjusted=DaysAdjusted("Other", {clinical.pk: Decimal(3)}, now()))
    assert list(one.amounts.values_list("pool__code", "days")) == [("clinical", Decimal(3))]
    assert balance(organisation).available == Decimal(27)


def test_who_may_and_whose_pools(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    adjusted(organisation, executive)
    with pytest.raises(PermissionDenied):
        adjusted(organisation, in_role(organisation, Role.CONTRIBUTOR))
    other, _, _ = portfolio()
    said = DaysAdjusted("Theirs", {executives(other).pk: Decimal(1)}, now())
    with pytest.raises(ValidationError, match="not there any more"):
        record_adjustment(organisation=organisation, by=lead, kind=AdjustmentKind.SET_ASIDE, adjusted=said)


def test_a_pool_whose_days_are_set_aside_stays(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    organisation.days_needed.all().delete()
    adjusted(organisation, lead)
    with pytest.raises(ValidationError, match="cannot be removed"), transaction.atomic():
        change_pools(organisation=organisation, by=lead, changes={}, removed=frozenset({executives(organisation).pk}))


NEXT = datetime.date(2027, 4, 1)
RULES: dict[str, dict[str, Any]] = {
    "adjustment_kind_is_known": {"kind": "lent"},
    "adjustment_says_what_for": {"what_for": " "},
    "adjustment_quarters_are_first_days": {"from_quarter": datetime.date(2027, 4, 2)},
    "adjustment_ends_after_it_starts": {"from_quarter": NEXT, "until_quarter": datetime.date(2027, 1, 1)},
    "adjustment_sets_aside_from_a_quarter": {"from_quarter": None},
    "adjustment_considered_never_counts": {"kind": "considered", "from_quarter": NEXT},
    "adjustment_given_back_by_and_on": {"given_back_on": NEXT},
}


@pytest.mark.parametrize("rule", RULES)
def test_rules_of_the_database(people: tuple[Organisation, Person, Person], rule: str) -> None:
    organisation, lead, _ = people
    one = adjusted(organisation, lead)
    assert set(RULES) == {found.name for found in CapacityAdjustment._meta.constraints}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        CapacityAdjustment.objects.filter(pk=one.pk).update(**RULES[rule])


def test_days_of_a_pool_are_some_and_said_once(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    row = adjusted(organisation, lead).amounts.get()
    with pytest.raises(IntegrityError, match="adjusted_days_are_some"), transaction.atomic():
        AdjustedDays.objects.filter(pk=row.pk).update(days=0)
    row.pk = None
    with pytest.raises(IntegrityError, match="adjusted_days_once_a_pool"), transaction.atomic():
        row.save()
