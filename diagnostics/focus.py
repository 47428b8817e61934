"""The two or three characteristics to work on first, and what in the answers says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.across import AcrossPartnerships, Row
from diagnostics.instrument.change import Change
from diagnostics.models import Round
from diagnostics.over_time import SinceLastTime
from diagnostics.results import ItemLine, Line, RoundResults

FEWEST, MOST = 2, 3
# A third characteristic is named where its mean is as good as that of the second: answers are whole points.
AS_GOOD_AS = 0.1


@dataclass(frozen=True)
class ToWorkOn:
    """``weakest`` is the statement with the lowest mean; ``learn_from`` are partnerships clearly stronger here."""

    line: Line
    weakest: ItemLine | None
    change: Change | None
    learn_from: Sequence[Row]


def to_work_on(
    round_: Round, results: RoundResults, since: SinceLastTime | None, others: AcrossPartnerships
) -> list[ToWorkOn]:
    """The lowest of the eight, lowest first; none where none may be shown."""
    changes = {one.name: one.change for one in since.moved} if since else {}
    stronger = others.stronger(round_)
    return [
        ToWorkOn(line, _weakest(line), changes.get(line.name), stronger.get(line.code, [])) for line in _lowest(results)
    ]


def _lowest(results: RoundResults) -> list[Line]:
    lines = results.from_the_lowest
    if len(lines) <= FEWEST:
        return lines
    second, third = (line.estimate.mean for line in lines[FEWEST - 1 : MOST] if line.estimate)
    return lines[: MOST if third - second <= AS_GOOD_AS else FEWEST]


def _weakest(line: Line) -> ItemLine | None:
    return min(line.items, key=lambda item: item.estimate.mean, default=None)
