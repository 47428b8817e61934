"""Decisions beside each other: what they ask of every pool together, and which rules they break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from decisions.models import Decision
from partnerships.models import Organisation
from scoring.engine.combined import combined
from scoring.findings import Findings
from scoring.words import count_of, in_sentence, number


@dataclass(frozen=True)
class PoolTogether:
    """Days a quarter that the decided levels ask of one pool, and those there are after the reserve."""

    label: str
    asked: float
    available: float
    pool: str = ""  # as the run knows it

    @property
    def is_over(self) -> bool:
        return self.asked > self.available + 1e-6

    @property
    def in_words(self) -> str:
        name, over = in_sentence(self.label), number(self.asked - self.available)
        return (
            f"{over} {name} {'day' if over == '1' else 'days'} a quarter too many: "
            f"{number(self.asked)} asked, {number(self.available)} there."
        )


@dataclass(frozen=True)
class Together:
    """``decided`` is how many partnerships somebody has decided about; the others stand as recommended."""

    decided: int
    others: int
    pools: tuple[PoolTogether, ...]
    broken: tuple[str, ...]
    value: float

    @classmethod
    def of(cls, findings: Findings, levels: Mapping[str, str]) -> Together:
        """``levels`` are those decided, by the slug of a partnership; what the run does not know is left out."""
        known = {one["id"]: {option["level"] for option in one["options"]} for one in findings.document["partnerships"]}
        counted = {slug: level for slug, level in levels.items() if level in known.get(slug, ())}
        found = combined(findings.document, findings.result, counted)
        rules = findings.document.get("rules", [])
        return cls(
            decided=len(counted),
            others=len(known) - len(counted),
            pools=tuple(
                PoolTogether(pool["label"], found.asked[pool["id"]], found.available[pool["id"]], pool["id"])
                for pool in findings.document["pools"]
            ),
            broken=tuple(rules[place].get("note", "A rule without words") for place in found.broken),
            value=found.value,
        )

    @property
    def over(self) -> list[PoolTogether]:
        return [pool for pool in self.pools if pool.is_over]

    @property
    def fits(self) -> bool:
        return not self.over and not self.broken

    @property
    def counted(self) -> str:
        """What was added up, in words."""
        decided = f"{count_of(self.decided, 'partnership')} as decided"
        return f"{decided}, the other {self.others} as recommended" if self.others else decided


def decided_levels(organisation: Organisation) -> dict[str, str]:
    """The levels that count, by the slug of the partnership."""
    rows = Decision.objects.filter(organisation=organisation, participation__state="active").current()
    return dict(rows.order_by().values_list("participation__partnership__slug", "level_code"))
