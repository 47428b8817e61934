"""One result beside itself: what each organisation answers, in a survey that names them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from diagnostics.instrument import Instrument
from diagnostics.instrument.bands import Banding, banding
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.breakdown import by_name
from diagnostics.instrument.scoring import Answers, Estimate
from diagnostics.models import Round


@dataclass(frozen=True)
class Cell:
    """What one organisation answers on one scale; nothing where nobody there had a view."""

    scale: str
    estimate: Estimate | None
    banding: Banding | None


@dataclass(frozen=True)
class OrganisationRow:
    """``invited`` is None where nobody knows it: others had an open link."""

    name: str
    answered: int
    invited: int | None
    cells: Sequence[Cell]


@dataclass(frozen=True)
class OrganisationTable:
    """``silent`` are those that were asked and of which nobody answered.

    In a survey ``with_open_link`` it is not known how many of each were asked.
    """

    scales: Sequence[str]
    rows: Sequence[OrganisationRow]
    silent: Sequence[str]
    with_open_link: bool


def by_organisation(
    round_: Round, people: Sequence[tuple[str, Answers]], counted: Instrument, shown: Collection[str]
) -> OrganisationTable | None:
    """What is ``shown`` of overall and the eight, over the statements of ``counted``, for each organisation, by name;
    None where the survey does not name them. Two queries.

    Of those who had an open link it is not known for whom they work: any organisation may have had all of them.
    """
    if not round_.names_organisations:
        return None
    asked = round_.invitations.of_people().order_by().values_list("works_for").annotate(people=Count("pk"))
    seats = round_.invitations.seats().count()
    invited = {name: number + seats for name, number in asked}
    if seats:
        invited |= {name: seats for name, _ in people if name not in invited}
    scales = {OVERALL: "Overall"} | {one.code: one.name for one in round_.instrument.characteristics}
    parts = by_name(people, counted, invited=invited)
    rows = [
        OrganisationRow(
            part.code,
            part.people,
            None if seats else invited.get(part.code, part.people),
            _cells(round_.instrument, scales, {code: one for code, one in part.estimates.items() if code in shown}),
        )
        for part in parts
    ]
    silent = sorted(invited.keys() - {row.name for row in rows}, key=str.casefold)
    return OrganisationTable(list(scales.values()), rows, silent, seats > 0)


def _cells(instrument: Instrument, scales: Mapping[str, str], estimates: Mapping[str, Estimate]) -> list[Cell]:
    found = [(name, estimates.get(code)) for code, name in scales.items()]
    return [Cell(name, one, banding(one, instrument.bands) if one else None) for name, one in found]
