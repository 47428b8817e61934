"""Where surveys that asked different versions of the questions can be compared: over the items that all of them asked.

An item that has the same code in two versions is the same question (``diagnostics.instrument.difference``). The items
shared stand for a characteristic where they are at least half of those that each version asks about it, and the
characteristics shared for the whole where they are at least half of them: the half rule, by which a person's own
answers stand for a scale (Fairclough and Cella 1996). Else the two are not comparable there.

Several versions are taken in their order, and the first is what the others are held against. A version that would
leave too little in common is left out, rather than that it spoil the comparison of the others. What is compared is
scored alike: by the first version's map from items to characteristics, over one and the same set of items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from diagnostics.instrument.definition import Instrument


@dataclass(frozen=True)
class Shared:
    """How many items about a characteristic two versions share, of the more that one of them asks."""

    items: int
    of: int

    @property
    def is_enough(self) -> bool:
        return self.items > 0 and 2 * self.items >= self.of


@dataclass(frozen=True)
class Standing:
    """Where one version can be compared with the first: in which characteristics, and as a whole."""

    shared: Mapping[str, Shared]
    characteristics: frozenset[str]
    as_a_whole: bool

    def not_comparable(self) -> dict[str, Shared]:
        return {code: one for code, one in self.shared.items() if code not in self.characteristics}


@dataclass(frozen=True)
class CommonGround:
    """``by_characteristic`` scores each characteristic, ``as_a_whole`` the overall; ``standings`` are by version."""

    by_characteristic: Instrument
    as_a_whole: Instrument
    standings: Mapping[str, Standing]

    @property
    def is_over_fewer(self) -> bool:
        """Whether anything is compared over fewer items than one of the versions asks, or not at all."""
        return any(one.items < one.of for standing in self.standings.values() for one in standing.shared.values())

    def between(self, version: str) -> Instrument:
        """What scores one version and the first beside each other: only what these two can be compared in."""
        return _reduced(self.by_characteristic, _items(self.by_characteristic, self.standings[version].characteristics))


def common_ground(versions: Sequence[Instrument]) -> CommonGround:
    """What ``versions``, of different names and at least one, can be compared in."""
    first = versions[0]
    # By characteristic, the items that all asked so far, and the most that one of those versions asks.
    kept = {one.code: set(first.items_of(one.code)) for one in first.characteristics}
    asked = {code: len(items) for code, items in kept.items()}
    whole = set(kept)
    standings = {}
    for version in versions:
        shared = {
            code: Shared(len(items & version.item_by_code.keys()), max(asked[code], len(version.items_of(code))))
            for code, items in kept.items()
        }
        comparable = frozenset(code for code, one in shared.items() if one.is_enough)
        for code in comparable:
            kept[code] &= version.item_by_code.keys()
            asked[code] = shared[code].of
        as_a_whole = 2 * len(whole & comparable) >= len(first.characteristics)
        if as_a_whole:
            whole &= comparable
        standings[version.version] = Standing(shared, comparable, as_a_whole)
    return CommonGround(
        by_characteristic=_reduced(first, set().union(*kept.values())),
        as_a_whole=_reduced(first, set().union(*(kept[code] for code in whole))),
        standings=standings,
    )


def _items(made: Instrument, characteristics: AbstractSet[str]) -> set[str]:
    return {item for code in characteristics for item in made.items_of(code)}


def _reduced(made: Instrument, items: AbstractSet[str]) -> Instrument:
    return replace(made, items=tuple(item for item in made.items if item.code in items))
