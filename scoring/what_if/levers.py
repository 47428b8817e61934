"""The levers of a what-if: each says what is to be otherwise than in the inputs of a run, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]
Points = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Days:
    """A pool has so many days a quarter, before its reserve."""

    pool: str
    days: float


@dataclass(frozen=True)
class Weights:
    """Everybody weighs the objectives so, the ways of creating value so, or both: points by objective and by way, of
    which only the proportions count. On a list without points everybody keeps to what they said.
    """

    points: Points = ()
    ways: Points = ()

    def shares(self) -> dict[str, float]:
        """Each objective's share of the weight, 0 to 1."""
        return _shares(self.points)

    def way_shares(self) -> dict[str, float]:
        """The same of the ways."""
        return _shares(self.ways)

    def apart(self) -> list[Weights]:
        """The same as one lever on the objectives and one on the ways, as far as there are points on each."""
        on_each = (Weights(points=self.points), Weights(ways=self.ways))
        return [one for one in on_each if one.points or one.ways]


def _shares(points: Points) -> dict[str, float]:
    total = sum(given for _, given in points)
    return {criterion: given / total for criterion, given in points}


@dataclass(frozen=True)
class Held:
    """A partnership stays at exactly this level, whatever that costs; a duty above it is set aside."""

    partnership: str
    level: str


@dataclass(frozen=True)
class Duty:
    """A partnership must be kept at this level or above; with None it has no duty."""

    partnership: str
    level: str | None


@dataclass(frozen=True)
class Attention:
    """The two answers behind the tipping point, in points of attention."""

    hurts_from: int
    adds_nothing_at: int


@dataclass(frozen=True)
class NoTippingPoint:
    """Attention costs nothing, however much of it is asked for."""


Lever = Days | Weights | Held | Duty | Attention | NoTippingPoint
KINDS: dict[str, type[Lever]] = {
    "days": Days,
    "weights": Weights,
    "held": Held,
    "duty": Duty,
    "attention": Attention,
    "no tipping point": NoTippingPoint,
}
NAMES = {lever: name for name, lever in KINDS.items()}


def to_json(levers: Iterable[Lever]) -> list[Json]:
    """As plain JSON types, in an order that depends on the levers alone."""
    return [{"kind": NAMES[type(lever)], **_facts(lever)} for lever in in_order(levers)]


def _facts(lever: Lever) -> Json:
    """Without ways where none are weighed, so that such a lever is what it was before there were any."""
    return {name: value for name, value in asdict(lever).items() if name != "ways" or value}


def lever_from(stored: Json) -> Lever:
    """A lever from what ``to_json`` made of it. Raises KeyError or TypeError for anything else."""
    facts = {name: value for name, value in stored.items() if name != "kind"}
    for name in {"points", "ways"} & set(facts):
        facts[name] = tuple((str(criterion), float(points)) for criterion, points in facts[name])
    return KINDS[stored["kind"]](**facts)


def in_order(levers: Iterable[Lever]) -> list[Lever]:
    """By kind, then by what they name."""
    kinds = list(KINDS.values())
    return sorted(levers, key=lambda lever: (kinds.index(type(lever)), json.dumps(list(asdict(lever).values()))))


def fingerprint_of(levers: Iterable[Lever]) -> str:
    """The same for the same levers in any order: SHA-256 of their JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(to_json(levers), sort_keys=True).encode()).hexdigest()
