"""A what-if beside the recommendation it started from: value, days by pool, and which partnerships move.

Where a lever changes how value is measured (weights, too much attention), the recommendation is measured so as well:
the two totals of different measures may not be subtracted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoring.advice import Advice
from scoring.findings import Findings
from scoring.lever_words import words_of
from scoring.models import Run, WhatIf
from scoring.what_if import Attention, Held, NoTippingPoint, Weights
from scoring.words import count_of, exact, exact_change, in_sentence, listing

Json = Mapping[str, Any]
NO_DIFFERENCE = 0.005  # in points: less is said to be none


@dataclass(frozen=True)
class Move:
    """A partnership that is recommended at another level: both names, which way, and why."""

    id: str
    name: str
    was: str
    becomes: str
    is_up: bool
    is_held: bool
    reason: str


@dataclass(frozen=True)
class PoolDifference:
    """One pool: days there are and days used, as recommended and in the what-if."""

    label: str
    used_before: float
    used_after: float
    available_before: float
    available_after: float

    @property
    def in_words(self) -> tuple[str, str, str]:
        """Used of those there are, before and after, and the difference in what is used."""
        before = f"{exact(self.used_before)} of {exact(self.available_before)}"
        after = f"{exact(self.used_after)} of {exact(self.available_after)}"
        return before, after, exact_change(self.used_after - self.used_before)


@dataclass(frozen=True)
class Difference:
    """What a finished what-if says, against the run it started from."""

    what_if: WhatIf
    run: Run
    before: Findings

    @classmethod
    def of(cls, what_if: WhatIf) -> Difference:
        """Raises ValueError for a what-if that has no answer."""
        what_if.outcome()
        return cls(what_if, what_if.base_run, Findings.of(what_if.base_run))

    @cached_property
    def after(self) -> Findings:
        """Names, levels and days needed are the run's own; capacity and values come from the answer."""
        return Findings(self.before.document, self.what_if.outcome(), self.before.assumptions, "")

    @property
    def fits(self) -> bool:
        return bool(self.what_if.outcome()["status"] == "optimal")

    @cached_property
    def changes(self) -> list[str]:
        """The levers in words."""
        return words_of(self.what_if.pulled, self.before.document, self.before.assumptions)

    @property
    def is_measured_otherwise(self) -> bool:
        return any(isinstance(lever, Weights | Attention | NoTippingPoint) for lever in self.what_if.pulled)

    @property
    def value_before(self) -> float:
        """What the recommendation is worth, measured as the what-if is."""
        kept = self.what_if.kept_value
        return self.before.recommended_value if kept is None else kept

    @property
    def value_after(self) -> float:
        return self.after.recommended_value

    @property
    def value_change(self) -> str:
        return exact_change(self.gain)

    @property
    def gain(self) -> float:
        gain = round(self.value_after - self.value_before, 2)
        return 0.0 if abs(gain) < NO_DIFFERENCE else round(gain, 1) if abs(gain) >= 1 else gain

    @property
    def load_before(self) -> int:
        return int(self.before.result["advised"]["load"])

    @property
    def load_after(self) -> int:
        return int(self.after.result["advised"]["load"])

    @property
    def load_change(self) -> str:
        return exact_change(self.load_after - self.load_before)

    @cached_property
    def pools(self) -> list[PoolDifference]:
        return [
            PoolDifference(was.label, was.recommended, becomes.recommended, was.available, becomes.available)
            for was, becomes in zip(self.before.pools, self.after.pools, strict=True)
        ]

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The table: what is measured, as recommended, in the what-if, and the difference."""
        value = (f"{self.value_before:.1f}", f"{self.value_after:.1f}", self.value_change)
        days = [(f"{pool.label} days used", *pool.in_words) for pool in self.pools]
        load = (str(self.load_before), str(self.load_after), self.load_change)
        return [("Value (points)", *value), *days, ("Attention (points)", *load)]

    @cached_property
    def moves(self) -> list[Move]:
        """Those that rise first, then by name."""
        held = {lever.partnership for lever in self.what_if.pulled if isinstance(lever, Held)}
        becomes = {one.id: one for one in self.after.advice}
        moves = [
            _move(one, becomes[one.id], is_held=one.id in held)
            for one in self.before.advice
            if one.recommended.code != becomes[one.id].recommended.code
        ]
        return sorted(moves, key=lambda move: (not move.is_up, move.name.casefold(), move.id))

    @property
    def sentence(self) -> str:
        """The answer in a sentence."""
        if not self.fits:
            return f"This does not fit. {self._why_not()}"
        return f"{self._worth()} {self._moving()}"

    def _worth(self) -> str:
        if not self.gain:
            return "You can deliver as much as is recommended."
        more = "more" if self.gain > 0 else "less"
        compared = " than if you kept to the recommendation" if self.is_measured_otherwise else ""
        points = "point" if exact(abs(self.gain)) == "1" else "points"
        instead = f"{self.value_after:.1f} instead of {self.value_before:.1f}"
        gain = f"{exact(abs(self.gain))} {points} of value {more}{compared}"
        return f"You can deliver {gain}: {instead}."

    def _moving(self) -> str:
        if not self.moves:
            return "No partnership moves to another level."
        if len(self.moves) == 1:
            return "1 partnership moves to another level."
        return f"{count_of(len(self.moves), 'partnership')} move to another level."

    def _why_not(self) -> str:
        result, document = self.what_if.outcome(), self.before.document
        labels = {pool["id"]: pool["label"] for pool in document["pools"]}
        short = [
            f"{exact(days)} {in_sentence(labels[pool])} days" for pool, days in result["shortfall"].items() if days > 0
        ]
        if short:
            return (
                f"Duties and the levels you held need at least {listing(short)} a quarter more than there are. "
                "Give more days, lift a duty, or hold fewer partnerships."
            )
        names = {one["id"]: one["name"] for one in document["partnerships"]}
        clash = sorted({names[one] for entry in result["conflict"] for one in _named_in(entry) if one in names})
        rules = [f"“{entry['rule']['note']}”" for entry in result["conflict"] if "note" in entry.get("rule", {})]
        rule = f" The rule {listing(rules)} cannot be kept." if rules else ""
        return f"What you changed contradicts a duty or a rule.{rule} Check {listing(clash) or 'what you changed'}."


def _move(was: Advice, becomes: Advice, *, is_held: bool) -> Move:
    codes = [level.code for level in was.levels]
    return Move(
        id=was.id,
        name=was.name,
        was=was.recommended.name,
        becomes=becomes.recommended.name,
        is_up=codes.index(becomes.recommended.code) > codes.index(was.recommended.code),
        is_held=is_held,
        reason="" if is_held else becomes.reason,
    )


def _named_in(conflict: Json) -> list[str]:
    """The partnerships that one entry of a conflict names: a duty's, or those of a rule in any of its forms."""
    if "partnership" in conflict:
        return [conflict["partnership"]]
    rule = conflict["rule"]
    if "not_both" in rule:
        return [partnership for partnership, _ in rule["not_both"]]
    if "if" in rule:
        return [rule["if"][0], rule["then"][0]]
    return list(rule["of"])
