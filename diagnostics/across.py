"""The partnerships of one organisation beside each other: how each stands on the eight, and who could learn from whom.

Published surveys find that partnerships differ little, so the picture comes with how far they can be told apart at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.instrument import Instrument, instrument
from diagnostics.instrument.agreement import BetweenGroups, between
from diagnostics.instrument.bands import Banding, banding
from diagnostics.instrument.definition import Characteristic
from diagnostics.instrument.scoring import Estimate, PersonScores, score_person, summarise
from diagnostics.models import Round
from diagnostics.reading import sent_in
from partnerships.models import Organisation

# How many to name of whom one could learn.
TEACHERS = 2


@dataclass(frozen=True)
class Cell:
    """One partnership on one scale."""

    estimate: Estimate
    banding: Banding


@dataclass(frozen=True)
class Row:
    """One partnership's last results, by the code of the scale; what may not be shown is absent."""

    round: Round
    name: str
    overall: Cell | None
    cells: Mapping[str, Cell]

    def in_order(self, characteristics: Sequence[Characteristic]) -> list[tuple[Characteristic, Cell | None]]:
        return [(one, self.cells.get(one.code)) for one in characteristics]


@dataclass(frozen=True)
class AcrossPartnerships:
    """``apart`` says how far the partnerships can be told apart; None where there are too few to say."""

    characteristics: Sequence[Characteristic]
    rows: Sequence[Row]
    apart: BetweenGroups | None

    @property
    def table(self) -> list[tuple[Row, list[tuple[Characteristic, Cell | None]]]]:
        return [(row, row.in_order(self.characteristics)) for row in self.rows]

    def stronger(self, round_: Round, characteristic: str) -> list[Row]:
        """The partnerships that are clearly better at something: their intervals lie above this one's. Best first."""
        own = next((row.cells.get(characteristic) for row in self.rows if row.round.pk == round_.pk), None)
        if own is None:
            return []
        better = [
            (cell.estimate.mean, row)
            for row in self.rows
            if (cell := row.cells.get(characteristic)) and cell.estimate.low > own.estimate.high
        ]
        return [row for _, row in sorted(better, key=lambda one: (-one[0], one[1].name))][:TEACHERS]


def across(organisation: Organisation) -> AcrossPartnerships:
    """Every partnership's last closed round with enough answers, by name. Two queries, however many there are."""
    rounds = organisation.survey_rounds.latest_with_enough_answers().select_related("participation__partnership")
    found = list(rounds)
    people_of = sent_in(found)
    rows, scored = [], []
    for round_ in found:
        answers = [one.answers for one in people_of.get(round_.pk, [])]
        summary = summarise(round_.instrument, answers, round_.invited)
        cells = {
            code: cell for code, one in summary.characteristics.items() if (cell := _cell(round_, one)) is not None
        }
        overall = _cell(round_, summary.overall)
        rows.append(Row(round_, round_.participation.partnership.display_name, overall, cells))
        if overall is not None:
            scored.append(_overall([score_person(round_.instrument, one) for one in answers]))
    rows.sort(key=lambda row: row.name.casefold())
    return AcrossPartnerships(_newest(found).characteristics, rows, between(scored))


def _newest(rounds: Sequence[Round]) -> Instrument:
    """The instrument of the round that closed last, whose names head the table."""
    closed = [(round_.closed_at, round_.pk, round_) for round_ in rounds if round_.closed_at is not None]
    return max(closed)[2].instrument if closed else instrument()


def _cell(round_: Round, estimate: Estimate | None) -> Cell | None:
    if estimate is None or estimate.people < round_.answers_needed:
        return None
    return Cell(estimate, banding(estimate, round_.instrument.bands))


def _overall(people: Sequence[PersonScores]) -> list[float]:
    return [one.overall for one in people if one.overall is not None]
