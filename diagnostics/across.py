"""The partnerships of one organisation beside each other: how each stands on the eight, and who could learn from whom.

Published surveys find that partnerships differ little, so the picture comes with how far they can be told apart at all.
Where their surveys asked different versions of the questions, each column is over the statements that all of them asked
(``diagnostics.instrument.comparable``), and a cell whose survey asked too few of those says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diagnostics.counting import groups_by_round
from diagnostics.instrument import Instrument, instrument
from diagnostics.instrument.agreement import BetweenGroups, between
from diagnostics.instrument.bands import Banding, banding
from diagnostics.instrument.beside import OVERALL, can_stand_beside
from diagnostics.instrument.change import beyond_chance_together, step
from diagnostics.instrument.comparable import CommonGround, Shared, common_ground
from diagnostics.instrument.definition import Characteristic
from diagnostics.instrument.scoring import Answers, Estimate, Groups, PersonScores
from diagnostics.instrument.shown import only, shown_scores, summarise_shown, what_counts, wholes
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
    """One partnership's last results, by the code of the scale; what may not be shown is absent.

    ``not_comparable`` are the scales on which its survey asked too little of what the newest asks, with how much that
    was; ``is_whole`` says whether the overall can be compared, and ``over_organisations`` that each organisation counts
    once in its means.
    """

    round: Round
    name: str
    overall: Cell | None
    cells: Mapping[str, Cell]
    not_comparable: Mapping[str, Shared]
    is_whole: bool
    over_organisations: bool = False

    def in_order(self, characteristics: Sequence[Characteristic]) -> list[Place]:
        return [Place(one, self.cells.get(one.code), self.not_comparable.get(one.code)) for one in characteristics]


@dataclass(frozen=True)
class Place:
    """A cell of the table: with nothing in it where too few had a view, or where ``too_little`` was asked."""

    characteristic: Characteristic
    cell: Cell | None
    too_little: Shared | None


@dataclass(frozen=True)
class AcrossPartnerships:
    """``apart`` says how far the partnerships can be told apart; None where there are too few to say.

    ``over_fewer`` says that not all surveys asked the same, so that some means are over what they share alone.
    """

    characteristics: Sequence[Characteristic]
    rows: Sequence[Row]
    apart: BetweenGroups | None
    over_fewer: bool

    @property
    def table(self) -> list[tuple[Row, list[Place]]]:
        return [(row, row.in_order(self.characteristics)) for row in self.rows]

    @property
    def too_little_in_common(self) -> list[tuple[Row, list[Place]]]:
        """The partnerships that cannot be compared everywhere, with where not."""
        cut = ((row, [place for place in places if place.too_little]) for row, places in self.table)
        return [(row, places) for row, places in cut if places]

    def stronger(self, round_: Round) -> dict[str, list[Row]]:
        """By characteristic, the partnerships that are clearly better at it than this one, best first, by more than
        chance does to any of the eight in any of the others: the page speaks of the lowest, whichever they are.
        """
        its_row = next((row for row in self.rows if row.round.pk == round_.pk), None)
        own = its_row.cells if its_row else {}
        steps = {
            (code, place): rise
            for place, row in enumerate(self.rows)
            for code, cell in row.cells.items()
            if its_row is not None
            and row.round.pk != round_.pk
            and row.over_organisations == its_row.over_organisations
            and code in own
            and (rise := step(own[code].estimate, cell.estimate))
        }
        found = [pair for pair in beyond_chance_together(steps) if steps[pair].is_clearly_up]
        best_first = sorted(found, key=lambda pair: (-steps[pair].after, pair[1]))
        return {code: [self.rows[place] for its, place in best_first if its == code][:TEACHERS] for code, _ in found}


def across(organisation: Organisation) -> AcrossPartnerships:
    """Every partnership's last closed round with enough answers, by name, without records that are merged into another:
    they are no partnership beside it. Two queries, however many there are.
    """
    here = organisation.survey_rounds.filter(participation__merged_into__isnull=True)
    rounds = here.latest_with_enough_answers().select_related("participation__partnership")
    found = newest_first(rounds)
    people_of = sent_in(found)
    groups = groups_by_round(found, people_of)
    ground = ground_of(found)
    rows, scored = [], []
    for round_ in found:
        answers, needed = [one.answers for one in people_of.get(round_.pk, [])], round_.answers_needed
        row = _row(round_, answers, ground, groups.get(round_.pk))
        rows.append(row)
        if row.overall is not None and round_.pk not in groups:  # people's own scores say nothing of means over groups
            scored.append(_overall(shown_scores(_counted(round_, answers, ground.as_a_whole), answers, fewest=needed)))
    rows.sort(key=lambda row: row.name.casefold())
    characteristics = ground.by_characteristic.characteristics
    return AcrossPartnerships(characteristics, rows, between(scored), ground.is_over_fewer)


def newest_first(rounds: Iterable[Round]) -> list[Round]:
    """Closed rounds, the one that closed last at the head: its questions are those that the others are held against."""
    closed = ((round_.closed_at, round_.pk, round_) for round_ in rounds if round_.closed_at is not None)
    return [round_ for _, _, round_ in sorted(closed, key=lambda one: one[:2], reverse=True)]


def ground_of(rounds: Sequence[Round]) -> CommonGround:
    """What rounds can be compared in, newest first."""
    versions = {round_.instrument_version: round_.instrument for round_ in rounds}
    return common_ground(list(versions.values()) or [instrument()])


def _row(round_: Round, answers: Sequence[Answers], ground: CommonGround, groups: Groups | None) -> Row:
    standing = ground.standings[round_.instrument_version]
    needed = round_.answers_needed
    counted = _counted(round_, answers, ground.by_characteristic)
    summary = summarise_shown(counted, answers, round_.invited, fewest=needed, groups=groups)
    safe = can_stand_beside(round_.instrument, ground.by_characteristic, answers, fewest=needed)
    cells = {
        code: cell
        for code, one in summary.characteristics.items()
        if code in standing.characteristics & safe and (cell := _cell(round_, one)) is not None
    }
    return Row(
        round_,
        round_.participation.partnership.display_name,
        _whole(round_, answers, ground, groups) if standing.as_a_whole else None,
        cells,
        standing.not_comparable(),
        standing.as_a_whole,
        groups is not None,
    )


def _whole(round_: Round, answers: Sequence[Answers], ground: CommonGround, groups: Groups | None) -> Cell | None:
    needed = round_.answers_needed
    own = what_counts(round_.instrument, answers, fewest=needed)
    counted = _counted(round_, answers, ground.as_a_whole)
    if OVERALL not in wholes(round_.instrument, own) & can_stand_beside(own, counted, answers, fewest=needed):
        return None
    return _cell(round_, summarise_shown(counted, answers, round_.invited, fewest=needed, groups=groups).overall)


def _counted(round_: Round, answers: Sequence[Answers], shared: Instrument) -> Instrument:
    """What is shared without the statements that the survey's own page hides."""
    return only(shared, what_counts(round_.instrument, answers, fewest=round_.answers_needed).item_by_code)


def _cell(round_: Round, estimate: Estimate | None) -> Cell | None:
    if estimate is None or estimate.people < round_.answers_needed:
        return None
    return Cell(estimate, banding(estimate, round_.instrument.bands))


def _overall(people: Sequence[PersonScores]) -> list[float]:
    return [one.overall for one in people if one.overall is not None]
