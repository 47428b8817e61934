"""Two what-ifs side by side: what each changes, what it is worth, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.differences import Difference
from scoring.words import exact

DOES_NOT_FIT = "Does not fit"


@dataclass(frozen=True)
class Row:
    """One line of a table: what it is, as recommended, and in each of the two."""

    label: str
    recommended: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True)
class Comparison:
    """``levels`` has a row for each partnership that moves in either."""

    first: Difference
    second: Difference
    numbers: list[Row]
    levels: list[Row]

    @property
    def share_a_base(self) -> bool:
        return self.first.run.pk == self.second.run.pk

    @property
    def both(self) -> tuple[Difference, Difference]:
        return self.first, self.second


def compare(first: Difference, second: Difference) -> Comparison:
    """Two finished what-ifs, and the recommendation that the first one started from."""
    one, other = _numbers(first), _numbers(second)
    numbers = [
        Row(label, recommended, one[label], other.get(label, "–")) for label, recommended in _recommended(first).items()
    ]
    return Comparison(first, second, numbers, _levels(first, second))


def _recommended(one: Difference) -> dict[str, str]:
    """The lines of the table, as recommended."""
    days = {_days(pool.label): f"{exact(pool.recommended)} of {exact(pool.available)}" for pool in one.before.pools}
    return {
        "Value (points)": f"{one.before.recommended_value:.1f}",
        "Against keeping to the recommendation": "–",
        **days,
        "Attention asked for (points)": str(one.load_before),
    }


def _numbers(one: Difference) -> dict[str, str]:
    """The same lines in a what-if."""
    if not one.fits:
        return dict.fromkeys(_recommended(one), DOES_NOT_FIT)
    days = {_days(pool.label): f"{exact(pool.recommended)} of {exact(pool.available)}" for pool in one.after.pools}
    return {
        "Value (points)": f"{one.value_after:.1f}",
        "Against keeping to the recommendation": one.value_change,
        **days,
        "Attention asked for (points)": str(one.load_after),
    }


def _days(pool: str) -> str:
    return f"{pool} days, of those there are"


def _levels(first: Difference, second: Difference) -> list[Row]:
    """Partnerships that move in either, those first where the two differ."""
    recommended = {one.id: one for one in first.before.advice}
    in_each = [
        {one.id: one.recommended.name for one in difference.after.advice} if difference.fits else {}
        for difference in (first, second)
    ]
    rows = [
        Row(one.name, one.recommended.name, *(levels.get(identifier, "–") for levels in in_each))
        for identifier, one in recommended.items()
        if any(identifier in levels and levels[identifier] != one.recommended.name for levels in in_each)
    ]
    return sorted(rows, key=lambda row: (not row.differs, row.label.casefold()))
