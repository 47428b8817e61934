"""Capacity pools, the days they have in a quarter, and the ladder of engagement."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms

from partnerships.actions.capacity import MOST_POOLS, USUAL_RESERVE, PoolCapacity
from partnerships.actions.levels import FEWEST_LEVELS, MOST_LEVELS
from partnerships.editing import capacity_version, levels_version, pools_version
from partnerships.forms.rows import RowsForm
from partnerships.forms.versioned import VersionedForm
from partnerships.models import CapacityPool, Organisation, PoolShare, Quarter
from partnerships.numbers import plain_number


def quarter_named(text: str, today: datetime.date) -> Quarter:
    """The quarter that holds the day ``text`` names (2026-10-01), else this one; nobody plans in another century."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return Quarter.containing(today)
    return Quarter.containing(day if abs(day.year - today.year) <= 50 else today)


class CapacityForm(VersionedForm):
    """Each pool's days in one quarter, and the share of them kept back."""

    def __init__(self, *args: Any, organisation: Organisation, quarter: Quarter, **kwargs: Any) -> None:
        self.pools = list(organisation.capacity_pools.all())
        self.shares = {share.pool_id: share for share in organisation.pool_shares.in_quarter(quarter)}
        initial: dict[str, Any] = {f"reserve-{pool.pk}": plain_number(USUAL_RESERVE) for pool in self.pools}
        for row in organisation.capacity_quarters.filter(quarter=quarter.first_day):
            initial[f"days-{row.pool_id}"] = plain_number(row.days)
            initial[f"reserve-{row.pool_id}"] = plain_number(row.reserve_percent)
        initial["version"] = capacity_version(organisation, quarter)
        super().__init__(*args, initial=initial, **kwargs)
        for pool in self.pools:
            self.fields[f"days-{pool.pk}"] = forms.DecimalField(
                label="Days in the quarter",
                required=False,
                min_value=0,
                max_digits=8,
                decimal_places=2,
                widget=_number(pool, "days"),
            )
            self.fields[f"reserve-{pool.pk}"] = forms.DecimalField(
                label="Kept in reserve",
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value"), "Enter the reserve as a percentage from 0 to 100."
                ),
                widget=_number(pool, "%"),
            )
        self.speak_plainly()

    def lines(self) -> Iterator[tuple[CapacityPool, forms.BoundField, forms.BoundField, PoolShare | None]]:
        return (
            (pool, self[f"days-{pool.pk}"], self[f"reserve-{pool.pk}"], self.shares.get(pool.pk)) for pool in self.pools
        )

    def amounts(self) -> dict[int, PoolCapacity | None]:
        """A pool whose days are left empty has none recorded; a reserve left empty is the usual one."""
        amounts: dict[int, PoolCapacity | None] = {}
        for pool in self.pools:
            days, reserve = self.cleaned_data[f"days-{pool.pk}"], self.cleaned_data[f"reserve-{pool.pk}"]
            reserve = USUAL_RESERVE if reserve is None else reserve
            amounts[pool.pk] = None if days is None else PoolCapacity(days, reserve)
        return amounts


def _number(pool: CapacityPool, suffix: str) -> forms.NumberInput:
    return forms.NumberInput(attrs={"width": 5, "suffix": suffix, "optional": "unsaid", "label_context": pool.name})


class PoolsForm(RowsForm):
    noun, a_row = "pool", "a pool"
    columns = {
        "name": lambda: forms.CharField(label="Name", max_length=60),
        "description": lambda: forms.CharField(label="Whose time it is", max_length=200, required=False),
    }

    def __init__(self, *args: Any, organisation: Organisation) -> None:
        rows = list(organisation.capacity_pools.all())
        unused = organisation.capacity_pools.filter(days_needed__isnull=True).values_list("pk", flat=True)
        super().__init__(
            *args,
            rows=rows,
            version=pools_version(organisation),
            removable=frozenset(unused) if len(rows) > 1 else frozenset(),
            adds=len(rows) < MOST_POOLS,
        )


class LevelsForm(RowsForm):
    """The lowest level, taking no part, keeps its zeros: only its name can change."""

    noun, a_row = "level", "a level"
    columns = {
        "name": lambda: forms.CharField(label="Name", max_length=40),
        "share_of_value": lambda: _percentage("Share of value"),
        "share_of_days": lambda: _percentage("Share of days"),
        "load": lambda: forms.IntegerField(
            label="Load", min_value=0, max_value=100, widget=forms.NumberInput(attrs={"width": 4})
        ),
    }

    def __init__(self, *args: Any, organisation: Organisation) -> None:
        levels = organisation.engagement_levels
        rows = list(levels.all())
        unused = levels.filter(
            position__gt=0,
            days_needed__isnull=True,
            participations_today__isnull=True,
            participations_required__isnull=True,
            rules__isnull=True,
            rules_needing__isnull=True,
        ).values_list("pk", flat=True)
        super().__init__(
            *args,
            rows=rows,
            version=levels_version(organisation),
            removable=frozenset(unused) if len(rows) > FEWEST_LEVELS else frozenset(),
            adds=len(rows) < MOST_LEVELS,
        )
        for row in rows:
            if row.position == 0:
                for column in ("share_of_value", "share_of_days", "load"):
                    self.fields[f"row-{row.pk}-{column}"].disabled = True

    def read(self, row: Any, column: str) -> Any:
        value = getattr(row, column)
        return plain_number(value * 100) if column.startswith("share_") else value

    def write(self, column: str, value: Any) -> Any:
        return value / 100 if column.startswith("share_") and value is not None else value


def _percentage(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"width": 4, "suffix": "%"}),
    )
