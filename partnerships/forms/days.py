"""Days a quarter at each level from each pool, with suggestions for the boxes left empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from partnerships.editing import days_version
from partnerships.estimates import Cell, Estimate, range_around, recorded_estimates, with_suggestions
from partnerships.forms.versioned import VersionedForm
from partnerships.models import CapacityPool, EngagementLevel, Participation
from partnerships.numbers import plain_number

BOUNDS = ("low", "likely", "high")
MOST_DAYS = Decimal(10_000)


@dataclass(frozen=True)
class DaysRow:
    """One level of one pool on the page: its three boxes, and whether what stands in them is only a suggestion."""

    level: EngagementLevel
    boxes: tuple[forms.BoundField, ...]
    is_suggested: bool


class DaysForm(VersionedForm):
    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        self.levels = list(participation.organisation.engagement_levels.all())
        self.pools = list(participation.organisation.capacity_pools.all())
        self.suggested: frozenset[Cell] = frozenset()
        recorded = recorded_estimates(participation.days_needed.all())
        kwargs.setdefault("initial", _initial(recorded) | {"version": days_version(participation)})
        super().__init__(*args, **kwargs)
        for pool in self.pools:
            for level in self.levels:
                for bound in BOUNDS:
                    self.fields[_box((level.pk, pool.pk), bound)] = _days_field(level, pool, bound)
        self.speak_plainly()

    def cells(self) -> Iterator[Cell]:
        return ((level.pk, pool.pk) for pool in self.pools for level in self.levels)

    def tables(self) -> list[tuple[CapacityPool, list[DaysRow]]]:
        """For each pool its levels, the most engaged first."""
        return [(pool, [self._row(level, pool) for level in reversed(self.levels)]) for pool in self.pools]

    def _row(self, level: EngagementLevel, pool: CapacityPool) -> DaysRow:
        cell = (level.pk, pool.pk)
        return DaysRow(level, tuple(self[_box(cell, bound)] for bound in BOUNDS), cell in self.suggested)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for cell in self.cells():
            low, likely, high = (cleaned.get(_box(cell, bound)) for bound in BOUNDS)
            if any(_box(cell, bound) in self.errors for bound in BOUNDS):
                continue
            if likely is None and (low is not None or high is not None):
                self.add_error(_box(cell, "likely"), "Enter the likely days, or clear the row.")
            elif likely is not None and low is not None and low > likely:
                self.add_error(_box(cell, "low"), "Enter low days that are no more than the likely days.")
            elif likely is not None and high is not None and high < likely:
                self.add_error(_box(cell, "high"), "Enter high days that are no less than the likely days.")
        return cleaned

    def estimates(self) -> dict[Cell, Estimate | None]:
        """What was typed; a bound left empty is 30 % from the likely days, a row left empty is None."""
        return {cell: self._estimate(cell) for cell in self.cells()}

    def _estimate(self, cell: Cell) -> Estimate | None:
        low, likely, high = (self.cleaned_data.get(_box(cell, bound)) for bound in BOUNDS)
        if likely is None:
            return None
        around = range_around(likely)
        return Estimate(around.low if low is None else low, likely, around.high if high is None else high)

    def with_suggestions(self, participation: Participation) -> DaysForm:
        """A form to look through, with suggestions in the empty rows; nothing of it is saved."""
        typed = {cell: estimate for cell, estimate in self.estimates().items() if estimate}
        grid = with_suggestions(typed, self.levels, self.pools)
        shown = {cell: estimate for cell, estimate in grid.items() if estimate}
        form = DaysForm(
            participation=participation, initial=_initial(shown) | {"version": self.cleaned_data["version"]}
        )
        form.suggested = frozenset(cell for cell, estimate in shown.items() if estimate.is_suggested)
        return form


def _box(cell: Cell, bound: str) -> str:
    return f"days-{cell[0]}-{cell[1]}-{bound}"


def _days_field(level: EngagementLevel, pool: CapacityPool, bound: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{pool.name} days at {level.name}, {bound}",
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"label": "hidden", "optional": "unsaid", "width": 4}),
    )


def _initial(estimates: dict[Cell, Estimate]) -> dict[str, Any]:
    return {
        _box(cell, bound): plain_number(getattr(estimate, bound))
        for cell, estimate in estimates.items()
        for bound in BOUNDS
    }
