"""How answers spread: to one statement a dot a person where few answered, else a bar; to several a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.instrument import Instrument
from diagnostics.instrument.scoring import Spread

# From so many on, single dots are no longer counted at a glance.
MANY = 10
# Of a dot's row, in pixels: the room of one dot, and where its middle is.
DOT_ROOM, DOT_MIDDLE = 14, 7


@dataclass(frozen=True)
class Share:
    """How many chose one point of the scale; ``percent`` is of all who had a view.

    Where each organisation counts once, or over several statements, there is no number of people.
    """

    label: str
    count: int | None
    percent: float
    low: bool

    @property
    def dots(self) -> list[int]:
        """Where the middle of each person's dot lies, from the left."""
        return [DOT_MIDDLE + DOT_ROOM * place for place in range(self.count or 0)]

    @property
    def width(self) -> int:
        return DOT_ROOM * (self.count or 0)


@dataclass(frozen=True)
class Distribution:
    """``shares`` from disagreeing to agreeing."""

    shares: Sequence[Share]

    @property
    def views(self) -> int | None:
        counts = [share.count for share in self.shares if share.count is not None]
        return sum(counts) if len(counts) == len(self.shares) else None

    @property
    def in_dots(self) -> bool:
        return self.views is not None and self.views < MANY

    @property
    def disagreed(self) -> int | None:
        """How many; None where no number of people is known."""
        counts = [share.count for share in self.shares if share.low]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def share_who_disagreed(self) -> float:
        """From 0 to 1, of the views."""
        return sum(share.percent for share in self.shares if share.low) / 100


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


def spread_over(instrument: Instrument, spread: Spread) -> Distribution:
    """How answers spread, from the share of them at each value."""
    return Distribution(
        [
            Share(choice.label, None, 100 * spread.shares.get(choice.value, 0.0), choice.value in instrument.low_values)
            for choice in instrument.scale
        ]
    )
