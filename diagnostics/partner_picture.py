"""How good a partner an organisation is over all its partnerships: each counts once, however many answered in it.

Only what its own survey's page shows goes in, so that nothing hidden can be worked out from a mean of means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from diagnostics.instrument import BY_PARTNERS, instrument
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.change import Change, Comparison, beyond_chance_together, compare
from diagnostics.instrument.scoring import Answers, Estimate, Summary
from diagnostics.instrument.shown import summarise_shown
from diagnostics.instrument.sides import (
    Beside,
    LinesOnTheEight,
    difference_over_partnerships,
    finding,
    over_partnerships,
)
from diagnostics.models import Round, Subject
from diagnostics.reading import sent_in
from diagnostics.two_sided import SIDES, are_of_one_time, closed_on
from partnerships.models import Organisation, Quarter

FEWEST_QUARTERS = 2


@dataclass(frozen=True)
class Asked:
    """One closed survey with enough answers."""

    round: Round
    answers: Sequence[Answers]

    @cached_property
    def summary(self) -> Summary:
        needed = self.round.answers_needed
        return summarise_shown(self.round.instrument, self.answers, self.round.invited, fewest=needed)

    @cached_property
    def shown(self) -> Mapping[str, Estimate]:
        """By the code of the scale, what its own page shows."""
        overall = {} if self.summary.overall is None else {OVERALL: self.summary.overall}
        scales = {**overall, **self.summary.groups, **self.summary.characteristics}
        return {code: one for code, one in scales.items() if one.people >= self.round.answers_needed}


@dataclass(frozen=True)
class Row:
    """One partnership: its last survey of each side with results, and the gap where both are of one time."""

    name: str
    slug: str
    partners: Asked | None
    ours: Asked | None
    gap: Change | None

    @property
    def overall(self) -> Beside:
        theirs, own = (one.shown.get(OVERALL) if one else None for one in (self.partners, self.ours))
        return Beside(OVERALL, "Overall", theirs, own, self.gap if theirs and own else None)


@dataclass(frozen=True)
class OverTime:
    """What changed from the survey before to the last one, over the partnerships that have both, by scale."""

    partnerships: int
    changes: Sequence[tuple[str, Change]]

    @property
    def moved(self) -> list[tuple[str, Change]]:
        found = beyond_chance_together(dict(self.changes))
        beyond = [(name, change) for name, change in self.changes if name in found]
        return sorted(beyond, key=lambda one: -abs(one[1].by))


@dataclass(frozen=True)
class InQuarter:
    """The mean of the partnerships whose partners were asked in a quarter."""

    quarter: Quarter
    mean: Estimate


@dataclass(frozen=True)
class PartnerPicture(LinesOnTheEight):
    """``lines`` are the overall, the groups and the eight over partnerships; none where no survey has results.

    ``with_both`` is over how many partnerships the gap is; ``too_few`` and ``unasked`` count those whose partners' view
    cannot be shown.
    """

    rows: Sequence[Row]
    with_both: int
    partners_since: OverTime | None
    ours_since: OverTime | None
    quarters: Sequence[InQuarter]
    too_few: int
    unasked: int

    @property
    def with_partners(self) -> int:
        return sum(row.partners is not None for row in self.rows)

    @property
    def with_ours(self) -> int:
        return sum(row.ours is not None for row in self.rows)

    @property
    def finding(self) -> str:
        """Nothing where there is no more than one gap: it says little of other partnerships."""
        return finding([self.lines[0], *self.eight]) if self.with_both > 1 else ""


def partner_picture(organisation: Organisation) -> PartnerPicture:
    """Everything the organisation's page of it shows. Four queries, however many surveys and people there are."""
    live = set(organisation.participations.live().values_list("pk", flat=True))
    rounds = organisation.survey_rounds.about_us().with_enough_answers().with_questions()
    found = list(
        rounds.filter(participation__in=live).select_related("participation__partnership").order_by("-closed_at", "-pk")
    )
    people = sent_in(found)
    asked: dict[tuple[Subject, int], list[Asked]] = {}
    for one in found:
        answers = [sent.answers for sent in people.get(one.pk, [])]
        asked.setdefault((Subject(one.subject), one.participation_id), []).append(Asked(one, answers))
    made = {pk: _row(asked, pk) for pk in live if any((side, pk) in asked for side in SIDES)}
    gaps = [gap for _, gap in made.values() if gap is not None]
    rows = sorted((row for row, _ in made.values()), key=lambda row: row.name.casefold())
    partners, ours = ([one for one in (getattr(row, side) for row in rows) if one] for side in ("partners", "ours"))
    closed = organisation.survey_rounds.filter(subject=Subject.BY_PARTNERS, participation__in=live).closed()
    asked_at_all = set(closed.values_list("participation", flat=True))
    shown = {one.round.participation_id for one in partners}
    return PartnerPicture(
        lines=list(_lines(partners, ours, gaps)) if rows else [],
        rows=rows,
        with_both=len(gaps),
        partners_since=_over_time(asked, Subject.BY_PARTNERS),
        ours_since=_over_time(asked, Subject.BY_US),
        quarters=_quarters(asked),
        too_few=len(asked_at_all - shown),
        unasked=len(live - asked_at_all),
    )


def _row(asked: Mapping[tuple[Subject, int], Sequence[Asked]], pk: int) -> tuple[Row, Comparison | None]:
    partners, ours = (asked.get((side, pk), [None])[0] for side in SIDES)
    partnership = next(one for one in (partners, ours) if one).round.participation.partnership
    gap = None
    if partners and ours and are_of_one_time(partners.round, ours.round):
        gap = _compared(partners, ours)
    return Row(partnership.display_name, partnership.slug, partners, ours, gap.overall if gap else None), gap


def _compared(first: Asked, second: Asked) -> Comparison:
    fewest = max(first.round.answers_needed, second.round.answers_needed)
    return compare(first.round.instrument, first.answers, second.round.instrument, second.answers, fewest=fewest)


def _scales() -> list[tuple[str, str]]:
    made = instrument(BY_PARTNERS)
    return [
        (OVERALL, "Overall"),
        *((one.code, one.name) for one in made.groups),
        *((one.code, one.name) for one in made.characteristics),
    ]


def _lines(partners: Sequence[Asked], ours: Sequence[Asked], gaps: Sequence[Comparison]) -> Iterator[Beside]:
    for code, name in _scales():
        theirs, own = (_over(side, code) for side in (partners, ours))
        yield Beside(code, name, theirs, own, _difference(gaps, code))


def _over(side: Sequence[Asked], code: str) -> Estimate | None:
    means = [one.shown[code].mean for one in side if code in one.shown]
    return over_partnerships(means, fewest=settings.SURVEY_THRESHOLD)


def _difference(compared: Sequence[Comparison], code: str) -> Change | None:
    changes = [one.by_scale.get(code) for one in compared]
    pairs = [(one.before, one.after) for one in changes if one is not None]
    return difference_over_partnerships(pairs, fewest=settings.SURVEY_THRESHOLD)


def _over_time(asked: Mapping[tuple[Subject, int], Sequence[Asked]], subject: Subject) -> OverTime | None:
    """The last survey against the one before, in partnerships that have both."""
    twice = [surveys for (side, _), surveys in asked.items() if side == subject and len(surveys) > 1]
    compared = [_compared(surveys[1], surveys[0]) for surveys in twice]
    if not compared:
        return None
    changes = [(name, _difference(compared, code)) for code, name in _scales()]
    return OverTime(len(compared), [(name, change) for name, change in changes if change is not None])


def _quarters(asked: Mapping[tuple[Subject, int], Sequence[Asked]]) -> list[InQuarter]:
    """What partners said overall by quarter, oldest first, each partnership's last survey of it; none for one alone."""
    last: dict[Quarter, list[float]] = {}
    for (side, _), surveys in asked.items():
        if side == Subject.BY_PARTNERS:
            newest_last = {Quarter.containing(closed_on(one.round)): one for one in reversed(surveys)}
            for quarter, one in newest_last.items():
                if OVERALL in one.shown:
                    last.setdefault(quarter, []).append(one.shown[OVERALL].mean)
    made = [
        InQuarter(quarter, mean)
        for quarter, means in sorted(last.items(), key=lambda one: one[0].first_day)
        if (mean := over_partnerships(means, fewest=settings.SURVEY_THRESHOLD))
    ]
    return made if len(made) >= FEWEST_QUARTERS else []
