"""A yes over capacity: no is kinder than a yes that cannot be kept, and there is something to say in between."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from decisions.basis import Basis
from decisions.notice import fair_start
from decisions.together import DecidedLevel, PoolTogether, Together, decided_levels
from partnerships.models import Quarter
from scoring.advice import LevelOutlook
from scoring.words import in_sentence, listing, number

# Less of a day than this is none.
A_LITTLE = 0.05
# How many quarters are looked at for a later start: further on nobody knows what days there will be.
LOOKED_AT = 4


def together_with(basis: Basis, code: str = "", *, day: datetime.date | None = None) -> Together:
    """All that is decided beside each other, with this partnership at a level that is being looked at and begins to
    hold on a ``day``, or today.
    """
    participation = basis.participation
    levels = decided_levels(participation.organisation)
    if code:
        now = participation.level.code if participation.level else ""
        levels[participation.partnership.slug] = DecidedLevel(code, day or timezone.localdate(), now)
    return Together.of(basis.findings, levels, organisation=participation.organisation)


@dataclass(frozen=True)
class YesOverCapacity:
    """``short`` are the pools that have too few days for all that is decided, each with the days that this one needs of
    it; ``quarter`` is the first in which that is so, once the level holds. ``starts`` is the first after it from which
    there are enough days for it beside all else that is decided, None where there is none within a year. ``keeps`` says
    that it is today's level: nobody can take back its days before a fair notice is over, so it is looked at from then.
    ``together`` is all that was counted.
    """

    level: LevelOutlook
    short: tuple[tuple[PoolTogether, float], ...]
    quarter: Quarter
    this_quarter: bool
    starts: Quarter | None
    keeps: bool
    together: Together

    @classmethod
    def of(cls, basis: Basis, code: str, *, day: datetime.date, today: datetime.date) -> YesOverCapacity | None:
        """None where the level is lower than today's, or fits; ``day`` is when it begins to hold."""
        level = basis.level(code)
        if level is None or not _is_a_yes(basis, level):
            return None
        keeps = code == _today(basis)
        if keeps:
            day = max(day, fair_start(today))
        together = together_with(basis, code, day=day)
        short = _short(level, together, Quarter.containing(day))
        if not short:
            return None
        quarter = min(pool.quarter for pool, _ in short)
        first = tuple(one for one in short if one[0].quarter == quarter)
        starts = None if keeps else _could_start(basis, level, quarter)
        return cls(level, first, quarter, quarter == Quarter.containing(today), starts, keeps, together)

    @property
    def sentence(self) -> str:
        """What a leader could say in the place of a yes."""
        when = "this quarter" if self.this_quarter else f"from {self.quarter}"
        have = listing([_left(pool, need) for pool, need in self.short])
        if self.keeps:
            return (
                f"We want to go on doing this well. We have {have} {when}; could we take a smaller part from then, or "
                "agree now what we stop doing?"
            )
        if self.starts is None:
            return (
                f"We want to do this well. We have {have} {when}, and not enough in the year after; could we take a "
                "smaller part, or talk again when we have more?"
            )
        month = f"{self.starts.first_day:%B %Y}"
        return f"We want to do this well. We have {have} {when}; could we start in {month}, or take a smaller part?"


def _short(level: LevelOutlook, together: Together, begins: Quarter) -> list[tuple[PoolTogether, float]]:
    """The pools that this level needs and that have too few days from its first quarter on, each with its need."""
    return [
        (pool, need)
        for pool in together.over
        if pool.quarter >= begins and (need := level.days.get(pool.pool, 0.0)) > A_LITTLE
    ]


def _could_start(basis: Basis, level: LevelOutlook, short: Quarter) -> Quarter | None:
    """The first quarter after ``short`` from which the level fits beside all else that is decided."""
    quarter = short
    for _ in range(LOOKED_AT):
        quarter = quarter.next()
        if not _short(level, together_with(basis, level.code, day=quarter.first_day), quarter):
            return quarter
    return None


def _is_a_yes(basis: Basis, level: LevelOutlook) -> bool:
    """Whether it raises today's level or keeps it, and is more than taking no part."""
    codes, today = [one.code for one in basis.advice.levels], _today(basis)
    return codes.index(level.code) >= max(codes.index(today) if today in codes else 0, 1)


def _today(basis: Basis) -> str:
    level = basis.participation.level
    return level.code if level else ""


def _left(pool: PoolTogether, need: float) -> str:
    name, free = in_sentence(pool.label), pool.available - (pool.asked - need)
    if free <= A_LITTLE:
        return f"no {name} days left"
    return f"only {number(free)} of the {number(need)} {name} days that it needs"
