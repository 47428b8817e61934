"""Decisions beside each other: what they ask of every pool together, quarter by quarter, and which rules they break."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from decisions.models import Decision
from partnerships.balance import pool_balances
from partnerships.models import Organisation, Quarter
from scoring.engine.combined import combined
from scoring.findings import Findings
from scoring.words import count_of, in_sentence, number


@dataclass(frozen=True)
class DecidedLevel:
    """A level that counts, from when it holds, and today's level by its code, empty where there is none."""

    code: str
    applies_from: datetime.date
    today: str = ""


@dataclass(frozen=True)
class PoolTogether:
    """Days that the decided levels ask of one pool in one quarter, and those there are after the reserve."""

    label: str
    asked: float
    available: float
    pool: str  # as the run knows it
    quarter: Quarter
    this_quarter: bool

    @property
    def is_over(self) -> bool:
        return self.asked > self.available + 1e-6

    @property
    def in_words(self) -> str:
        name, over = in_sentence(self.label), number(self.asked - self.available)
        when = "this quarter" if self.this_quarter else f"in {self.quarter}"
        return (
            f"{over} {name} {'day' if over == '1' else 'days'} too many {when}: "
            f"{number(self.asked)} asked, {number(self.available)} there."
        )


@dataclass(frozen=True)
class Together:
    """``decided`` is how many partnerships somebody has decided about; the others stand as recommended.

    A level counts from the quarter in which it begins to hold, and until then today's does. ``pools`` are those of this
    quarter, then of each later one in which a decided level begins; ``value`` is with all that is decided.
    """

    decided: int
    others: int
    pools: tuple[PoolTogether, ...]
    broken: tuple[str, ...]
    value: float

    @classmethod
    def of(
        cls,
        findings: Findings,
        decided: Mapping[str, DecidedLevel],
        *,
        organisation: Organisation,
        today: datetime.date | None = None,
    ) -> Together:
        """``decided`` is by the slug of a partnership; what the run does not know is left out."""
        this = Quarter.containing(today or timezone.localdate())
        known = _known(findings)
        counted = {slug: one for slug, one in decided.items() if one.code in known.get(slug, ())}
        later = {quarter for one in counted.values() if (quarter := Quarter.containing(one.applies_from)) > this}
        pools: list[PoolTogether] = []
        broken: dict[str, str] = {}
        found = combined(findings.document, findings.result, {slug: one.code for slug, one in counted.items()})
        for quarter in [this, *sorted(later)]:
            levels = {slug: _level_in(quarter, one, known[slug]) for slug, one in counted.items()}
            then = combined(findings.document, findings.result, levels)
            there = then.available if quarter == this else {**then.available, **_available(organisation, quarter)}
            pools += [
                PoolTogether(
                    pool["label"], then.asked[pool["id"]], there[pool["id"]], pool["id"], quarter, quarter == this
                )
                for pool in findings.document["pools"]
            ]
            for note in _rules(findings, then.broken):
                broken.setdefault(note, "" if quarter == this else f", from {quarter}")
        in_words = tuple(_with_sources(organisation, broken))
        return cls(len(counted), len(known) - len(counted), tuple(pools), in_words, found.value)

    @property
    def over(self) -> list[PoolTogether]:
        return [pool for pool in self.pools if pool.is_over]

    @property
    def fits(self) -> bool:
        return not self.over and not self.broken

    @property
    def counted(self) -> str:
        """What was added up, in words."""
        decided = f"{count_of(self.decided, 'partnership')} as decided, from when each level holds"
        return f"{decided}, the other {self.others} as recommended" if self.others else decided


def _known(findings: Findings) -> dict[str, list[str]]:
    """By partnership, the levels that it may have, the lowest first."""
    return {one["id"]: [option["level"] for option in one["options"]] for one in findings.document["partnerships"]}


def _level_in(quarter: Quarter, one: DecidedLevel, known: Sequence[str]) -> str:
    if Quarter.containing(one.applies_from) <= quarter:
        return one.code
    return one.today if one.today in known else known[0]


def _available(organisation: Organisation, quarter: Quarter) -> dict[str, float]:
    """By pool, the days that were recorded for a later quarter; where none were, those of the run stand."""
    balances = pool_balances(organisation, quarter)
    return {one.pool.code: float(one.available) for one in balances if one.available is not None}


def _rules(findings: Findings, broken: Iterable[int]) -> list[str]:
    rules = findings.document.get("rules", [])
    return [rules[place].get("note", "A rule without words") for place in broken]


def _with_sources(organisation: Organisation, broken: Mapping[str, str]) -> Iterator[str]:
    """What each rule says, where that is written, and from when it is broken."""
    sources = {rule.in_words(): rule.source for rule in organisation.rules.in_full()} if broken else {}
    for note, when in broken.items():
        yield f"{note} ({sources[note]}){when}" if note in sources else f"{note}{when}"


def decided_levels(organisation: Organisation) -> dict[str, DecidedLevel]:
    """The levels that count, by the slug of the partnership."""
    rows = Decision.objects.filter(organisation=organisation, participation__state="active").current()
    known = ("participation__partnership__slug", "level_code", "applies_from", "participation__level__code")
    return {slug: DecidedLevel(code, day, now or "") for slug, code, day, now in rows.order_by().values_list(*known)}
