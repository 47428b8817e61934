"""Do duties and rules leave every partnership a level at all?

Each demand narrows the levels that remain: a duty raises the lowest, "not both" lowers the highest of one as soon as
the other is held up, "needs" and "at least" do either. This is repeated until nothing changes; where nothing remains
for somebody, the demands contradict each other. What it finds is a contradiction for certain. It looks at levels only
and at one consequence at a time, so a contradiction that shows only by trying combinations is left to the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from partnerships.models import RuleKind


@dataclass(frozen=True)
class Demand:
    """A rule over participations by id, with levels as their positions on the ladder."""

    words: str
    kind: RuleKind
    members: tuple[int, ...]
    level: int
    other_level: int = 0
    at_least: int = 0


@dataclass
class _Room:
    """The lowest and highest level that each participation can still have."""

    low: dict[int, int]
    high: dict[int, int]

    def holds(self, one: int, level: int) -> bool:
        return self.low[one] >= level

    def reaches(self, one: int, level: int) -> bool:
        return self.high[one] >= level


def contradiction(duties: Mapping[int, int], top: int, demands: Sequence[Demand]) -> Demand | None:
    """The first demand that cannot be met together with the others; None where none was found.

    ``duties`` are least levels by participation, ``top`` the position of the highest level.
    """
    everybody = {one for demand in demands for one in demand.members} | set(duties)
    room = _Room({one: duties.get(one, 0) for one in everybody}, dict.fromkeys(everybody, top))
    changed = True
    while changed:
        changed = False
        for demand in demands:
            if demand.kind == RuleKind.AT_LEAST and _possible(demand, room) < demand.at_least:
                return demand
            for one, low, high in list(_consequences(demand, room)):
                if low <= room.low[one] and high >= room.high[one]:
                    continue
                room.low[one], room.high[one] = max(low, room.low[one]), min(high, room.high[one])
                changed = True
                if room.low[one] > room.high[one]:
                    return demand
    return None


def _possible(demand: Demand, room: _Room) -> int:
    return sum(room.reaches(one, demand.level) for one in demand.members)


def _consequences(demand: Demand, room: _Room) -> Iterator[tuple[int, int, int]]:
    """Participations with the lowest and highest level that the demand leaves them."""
    if demand.kind == RuleKind.AT_LEAST:
        if _possible(demand, room) == demand.at_least:
            for one in demand.members:
                if room.reaches(one, demand.level):
                    yield one, demand.level, room.high[one]
    elif demand.kind == RuleKind.NEEDS:
        first, second = demand.members
        if room.holds(first, demand.level):
            yield second, demand.other_level, room.high[second]
        if not room.reaches(second, demand.other_level):
            yield first, room.low[first], demand.level - 1
    elif demand.kind == RuleKind.NOT_BOTH:
        for one, other in (demand.members, demand.members[::-1]):
            if room.holds(one, demand.level):
                yield other, room.low[other], demand.level - 1
