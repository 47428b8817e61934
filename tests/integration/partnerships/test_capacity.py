import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from config.embedded.postgres import OWNER_ROLE
from partnerships.actions.capacity import PoolCapacity, change_pools, copy_last_quarter, set_capacity
from partnerships.balance import pool_balances
from partnerships.models import CapacityPool, DaysNeeded, ParticipationState, Quarter
from tests.factories import OrganisationFactory
from tests.integration.partnerships.conftest import Desk, form_on, words_of

SPRING = Quarter(datetime.date(2026, 4, 1))


def pool(desk: Desk, code: str = "executive") -> CapacityPool:
    return desk.organisation.capacity_pools.get(code=code)


def have(desk: Desk, days: int, reserve: int = 10, quarter: Quarter = SPRING) -> None:
    amounts = {pool(desk).pk: PoolCapacity(Decimal(days), Decimal(reserve))}
    set_capacity(organisation=desk.organisation, by=desk.lead, quarter=quarter, amounts=amounts)


def ask(desk: Desk, days: int, **facts: Any) -> None:
    participation = desk.participation(level="prioritise", **facts)
    DaysNeeded.objects.create(
        organisation=desk.organisation,
        participation=participation,
        level=desk.organisation.engagement_levels.get(code="prioritise"),
        pool=pool(desk),
        low=0,
        likely=days,
        high=days,
    )


def test_asked_against_available_and_kept_back(desk: Desk) -> None:
    have(desk, 40)
    ask(desk, 30)
    ask(desk, 15)
    ask(desk, 99, state=ParticipationState.DRAFT)
    balance = pool_balances(desk.organisation, SPRING)[0]
    assert (balance.asked, balance.available, balance.reserve, balance.over) == tuple(map(Decimal, (45, 36, 4, 9)))
    drawn = (balance.asked_drawn, balance.available_drawn, balance.reserve_drawn, balance.over_drawn)
    assert drawn == (100, 80, 8.89, 20)
    page = words_of(desk.get("capacity/?quarter=2026-04-01"))
    assert "April to June 2026" in page
    assert "9 days too many.</strong> 45 are asked; 36 are available: 40 less a reserve of 10%." in page
    assert "style=" not in page


def test_what_is_left_is_said_too(desk: Desk) -> None:
    have(desk, 40)
    ask(desk, 30)
    assert "6 days left." in words_of(desk.get("capacity/?quarter=2026-04-01"))


def test_partnerships_without_days_are_not_passed_over_in_silence(desk: Desk) -> None:
    have(desk, 40)
    desk.participation()
    assert "1 active partnership has no days recorded and is not counted here." in words_of(desk.get("capacity/"))


def test_an_empty_quarter_says_what_to_do(desk: Desk) -> None:
    page = words_of(desk.get("capacity/?quarter=2026-04-01"))
    assert "Nobody has said yet how many days there are" in page
    assert "Enter days" in page
    assert "Copy last quarter" not in page
    assert "Your strategy lead enters them" in words_of(desk.as_(desk.executive).get("capacity/"))


@pytest.mark.parametrize("quarter", ["", "nonsense", "2026-13-40", "99999-01-01"])
def test_a_quarter_that_is_none_is_this_one(desk: Desk, quarter: str) -> None:
    assert str(Quarter.containing(timezone.localdate())) in words_of(desk.get(f"capacity/?quarter={quarter}"))


def test_days_are_entered_changed_and_taken_away(desk: Desk) -> None:
    path = "capacity/change/?quarter=2026-05-20"
    data = form_on(desk.get(path)) | {f"days-{pool(desk).pk}": "80.5", f"reserve-{pool(desk).pk}": ""}
    assert desk.post(path, data)["Location"] == desk.at("capacity/?quarter=2026-04-01")
    row = desk.organisation.capacity_quarters.get()
    assert (row.quarter, row.days, row.reserve_percent) == (SPRING.first_day, Decimal("80.5"), Decimal(10))
    data = form_on(desk.get(path)) | {f"days-{pool(desk).pk}": "", f"days-{pool(desk, 'clinical').pk}": "0"}
    desk.post(path, data)
    assert desk.organisation.capacity_quarters.get().pool.code == "clinical"


@pytest.mark.parametrize(
    ("days", "reserve", "at", "says"),
    [
        ("-1", "10", "days", "Enter the days in the quarter as 0 or more."),
        ("many", "10", "days", "Enter the days in the quarter as a number, such as 2."),
        ("1", "101", "reserve", "Enter the reserve as a percentage from 0 to 100."),
    ],
)
def test_what_is_wrong_is_said_at_its_box(desk: Desk, days: str, reserve: str, at: str, says: str) -> None:
    path = "capacity/change/"
    data = form_on(desk.get(path)) | {f"days-{pool(desk).pk}": days, f"reserve-{pool(desk).pk}": reserve}
    page = words_of(desk.post(path, data))
    assert f'<a href="#id_{at}-{pool(desk).pk}">' in page
    assert f'value="{days}"' in page
    assert not desk.organisation.capacity_quarters.exists()


def test_last_quarter_is_copied_once_and_only_where_nothing_stands(desk: Desk) -> None:
    have(desk, 40, 15)
    path = "capacity/change/?quarter=2026-10-01"
    assert "Copy last quarter" in words_of(desk.get("capacity/?quarter=2026-10-01"))
    for _ in range(2):
        assert desk.post(path, {"copy": "yes"}).status_code == 302
    copied = desk.organisation.capacity_quarters.get(quarter=datetime.date(2026, 10, 1))
    assert (copied.days, copied.reserve_percent) == (Decimal(40), Decimal(15))
    long_ago = Quarter(datetime.date(2020, 1, 1))
    assert copy_last_quarter(organisation=desk.organisation, by=desk.lead, quarter=long_ago) == 0


def test_two_tabs_the_second_sees_both(desk: Desk) -> None:
    path = "capacity/change/?quarter=2026-04-01"
    data = form_on(desk.get(path))
    have(desk, 40)
    page = desk.post(path, data | {f"days-{pool(desk).pk}": "50"})
    assert [(one.label, one.stored, one.typed) for one in page.context["form"].differences] == [
        ("Days in the quarter: Executive", "40", "50")
    ]
    assert desk.organisation.capacity_quarters.get().days == 40


def test_pools_are_renamed_added_and_removed(desk: Desk) -> None:
    path = "capacity/pools/"
    data = form_on(desk.get(path)) | {
        f"row-{pool(desk).pk}-name": "Board",
        "row-new-name": "Digital",
        "row-new-description": "Analysts and developers",
        f"row-{pool(desk, 'clinical').pk}-remove": "on",
    }
    assert desk.post(path, data).status_code == 302
    pools = desk.organisation.capacity_pools.all()
    assert [(one.code, one.name) for one in pools] == [
        ("executive", "Board"),
        ("programme", "Programme"),
        ("digital", "Digital"),
    ]


def test_a_pool_in_use_cannot_be_removed_nor_can_the_last_one(desk: Desk) -> None:
    ask(desk, 5)
    assert f"row-{pool(desk).pk}-remove" not in words_of(desk.get("capacity/pools/"))
    with pytest.raises(ValidationError, match="cannot be removed"):
        change_pools(organisation=desk.organisation, by=desk.lead, changes={}, removed=frozenset({pool(desk).pk}))
    desk.organisation.days_needed.all().delete()
    everything = frozenset(desk.organisation.capacity_pools.values_list("pk", flat=True))
    with pytest.raises(ValidationError, match="at least one pool"):
        change_pools(organisation=desk.organisation, by=desk.lead, changes={}, removed=everything)
    assert desk.organisation.capacity_pools.count() == 3


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"row-new-name": "EXECUTIVE"}, "Another pool has this name. Choose a different one."),
        ({"row-new-description": "Whose?"}, "Enter “Name” of the new pool too, or clear it."),
        ({"row-FIRST-name": ""}, "Enter the name."),
        ({"row-new-name": "x" * 61}, "Shorten the name to 60 characters or fewer. It has 61."),
    ],
)
def test_a_list_explains_what_is_wrong_in_it(desk: Desk, typed: dict[str, str], says: str) -> None:
    typed = {name.replace("FIRST", str(pool(desk).pk)): text for name, text in typed.items()}
    page = words_of(desk.post("capacity/pools/", form_on(desk.get("capacity/pools/")) | typed))
    assert says in page
    assert "Error: Capacity pools" in page
    assert desk.organisation.capacity_pools.count() == 3


def test_two_pools_may_change_names(desk: Desk) -> None:
    first, second = pool(desk), pool(desk, "clinical")
    data = form_on(desk.get("capacity/pools/"))
    names = {f"row-{first.pk}-name": "clinical", f"row-{second.pk}-name": "Executive"}
    assert desk.post("capacity/pools/", data | names).status_code == 302
    assert (pool(desk).name, pool(desk, "clinical").name) == ("clinical", "Executive")


def test_a_new_pool_may_have_the_name_that_another_gives_up(desk: Desk) -> None:
    data = form_on(desk.get("capacity/pools/"))
    names = {f"row-{pool(desk).pk}-name": "Board", "row-new-name": "Executive"}
    assert desk.post("capacity/pools/", data | names).status_code == 302
    assert pool(desk).name == "Board"
    assert pool(desk, "executive-2").name == "Executive"


def test_without_the_form_two_of_one_name_are_refused_in_words(desk: Desk) -> None:
    with pytest.raises(ValidationError, match="Another pool has this name"):
        change_pools(organisation=desk.organisation, by=desk.lead, changes={}, added={"name": "EXECUTIVE"})
    assert desk.organisation.capacity_pools.count() == 3


@contextmanager
def as_the_owner() -> Iterator[BaseDatabaseWrapper]:
    """Every query goes to the database as a migration's does; what it did is undone."""
    usual = connections["default"]
    owner = usual.copy()
    owner.settings_dict |= {"USER": OWNER_ROLE, "PASSWORD": urlsplit(os.environ["MIGRATION_DATABASE_URL"]).password}
    connections["default"] = owner
    try:
        with transaction.atomic():
            yield owner
            transaction.set_rollback(True)
    finally:
        owner.close()
        connections["default"] = usual


def test_pools_that_had_one_name_are_told_apart_and_named(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    """As the migration meets them, before the database refused it."""
    with as_the_owner() as owner, owner.schema_editor() as editor:
        organisation, other = OrganisationFactory.create(), OrganisationFactory.create()
        [rule] = (one for one in CapacityPool._meta.constraints if one.name == "pool_name_once")
        editor.remove_constraint(CapacityPool, rule)
        for position, name in enumerate(["Board", "board", "Board (2)", "BOARD"]):
            make = {"organisation": organisation, "code": f"p{position}", "position": position}
            CapacityPool.objects.create(name=name, **make)
        CapacityPool.objects.create(organisation=other, code="p", name="Board")
        import_module("partnerships.migrations.0025_pool_names_once").tell_pools_apart(apps, editor)
        editor.add_constraint(CapacityPool, rule)
        names = list(organisation.capacity_pools.values_list("name", flat=True))
        assert names == ["Board", "board (3)", "Board (2)", "BOARD (4)"]
        assert other.capacity_pools.get().name == "Board"
    said = capsys.readouterr().out
    assert f"{organisation.code}: a second pool was called “board”. It is “board (3)” now." in said
    assert other.code not in said


def test_no_seventh_pool_is_offered(desk: Desk) -> None:
    for number in range(3):
        change_pools(organisation=desk.organisation, by=desk.lead, changes={}, added={"name": f"Pool {number}"})
    assert "Add a pool" not in words_of(desk.get("capacity/pools/"))
    with pytest.raises(ValidationError, match="at most 6"):
        change_pools(organisation=desk.organisation, by=desk.lead, changes={}, added={"name": "One too many"})


def test_two_pools_of_one_code_get_two(desk: Desk) -> None:
    change_pools(organisation=desk.organisation, by=desk.lead, changes={}, added={"name": "Executive!"})
    assert desk.organisation.capacity_pools.filter(code="executive-2").exists()
