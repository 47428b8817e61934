"""Every portfolio of a small document, written out: what the outputs of `docs/engine.md` mean, in plain loops.

Shares no code with the engine. Days are counted in whole thousandths, as they are written; values in floating point,
which is exact enough for sums of a few numbers with four decimals.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.unit.scoring.engine.referee import available, days_of, is_feasible, penalty, place

Document = dict[str, Any]
Days = dict[str, int]


@dataclass(frozen=True)
class Whole:
    """One portfolio: places by partnership, thousandths of a day by pool, load, and what is added to Σ value."""

    places: dict[str, int]
    days: Days
    load: int
    beside: float  # synergies − penalty − cost of change


@dataclass
class Everything:
    """All portfolios of a document that keep its rules, without one partnership's mandate."""

    document: Document
    without_mandate_of: str = ""
    wholes: list[Whole] = field(init=False)

    def __post_init__(self) -> None:
        partnerships = [
            {key: value for key, value in one.items() if key != "at_least" or one["id"] != self.without_mandate_of}
            for one in self.document["partnerships"]
        ]
        document = {**self.document, "partnerships": partnerships}
        names = [one["id"] for one in partnerships]
        ranges = [range(len(one["options"])) for one in partnerships]
        every = (dict(zip(names, places, strict=True)) for places in itertools.product(*ranges))
        self.wholes = [self._whole(one) for one in every if is_feasible(document, one, days=False)]
        self.options = {one["id"]: one["options"] for one in partnerships}

    def _whole(self, places: dict[str, int]) -> Whole:
        by_name = {one["id"]: one for one in self.document["partnerships"]}
        load = sum(by_name[name]["options"][n].get("load", 0) for name, n in places.items())
        added = sum(
            rule["synergy"]
            for rule in self.document.get("rules", [])
            if "synergy" in rule
            and all(places[name] >= place(self.document, name, level) for name, level in rule["of"])
        )
        cost = self.document.get("cost_of_change", {"up": 0, "down": 0})
        changing = 0.0
        for name, n in places.items():
            today = by_name[name].get("today")
            if today is not None:
                moved = n - place(self.document, name, today)
                changing += cost["up"] * max(0, moved) + cost["down"] * max(0, -moved)
        days = {pool: int(used * 1000) for pool, used in days_of(self.document, places).items()}
        return Whole(places, days, load, added - float(penalty(self.document, load)) - changing)

    @property
    def room(self) -> Days:
        """Thousandths of a day by pool, after the reserve."""
        return {pool: int(days * 1000) for pool, days in available(self.document).items()}

    def within(self, room: Days) -> list[Whole]:
        return [one for one in self.wholes if all(one.days[pool] <= room[pool] for pool in room)]

    def value(self, whole: Whole, draw: int | None = None) -> float:
        """Net value at the mean values, or in a draw."""
        return whole.beside + sum(self.of(name, n, draw) for name, n in whole.places.items())

    def of(self, name: str, n: int, draw: int | None = None) -> float:
        option = self.options[name][n]
        return float(option["value"] if draw is None else option["value_draws"][draw])

    def best(self, among: Iterable[Whole], draw: int | None = None) -> Whole | None:
        """The best at the mean values, or in a draw."""
        return max(among, key=lambda one: self.value(one, draw), default=None)

    def today(self) -> Whole:
        """Today's levels, whatever rules they break; the lowest where there is none."""
        places = {}
        for one in self.document["partnerships"]:
            level = one.get("today") or one["options"][0]["level"]
            places[one["id"]] = place(self.document, one["id"], level)
        return self._whole(places)

    def level(self, name: str, whole: Whole) -> str:
        return str(self.options[name][whole.places[name]]["level"])


def percentile(numbers: Iterable[float], percent: float) -> float:
    """Between the two nearest ranks in proportion (Hyndman and Fan 1996, type 7)."""
    ranked = sorted(numbers)
    at = (len(ranked) - 1) * percent / 100
    below = int(at)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (at - below) * (ranked[above] - ranked[below])
