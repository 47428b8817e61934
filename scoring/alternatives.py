"""What else a run found out: the next best answers, what a day is worth in each pool, what could be regretted, and what
is most worth finding out.

A run of an older engine lacks some of it; then nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.engine.wording import NOTHING, SMALL
from scoring.words import in_sentence, listing, number

Json = Mapping[str, Any]
MOST_TO_FIND_OUT = 3
A_TWENTIETH = 20  # versions: of fewer, the worst twentieth is the worst one


@dataclass(frozen=True)
class NextBest:
    """Another portfolio: what it gives up, and its swaps, each as a phrase."""

    gives_up: float
    swaps: list[str]

    @property
    def cost(self) -> str:
        if self.gives_up < SMALL:
            return "As good" if self.gives_up < NOTHING else "Hardly less"
        return f"{_points(self.gives_up)} less"


@dataclass(frozen=True)
class DayWorth:
    """One pool: the chance of too few days (0 to 1), the points that one more day adds, with a range over the plausible
    versions, and those that five more add in all.
    """

    label: str
    too_few: float
    adds: float
    low: float
    high: float
    five: float
    waiting: list[str]

    @property
    def chance(self) -> str:
        """Of too few days, in words."""
        if self.too_few < 0.01:
            return "Hardly any"
        if self.too_few >= 0.995:
            return "Nearly certain"
        return f"About {max(1, round(100 * self.too_few))} in 100"

    @property
    def worth(self) -> str:
        """One day may add nothing where several do: what there is to choose takes days in lumps."""
        adds = "Nothing" if self.adds < NOTHING else "Less than 0.1 points" if self.adds < SMALL else _points(self.adds)
        low, high = number(self.low), number(self.high)
        spread = f" (from {low} to {high})" if low != high else ""
        lump = f"; five more would add {_points(self.five)} in all" if self.adds < SMALL <= self.five else ""
        return f"{adds}{spread}{lump}"


@dataclass(frozen=True)
class WorthKnowing:
    """One partnership, what of it would tell the most (value, readiness, or both), and what knowing it would add."""

    id: str
    name: str
    what: str
    adds: float

    @property
    def in_words(self) -> str:
        how = {
            "value": "what it adds, which better evidence for its ratings would tell",
            "readiness": "how ready it is, which a survey would tell",
        }.get(self.what, "what it adds and how ready it is, by better evidence and a survey")
        return f"{how} (about {_points(self.adds)})"


@dataclass(frozen=True)
class Alternatives:
    """Everything the page shows of it. ``is_unsure`` is False where there is nothing to know better, or no telling."""

    next_best: list[NextBest]
    days: list[DayWorth]
    regret: str
    worth_knowing: list[WorthKnowing]
    is_unsure: bool

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
            worth_knowing=_worth_knowing(result),
            is_unsure=bool(result["draws"]) and any(one.get("information_on") for one in result["partnerships"]),
        )


def _worth_knowing(result: Json) -> list[WorthKnowing]:
    """The few that are most worth finding out about, the most first."""
    found = []
    for one in result["partnerships"]:
        apart = one.get("information_on")
        if not apart or one["information"] < SMALL:
            continue
        what = "readiness" if apart["readiness"] > apart["value"] else "value"
        both = apart[what] < SMALL
        found.append(
            WorthKnowing(one["id"], one["name"], "both" if both else what, one["information"] if both else apart[what])
        )
    return sorted(found, key=lambda one: (-one.adds, one.name.casefold()))[:MOST_TO_FIND_OUT]


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
            five=5 * prices[pool["id"]]["five_days"],
            waiting=waiting.get(pool["id"], []),
        )
        for pool in document["pools"]
        if pool["id"] in prices
    ]


def _regret(result: Json) -> str:
    regret = result.get("regret")
    if not regret or not result["draws"]:
        return ""
    draws = result["draws"]
    if regret["cvar95"] < NOTHING:
        return f"In none of the {draws} plausible versions tried is another portfolio better than the best one."
    worst = "twentieth" if draws >= A_TWENTIETH else "of them"
    return (
        "Whichever of the plausible versions is true, another portfolio may be best for it. Against that one the "
        f"portfolio that is best by the numbers as they stand gives up {number(regret['mean'])} points on average, and "
        f"{number(regret['cvar95'])} in the worst {worst}, of {number(regret['of'])}."
    )


def _points(value: float) -> str:
    shown = number(value)
    return f"{shown} {'point' if shown == '1' else 'points'}"


def building_advice(days: list[DayWorth]) -> list[str]:
    """Where to build capacity, a sentence a pool."""
    return [
        f"Build {in_sentence(one.label)} capacity: {listing(one.waiting)} would come in or rise with a tenth more days."
        for one in days
        if one.waiting
    ]
