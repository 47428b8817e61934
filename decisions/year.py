"""The executive's year: what was decided, what we said no to, what was promised and kept, how partners rate us, and
whether total value rose.

Everything is counted from rows, and a year that is over goes on saying what it said at its end: what stood then of the
decisions of the year, once a partnership however often it was decided anew; what was promised by the day first
promised, wherever that day has moved since; what the surveys said that closed in it, also of partnerships that were
left later. What partners say goes no further than the pages of their surveys.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Exists, Min, OuterRef, Subquery, When
from django.utils import timezone

from decisions.financial_years import FinancialYear, years_since
from decisions.models import Decision, Outcome, Promise, PromiseMoved, PromiseState
from diagnostics.partner_years import PartnersSaid, partners_said
from partnerships.models import Organisation, Participation
from partnerships.recording import RECORDED
from scoring.engine.wording import SMALL
from scoring.findings import Findings
from scoring.models import Label, Run
from scoring.words import count_of, listing, number


@dataclass(frozen=True)
class ByLabel:
    """How often one label was followed and how often not."""

    label: Label
    accepted: int
    overruled: int


@dataclass(frozen=True)
class Chain:
    """The lines about one partnership that a year has, in their order, and the level before the first of them."""

    lines: Sequence[Decision]
    level_before: str

    @property
    def last(self) -> Decision:
        return self.lines[-1]

    @cached_property
    def stood(self) -> Decision | None:
        """What counted at the end of the year, where it was decided in it: after an undoing, what stands again."""
        counts = self.last.stands_again_id if self.last.is_undone else self.last.pk
        return next((one for one in self.lines if one.pk == counts), None)

    @property
    def times_changed(self) -> int:
        return len(self.lines) - 1


@dataclass(frozen=True)
class Decided:
    """``chains`` has one for each partnership of which something was decided or undone in the year."""

    chains: Sequence[Chain]

    @property
    def standing(self) -> list[Chain]:
        return [one for one in self.chains if one.stood]

    @property
    def lines(self) -> list[Decision]:
        """What stood at the end of the year, one a partnership."""
        return [one.stood for one in self.chains if one.stood]

    @property
    def undone(self) -> int:
        return len(self.chains) - len(self.standing)

    @property
    def changed(self) -> int:
        """How often one of those that stand was decided anew or undone before."""
        return sum(one.times_changed for one in self.standing)

    @property
    def accepted(self) -> int:
        return sum(one.outcome == Outcome.ACCEPTED for one in self.lines)

    @property
    def overruled(self) -> int:
        return sum(one.outcome == Outcome.OVERRULED for one in self.lines)

    @property
    def costly(self) -> list[Decision]:
        """Those that cost something, or gained it, the most first. Each was measured alone, against what was
        recommended on its day: two together may cost more or less than both apart, so nobody adds them up.
        """
        return sorted((one for one in self.lines if one.cost), key=lambda one: (-(one.cost or 0), one.pk))

    @property
    def by_label(self) -> list[ByLabel]:
        """By what was recommended, without labels that were not."""
        return [
            ByLabel(
                label,
                sum(one.outcome == Outcome.ACCEPTED for one in some),
                sum(one.outcome == Outcome.OVERRULED for one in some),
            )
            for label in Label
            if (some := [one for one in self.lines if one.recommended_label == label])
        ]


@dataclass(frozen=True)
class Promised:
    """``made`` are those made in the year, ``closed`` those closed in it, and ``overdue`` those that were open at its
    end, or are now, past the day first promised. ``moves`` is how often a day was moved in the year.
    """

    made: Sequence[Promise]
    closed: Sequence[Promise]
    overdue: Sequence[Promise]
    moves: int

    def _closed_as(self, state: PromiseState) -> list[Promise]:
        return [one for one in self.closed if one.state == state]

    @property
    def kept(self) -> Sequence[Promise]:
        return self._closed_as(PromiseState.KEPT)

    @property
    def late(self) -> int:
        """How many were kept after the day for which they were first promised."""
        return sum(one.closed_on is not None and one.closed_on > one.first_due_on for one in self.kept)

    @property
    def not_kept(self) -> Sequence[Promise]:
        return self._closed_as(PromiseState.NOT_KEPT)

    @property
    def withdrawn(self) -> Sequence[Promise]:
        return self._closed_as(PromiseState.WITHDRAWN)

    @property
    def came_due(self) -> int:
        """Of how many promises one can say whether they were kept: without those that were taken back."""
        return len(self.kept) + len(self.not_kept) + len(self.overdue)

    @property
    def still_open(self) -> int:
        return sum(one.is_open for one in self.made)

    @property
    def are_any(self) -> bool:
        return bool(self.made or self.closed or self.overdue or self.moves)


@dataclass(frozen=True)
class Valued:
    """Total value at one moment: what today's levels can deliver, and what the recommendation of that day would."""

    at: datetime.datetime
    delivers: float | None
    recommended: float
    engine_version: str

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class TotalValue:
    """One run a month, oldest first, after the one that the year began with."""

    runs: Sequence[Valued]

    @cached_property
    def measured(self) -> list[Valued]:
        return [one for one in self.runs if one.delivers is not None]

    @property
    def can_compare(self) -> bool:
        return len(self.measured) > 1

    @property
    def is_one_engine(self) -> bool:
        return len({one.engine_version for one in self.measured}) <= 1

    @property
    def in_words(self) -> str:
        """Whether it rose, as the end of a sentence; empty where there is nothing to compare."""
        if not self.can_compare:
            return ""
        first, last = self.measured[0].delivers or 0.0, self.measured[-1].delivers or 0.0
        if abs(last - first) < SMALL:
            return f"what we can deliver stayed at {number(last)} points"
        return f"what we can deliver {'rose' if last > first else 'fell'} from {number(first)} to {number(last)} points"


@dataclass(frozen=True)
class Year:
    """A year of an organisation; ``is_over`` says that it counts nothing more."""

    year: FinancialYear
    is_over: bool
    decided: Decided
    said_no: Sequence[Decision]
    stepped_down: Sequence[Decision]
    promised: Promised
    partners: PartnersSaid
    value: TotalValue

    @property
    def is_empty(self) -> bool:
        asked = self.partners.overall or self.partners.before
        return not (self.decided.chains or self.promised.are_any or self.value.runs or asked)

    @property
    def sentence(self) -> str:
        """The year in a sentence, each clause only where there is something to say."""
        parts = []
        if self.decided.lines:
            parts.append(f"decided about {count_of(len(self.decided.lines), 'partnership')}")
        if self.said_no:
            parts.append(f"said no to {count_of(len(self.said_no), 'partnership')}")
        if due := self.promised.came_due:
            parts.append(f"kept {len(self.promised.kept)} of {count_of(due, 'promise')}")
        clauses = [f"we {listing(parts)}"] if parts else []
        if self.value.in_words:
            clauses.append(self.value.in_words)
        if not clauses:
            return f"Nothing was decided in {self.year}{'' if self.is_over else ' so far'}."
        return f"In {self.year}{'' if self.is_over else ' so far'} {'; '.join(clauses)}."


def year_of(organisation: Organisation, year: FinancialYear, *, today: datetime.date) -> Year:
    """A fixed number of queries, whatever there was in the year."""
    decided = Decided(_chains(organisation, year))
    places = {level.code: level.position for level in organisation.engagement_levels.all()}
    before = FinancialYear(year.begins_in - 1)
    return Year(
        year=year,
        is_over=today > year.last_day,
        decided=decided,
        said_no=[one for one in decided.lines if places.get(one.level_code) == 0],
        stepped_down=[one.stood for one in decided.chains if one.stood and _is_lower(one, one.stood, places)],
        promised=_promised(organisation, year, today),
        partners=partners_said(
            organisation, (year.first_day, year.last_day), before=(before.first_day, before.last_day)
        ),
        value=_total_value(organisation, year),
    )


def years_of(organisation: Organisation, *, today: datetime.date) -> list[FinancialYear]:
    """The years of which there is anything to tell, the newest first."""
    first = [
        organisation.decisions.aggregate(first=Min("decided_on"))["first"],
        organisation.promises.aggregate(first=Min("made_on"))["first"],
    ]
    run = organisation.runs.done().aggregate(first=Min("finished_at"))["first"]
    days = [*first, timezone.localdate(run) if run else None]
    return years_since(min((day for day in days if day is not None), default=None), today)


def _chains(organisation: Organisation, year: FinancialYear) -> list[Chain]:
    """By the day of what stood in the end."""
    rows = organisation.decisions.filter(decided_on__range=(year.first_day, year.last_day))
    lines: dict[int, list[Decision]] = defaultdict(list)
    for one in (
        rows.select_related("participation__partnership", "decided_by", "superseded_by", "taken_effect", "kind_no")
        .with_look_again()
        .with_what_became()
        .order_by("pk")
    ):
        lines[one.participation_id].append(one)
    counted = _once_a_partnership(lines)
    before = _levels_before(organisation, [some[0] for some in counted])
    chains = [Chain(some, before[some[0].participation_id]) for some in counted]
    return sorted(chains, key=lambda one: (one.last.decided_on, one.last.pk))


def _once_a_partnership(lines: Mapping[int, Sequence[Decision]]) -> list[Sequence[Decision]]:
    """A duplicate that was merged is the partnership that it leads to: its lines count where that has none of its own,
    and of several duplicates those of the last to be decided about.
    """
    counted: dict[int, Sequence[Decision]] = {}
    for pk, some in sorted(lines.items(), key=lambda pair: pair[1][-1].pk):
        leads_to = some[0].participation.merged_into_id
        if leads_to is None or leads_to not in lines:
            counted[leads_to or pk] = some
    return list(counted.values())


def _levels_before(organisation: Organisation, firsts: Iterable[Decision]) -> dict[int, str]:
    """By the partnership, the code of the level that it had when it was decided about: the one that the decision
    replaced, or where it has not come into effect, the one that the record of changes has at that time; where the
    record began later, the first that it has.
    """
    found = {one.pk: one for one in firsts}
    events = RECORDED[Participation].events._default_manager.filter(organisation=organisation.pk)
    all_of_it = events.filter(pgh_obj=OuterRef("participation"))
    until_then = all_of_it.filter(pgh_created_at__lte=OuterRef("recorded_at"))
    then = Subquery(until_then.order_by("-pgh_id").values("level")[:1])
    first = Subquery(all_of_it.filter(level__isnull=False).order_by("pgh_id").values("level")[:1])
    level = Case(When(Exists(until_then), then=then), default=first)
    level_then: dict[int, int | None] = dict(
        organisation.decisions.filter(pk__in=found).annotate(level_then=level).values_list("pk", "level_then")
    )
    codes: dict[int | None, str] = dict(organisation.engagement_levels.values_list("pk", "code"))
    return {
        one.participation_id: taken.level_before
        if (taken := getattr(one, "taken_effect", None))
        else codes.get(level_then.get(pk), "")
        for pk, one in found.items()
    }


def _is_lower(chain: Chain, stood: Decision, places: Mapping[str, int]) -> bool:
    """Whether what stood is lower than what was there before the year's first, and takes some part."""
    here, there = places.get(stood.level_code), places.get(chain.level_before)
    return here is not None and there is not None and 0 < here < there


def _promised(organisation: Organisation, year: FinancialYear, today: datetime.date) -> Promised:
    rows = list(organisation.promises.with_first_day().for_list())
    moved = PromiseMoved.objects.filter(organisation=organisation)
    days = moved.filter(moved_at__gte=_midnight(year.first_day), moved_at__lt=_midnight(_day_after(year)))
    return Promised(
        made=[one for one in rows if one.made_on in year],
        closed=[one for one in rows if one.closed_on is not None and one.closed_on in year],
        overdue=[one for one in rows if _was_overdue(one, year, today)],
        moves=days.count(),
    )


def _was_overdue(promise: Promise, year: FinancialYear, today: datetime.date) -> bool:
    """Open at the end of the year, or now while it goes on, with the day first promised gone by."""
    was_open = promise.closed_on is None or promise.closed_on > year.last_day
    return was_open and promise.first_due_on < min(today, _day_after(year))


def _day_after(year: FinancialYear) -> datetime.date:
    return year.last_day + datetime.timedelta(days=1)


def _total_value(organisation: Organisation, year: FinancialYear) -> TotalValue:
    """The last run of each month of the year, after the last one before it, else after the first one in it."""
    done = organisation.runs.done()
    begins, ends = _midnight(year.first_day), _midnight(_day_after(year))
    before = done.filter(finished_at__lt=begins).order_by("-finished_at").values_list("pk", flat=True)[:1]
    within = done.filter(finished_at__gte=begins, finished_at__lt=ends).order_by("finished_at")
    finished = list(within.values_list("pk", "finished_at"))
    last = {timezone.localtime(at).month: pk for pk, at in finished}
    wanted = {*(before or [pk for pk, _ in finished[:1]]), *last.values()}
    return TotalValue([_valued(run) for run in done.filter(pk__in=wanted).order_by("finished_at", "pk")])


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _valued(run: Run) -> Valued:
    findings = Findings.of(run)
    assert run.finished_at is not None  # noqa: S101 - a run that is done has an end  # nosec B101
    return Valued(run.finished_at, findings.deliverable_today, findings.recommended_value, run.engine_version)
