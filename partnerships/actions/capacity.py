"""Whose days an organisation has to give, and how many in a quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.editing import capacity_version, check_version, pools_version
from partnerships.models import CapacityPool, CapacityQuarter, Organisation, Person, Quarter
from partnerships.naming import free_code
from partnerships.saving import save_checked
from partnerships.signals import announce_change

MOST_POOLS = 6
USUAL_RESERVE = Decimal(10)  # per cent


@dataclass(frozen=True)
class PoolCapacity:
    """Days a pool has in a quarter, and the percentage of them kept back for the unexpected."""

    days: Decimal
    reserve_percent: Decimal


@transaction.atomic
def set_capacity(
    *,
    organisation: Organisation,
    by: Person,
    quarter: Quarter,
    amounts: Mapping[int, PoolCapacity | None],
    expected_version: str | None = None,
) -> None:
    """Record each pool's days in a quarter, by the pool's id; None takes them away; pools not named stay.

    Raises ChangedMeanwhile where ``expected_version`` is not the stored one.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, capacity_version(organisation, quarter))
    recorded = {row.pool_id: row for row in organisation.capacity_quarters.filter(quarter=quarter.first_day)}
    for pool_id, amount in amounts.items():
        present = recorded.get(pool_id)
        if amount is None:
            if present:
                present.delete()
            continue
        row = present or CapacityQuarter(organisation=organisation, pool_id=pool_id, quarter=quarter.first_day)
        row.days, row.reserve_percent = amount.days, amount.reserve_percent
        save_checked(row)
    announce_change(organisation=organisation, by=by)


@transaction.atomic
def copy_last_quarter(*, organisation: Organisation, by: Person, quarter: Quarter) -> int:
    """Copy the days of the latest earlier quarter into the pools that have none yet; returns how many were copied."""
    check_can_edit(by, organisation)
    hold(organisation)
    rows = organisation.capacity_quarters
    source = rows.filter(quarter__lt=quarter.first_day).order_by("-quarter").values_list("quarter", flat=True).first()
    filled = set(rows.filter(quarter=quarter.first_day).values_list("pool_id", flat=True))
    copies = [
        CapacityQuarter(
            organisation=organisation,
            pool_id=row.pool_id,
            quarter=quarter.first_day,
            days=row.days,
            reserve_percent=row.reserve_percent,
        )
        for row in (rows.filter(quarter=source) if source else ())
        if row.pool_id not in filled
    ]
    CapacityQuarter.objects.bulk_create(copies)
    if copies:
        announce_change(organisation=organisation, by=by)
    return len(copies)


@transaction.atomic
def change_pools(
    *,
    organisation: Organisation,
    by: Person,
    changes: Mapping[int, Mapping[str, str]],
    added: Mapping[str, str] | None = None,
    removed: frozenset[int] = frozenset(),
    expected_version: str | None = None,
) -> None:
    """Rename pools, by id; add one; remove those no days are recorded for. One to MOST_POOLS must be left.

    Raises ValidationError with what to do, or ChangedMeanwhile.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, pools_version(organisation))
    pools = {pool.pk: pool for pool in organisation.capacity_pools.all()}
    for pool_id in removed:
        try:
            pools.pop(pool_id).delete()
        except ProtectedError as problem:
            raise ValidationError(
                "A pool that partnerships, or the plan to become a better partner, need days from cannot be removed."
            ) from problem
    _let_names_go(pools, [*changes.items(), (None, added or {})])
    for pool_id, facts in changes.items():
        if pool_id in pools:
            _write(pools[pool_id], facts)
    if added:
        position = max((pool.position for pool in pools.values()), default=-1) + 1
        code = free_code(added["name"], {pool.code for pool in pools.values()}, longest=30)
        pool = CapacityPool(organisation=organisation, code=code, position=position)
        _write(pool, added)
        pools[pool.pk] = pool
    if not 1 <= len(pools) <= MOST_POOLS:
        raise ValidationError(f"Keep at least one pool and at most {MOST_POOLS}.")
    announce_change(organisation=organisation, by=by)


def _let_names_go(pools: Mapping[int, CapacityPool], wanted: Iterable[tuple[int | None, Mapping[str, str]]]) -> None:
    """Take from pools the names that go to others: the database has no two of one name, not even on the way."""
    names = {facts["name"].lower(): pool_id for pool_id, facts in wanted if facts}
    renamed = {pool_id for pool_id in names.values() if pool_id is not None}
    for pool_id in renamed & pools.keys():
        pool = pools[pool_id]
        if names.get(pool.name.lower(), pool_id) != pool_id:
            pool.name = f"…{pool.code}"
            pool.save(update_fields=["name"])


def _write(pool: CapacityPool, facts: Mapping[str, str]) -> None:
    pool.name, pool.description = facts["name"], facts.get("description", "")
    save_checked(pool)
