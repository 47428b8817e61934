"""How the answers to one statement spread: a dot a person where they are few, a bar where they are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.instrument import Instrument

# From so many on, single dots are no longer counted at a glance.
MANY = 10
# Of a dot's row, in pixels: the room of one dot, and where its middle is.
DOT_ROOM, DOT_MIDDLE = 14, 7


@dataclass(frozen=True)
class Share:
    """How many chose one point of the scale; ``percent`` is of all who had a view."""

    label: str
    count: int
    percent: float
    low: bool

    @property
    def dots(self) -> list[int]:
        """Where the middle of each person's dot lies, from the left."""
        return [DOT_MIDDLE + DOT_ROOM * place for place in range(self.count)]

    @property
    def width(self) -> int:
        return DOT_ROOM * self.count


@dataclass(frozen=True)
class Distribution:
    """``shares`` from disagreeing to agreeing."""

    shares: Sequence[Share]

    @property
    def views(self) -> int:
        return sum(share.count for share in self.shares)

    @property
    def in_dots(self) -> bool:
        return self.views < MANY

    @property
    def disagreed(self) -> int:
        return sum(share.count for share in self.shares if share.low)


def distribution(instrument: Instrument, counts: Mapping[int, int]) -> Distribution:
    """How answers spread, from the number of people by the value they chose."""
    views = sum(counts.values())
    return Distribution(
        [
            Share(
                choice.label,
                counts.get(choice.value, 0),
                100 * counts.get(choice.value, 0) / views if views else 0.0,
                choice.value in instrument.low_values,
            )
            for choice in instrument.scale
        ]
    )
