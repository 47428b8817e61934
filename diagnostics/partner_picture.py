"""How good a partner an organisation is over all its partnerships: each counts once, however many answered in it.

Only what its own survey's page shows goes in, so that nothing hidden can be worked out from a mean of means. Where
surveys of a side asked different versions of the questions, a mean over them is over the statements that all of them
asked, as far as the one that closed last asks them (``diagnostics.instrument.comparable``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from diagnostics.across import ground_of, newest_first
from diagnostics.instrument import BY_PARTNERS, instrument
from diagnostics.instrument.beside import OVERALL, can_stand_beside
from diagnostics.instrument.change import Change, Comparison, beyond_chance_together, compare
from diagnostics.instrument.comparable import CommonGround, Shared, Standing
from diagnostics.instrument.scoring import Answers, Estimate, Summary, summarise
from diagnostics.instrument.shown import only, summarise_shown, what_counts, wholes
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


def scales_of(summary: Summary) -> dict[str, Estimate]:
    """All of them by the code of the scale."""
    overall = {} if summary.overall is None else {OVERALL: summary.overall}
    return {**overall, **summary.groups, **summary.characteristics}


def _comparable(ground: CommonGround, standing: Standing) -> set[str]:
    """The characteristics in which a survey can be compared, and the groups of which it can be in all."""
    groups = ground.by_characteristic.characteristics_by_group
    return {
        *standing.characteristics,
        *(code for code, inside in groups.items() if standing.characteristics.issuperset(inside)),
    }


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
        scales = scales_of(self.summary)
        return {code: one for code, one in scales.items() if one.people >= self.round.answers_needed}

    def over(self, ground: CommonGround) -> Mapping[str, Estimate]:
        """The same over what surveys can be compared in: without the scales on which this one cannot be."""
        needed, standing = self.round.answers_needed, ground.standings[self.round.instrument_version]
        counted = what_counts(self.round.instrument, self.answers, fewest=needed)
        whole = wholes(self.round.instrument, counted)
        found: dict[str, Estimate] = {}
        for some, codes in (
            (ground.by_characteristic, _comparable(ground, standing)),
            (ground.as_a_whole, {OVERALL} if standing.as_a_whole and OVERALL in whole else set()),
        ):
            shared = only(some, counted.item_by_code)
            safe = codes & can_stand_beside(counted, shared, self.answers, fewest=needed)
            scales = scales_of(summarise(shared, self.answers, self.round.invited))
            found |= {code: one for code, one in scales.items() if code in safe and one.people >= needed}
        return found


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
class LeftOut:
    """A survey of one side that asked too little of what the newest asks: in which characteristics, and how much."""

    name: str
    subject: Subject
    of: Sequence[tuple[str, Shared]]


@dataclass(frozen=True)
class PartnerPicture(LinesOnTheEight):
    """``lines`` are the overall, the groups and the eight over partnerships; none where no survey has results.

    ``with_both`` is over how many partnerships the gap is; ``too_few`` and ``unasked`` count those whose partners' view
    cannot be shown. ``over_fewer`` says that not all surveys of a side asked the same, and ``left_out`` which are not
    in every mean.
    """

    rows: Sequence[Row]
    with_both: int
    partners_since: OverTime | None
    ours_since: OverTime | None
    quarters: Sequence[InQuarter]
    too_few: int
    unasked: int
    over_fewer: bool
    left_out: Sequence[LeftOut]

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
    grounds = [ground_of(newest_first(one.round for one in side)) for side in (partners, ours)]
    return PartnerPicture(
        lines=list(_lines(partners, ours, gaps, grounds)) if rows else [],
        rows=rows,
        with_both=len(gaps),
        partners_since=_over_time(asked, Subject.BY_PARTNERS),
        ours_since=_over_time(asked, Subject.BY_US),
        quarters=_quarters(asked),
        too_few=len(asked_at_all - shown),
        unasked=len(live - asked_at_all),
        over_fewer=any(ground.is_over_fewer for ground in grounds),
        left_out=[*_left_out(partners, grounds[0]), *_left_out(ours, grounds[1])],
    )


def _left_out(side: Sequence[Asked], ground: CommonGround) -> Iterator[LeftOut]:
    for one in side:
        lost = ground.standings[one.round.instrument_version].not_comparable()
        if lost:
            name = one.round.participation.partnership.display_name
            named = [(each.name, lost[each.code]) for each in one.round.instrument.characteristics if each.code in lost]
            yield LeftOut(name, Subject(one.round.subject), named)


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


def _lines(
    partners: Sequence[Asked], ours: Sequence[Asked], gaps: Sequence[Comparison], grounds: Sequence[CommonGround]
) -> Iterator[Beside]:
    sides = [[one.over(ground) for one in side] for side, ground in zip((partners, ours), grounds, strict=True)]
    for code, name in _scales():
        theirs, own = (_over(shown, code) for shown in sides)
        yield Beside(code, name, theirs, own, _difference(gaps, code))


def _over(shown: Sequence[Mapping[str, Estimate]], code: str) -> Estimate | None:
    return over_partnerships([one[code].mean for one in shown if code in one], fewest=settings.SURVEY_THRESHOLD)


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
    of_partners = [surveys for (side, _), surveys in asked.items() if side == Subject.BY_PARTNERS]
    ground = ground_of(newest_first(one.round for surveys in of_partners for one in surveys))
    last: dict[Quarter, list[float]] = {}
    for surveys in of_partners:
        newest_last = {Quarter.containing(closed_on(one.round)): one for one in reversed(surveys)}
        for quarter, one in newest_last.items():
            if overall := one.over(ground).get(OVERALL):
                last.setdefault(quarter, []).append(overall.mean)
    made = [
        InQuarter(quarter, mean)
        for quarter, means in sorted(last.items(), key=lambda one: one[0].first_day)
        if (mean := over_partnerships(means, fewest=settings.SURVEY_THRESHOLD))
    ]
    return made if len(made) >= FEWEST_QUARTERS else []
