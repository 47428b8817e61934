"""What else a run found out: the next best answers, what a day is worth in each pool, and what could be regretted.

A run of an older engine lacks some of it; then nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.words import in_sentence, listing, number

Json = Mapping[str, Any]
SMALL = 0.05  # points that are not worth a number


@dataclass(frozen=True)
class NextBest:
    """Another portfolio: what it gives up, and its swaps, each as a phrase."""

    gives_up: float
    swaps: list[str]

    @property
    def cost(self) -> str:
        return "As good" if self.gives_up < SMALL else f"{number(self.gives_up)} points less"


@dataclass(frozen=True)
class DayWorth:
    """One pool: the chance of too few days (0 to 1), and the points that one more day adds, with a range."""

    label: str
    too_few: float
    adds: float
    low: float
    high: float
    waiting: list[str]

    @property
    def chance(self) -> str:
        """Of too few days, in words."""
        if self.too_few < 0.01:
            return "Hardly any"
        return f"About {max(1, round(100 * self.too_few))} in 100"

    @property
    def worth(self) -> str:
        if self.high < SMALL:
            return "Nothing: there are enough"
        return f"{number(self.adds)} points (from {number(self.low)} to {number(self.high)})"


@dataclass(frozen=True)
class Alternatives:
    """Everything the page shows of it."""

    next_best: list[NextBest]
    days: list[DayWorth]
    regret: str

    @classmethod
    def of(cls, document: Json, result: Json) -> Alternatives:
        names = {one["id"]: one["name"] for one in result["partnerships"]}
        levels = {one["id"]: one["label"] for one in result["levels"]}
        return cls(
            next_best=[
                NextBest(
                    gives_up=one["gives_up"],
                    swaps=[
                        f"{names[swap['id']]} at {levels[swap['to']]} instead of {levels[swap['from']]}"
                        for swap in one["swaps"]
                    ],
                )
                for one in result.get("competitors") or []
            ],
            days=_days(document, result, names),
            regret=_regret(result),
        )


def _days(document: Json, result: Json, names: Mapping[str, str]) -> list[DayWorth]:
    prices, too_few = result.get("price_of_a_day") or {}, result.get("overload") or {}
    waiting = {
        one["pool"]: [names[identifier] for identifier in one["blocked"]] for one in result.get("build_capacity") or []
    }
    return [
        DayWorth(
            label=pool["label"],
            too_few=too_few.get(pool["id"], 0.0),
            adds=prices[pool["id"]]["mean"],
            low=prices[pool["id"]]["p10"],
            high=prices[pool["id"]]["p90"],
            waiting=waiting.get(pool["id"], []),
        )
        for pool in document["pools"]
        if pool["id"] in prices
    ]


def _regret(result: Json) -> str:
    regret = result.get("regret")
    if not regret or not result["draws"]:
        return ""
    return (
        "Whichever of the plausible versions is true, another portfolio may be best for it. Against that one this "
        f"gives up {number(regret['mean'])} points on average, and {number(regret['cvar95'])} in the worst twentieth, "
        f"of {number(regret['of'])}."
    )


def building_advice(days: list[DayWorth]) -> list[str]:
    """Where to build capacity, a sentence a pool."""
    return [
        f"Build {in_sentence(one.label)} capacity: {listing(one.waiting)} would come in or rise with a tenth more days."
        for one in days
        if one.waiting
    ]
