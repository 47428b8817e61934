"""The levers of a what-if: each says what is to be otherwise than in the inputs of a run, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Days:
    """A pool has so many days a quarter, before its reserve."""

    pool: str
    days: float


@dataclass(frozen=True)
class Weights:
    """Everybody weighs the objectives so: points by objective, of which only the proportions count."""

    points: tuple[tuple[str, float], ...]

    def shares(self) -> dict[str, float]:
        """Each objective's share of the weight, 0 to 1."""
        total = sum(points for _, points in self.points)
        return {objective: points / total for objective, points in self.points}


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
    return [{"kind": NAMES[type(lever)], **asdict(lever)} for lever in in_order(levers)]


def lever_from(stored: Json) -> Lever:
    """A lever from what ``to_json`` made of it. Raises KeyError or TypeError for anything else."""
    facts = {name: value for name, value in stored.items() if name != "kind"}
    if "points" in facts:
        facts["points"] = tuple((str(objective), float(points)) for objective, points in facts["points"])
    return KINDS[stored["kind"]](**facts)


def in_order(levers: Iterable[Lever]) -> list[Lever]:
    """By kind, then by what they name."""
    kinds = list(KINDS.values())
    return sorted(levers, key=lambda lever: (kinds.index(type(lever)), json.dumps(list(asdict(lever).values()))))


def fingerprint_of(levers: Iterable[Lever]) -> str:
    """The same for the same levers in any order: SHA-256 of their JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(to_json(levers), sort_keys=True).encode()).hexdigest()
