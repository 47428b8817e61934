"""One result beside itself: what people say at the front line, leading a service, on a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.instrument.scoring import Estimate
from diagnostics.results import RoundResults

ELSEWHERE = "Anywhere else"


@dataclass(frozen=True)
class PlaceTable:
    """``columns`` are the places shown, with how many answered there; each row is a scale with an estimate for each.

    ``hidden`` counts those who answered from a place that is not shown. A scale that is hidden of all has no row.
    """

    columns: Sequence[tuple[str, int]]
    rows: Sequence[tuple[str, Sequence[tuple[str, Estimate]]]]
    hidden: int


def by_place(results: RoundResults) -> PlaceTable | None:
    """The results by where people work, in the instrument's order; None where nothing may be broken down."""
    if results.by_place is None:
        return None
    parts = {part.code: part for part in results.by_place.parts}
    names = {place.code: place.label for place in results.instrument.places} | {"": ELSEWHERE}
    shown = [(names[code], parts[code]) for code in names if code in parts]
    scales = [(line.code, line.name) for line in (results.overall, *results.characteristics) if line.estimate]
    return PlaceTable(
        columns=[(name, part.people) for name, part in shown],
        rows=[
            (name, [(place, part.estimates[code]) for place, part in shown])
            for code, name in scales
            if all(code in part.estimates for _, part in shown)
        ],
        hidden=results.by_place.hidden,
    )
