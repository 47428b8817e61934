"""Which band of the scale a mean lies in, and "between" where its interval crosses the edge of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.instrument.definition import Band
from diagnostics.instrument.scoring import Estimate


@dataclass(frozen=True)
class Banding:
    """Every band that the interval of an estimate touches, lowest first: one, or several that it lies between."""

    bands: tuple[Band, ...]

    @property
    def is_sure(self) -> bool:
        return len(self.bands) == 1

    @property
    def words(self) -> str:
        if self.is_sure:
            return self.bands[0].name
        return f"between {self.bands[0].name} and {self.bands[-1].name}"

    @property
    def short(self) -> str:
        """For a cell of a table: "mixed", or "low–mixed"."""
        return "–".join(dict.fromkeys([self.bands[0].name, self.bands[-1].name]))

    @property
    def code(self) -> str:
        """Of the one band, or of both ends: ``low`` or ``low-mixed``."""
        return "-".join(dict.fromkeys([self.bands[0].code, self.bands[-1].code]))


def banding(estimate: Estimate, bands: Sequence[Band]) -> Banding:
    """The bands an estimate may lie in. ``bands`` are ordered, the first beginning at the foot of the scale.

    A band has its own lower edge and not its upper one. What counts is what pages show, rounded to one decimal: 2.98
    reads "3.0" there, and is not called low beside "mixed from 3".
    """
    first, last = (_place(round(value, 1), bands) for value in (estimate.low, estimate.high))
    return Banding(tuple(bands[first : last + 1]))


def _place(value: float, bands: Sequence[Band]) -> int:
    return max((place for place, band in enumerate(bands) if value >= band.starts), default=0)
