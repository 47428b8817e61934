"""The executive's year: what was decided, what we said no to, what was promised and kept, how partners rate us, and
whether total value rose.

Everything is counted from rows. A decision that was undone is counted apart, and one that another has replaced counts
in the year in which it was taken. What partners say goes no further than the pages of their surveys.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Min
from django.utils import timezone

from decisions.financial_years import FinancialYear, years_since
from decisions.models import Decision, Outcome, Promise, PromiseState
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.change import Change
from diagnostics.instrument.scoring import Estimate
from diagnostics.partner_picture import InQuarter, PartnerPicture, partner_picture
from partnerships.models import Organisation
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
class Decided:
    """``lines`` are the decisions of the year that nobody undid, ``undone`` how many somebody did."""

    lines: Sequence[Decision]
    undone: int

    @property
    def accepted(self) -> int:
        return sum(one.outcome == Outcome.ACCEPTED for one in self.lines)

    @property
    def overruled(self) -> int:
        return sum(one.outcome == Outcome.OVERRULED for one in self.lines)

    @property
    def cost(self) -> Decimal:
        """Points that overruling cost in all, each against what was recommended on its day; less what it gained."""
        return sum((one.cost for one in self.lines if one.cost is not None), Decimal(0))

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
    """``made`` are those made in the year, ``closed`` those closed in it, ``overdue`` those open past their day now."""

    made: Sequence[Promise]
    closed: Sequence[Promise]
    overdue: Sequence[Promise]

    def _closed_as(self, state: PromiseState) -> list[Promise]:
        return [one for one in self.closed if one.state == state]

    @property
    def kept(self) -> Sequence[Promise]:
        return self._closed_as(PromiseState.KEPT)

    @property
    def late(self) -> int:
        return sum(one.was_late for one in self.kept)

    @property
    def not_kept(self) -> Sequence[Promise]:
        return self._closed_as(PromiseState.NOT_KEPT)

    @property
    def withdrawn(self) -> Sequence[Promise]:
        return self._closed_as(PromiseState.WITHDRAWN)

    @property
    def still_open(self) -> int:
        return sum(one.is_open for one in self.made)

    @property
    def are_any(self) -> bool:
        return bool(self.made or self.closed or self.overdue)


@dataclass(frozen=True)
class PartnersSay:
    """What partners say overall, over the partnerships in which that is shown; ``since`` is against the time before."""

    overall: Estimate | None
    since: Change | None
    compared: int
    quarters: Sequence[InQuarter]
    picture: PartnerPicture


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
    partners: PartnersSay
    value: TotalValue

    @property
    def is_empty(self) -> bool:
        return not (self.decided.lines or self.promised.are_any or self.value.runs or self.partners.picture.rows)

    @property
    def sentence(self) -> str:
        """The year in a sentence, each clause only where there is something to say."""
        parts = []
        if self.decided.lines:
            parts.append(f"decided {count_of(len(self.decided.lines), 'time')}")
        if self.said_no:
            parts.append(f"said no to {count_of(len(self.said_no), 'partnership')}")
        if closed := len(self.promised.kept) + len(self.promised.not_kept):
            parts.append(f"kept {len(self.promised.kept)} of {count_of(closed, 'promise')}")
        clauses = [f"we {listing(parts)}"] if parts else []
        if self.value.in_words:
            clauses.append(self.value.in_words)
        if not clauses:
            return f"Nothing was decided in {self.year}{'' if self.is_over else ' so far'}."
        return f"In {self.year}{'' if self.is_over else ' so far'} {'; '.join(clauses)}."


def year_of(organisation: Organisation, year: FinancialYear, *, today: datetime.date) -> Year:
    """A fixed number of queries, whatever there was in the year."""
    lines = list(
        organisation.decisions.filter(decided_on__range=(year.first_day, year.last_day))
        .exclude(outcome=Outcome.UNDONE)
        .select_related("participation__partnership", "participation__level", "decided_by")
        .select_related("taken_effect")
        .with_look_again()
        .with_what_became()
        .order_by("decided_on", "pk")
    )
    kept = [one for one in lines if not one.was_undone]
    places = {level.code: level.position for level in organisation.engagement_levels.all()}
    return Year(
        year=year,
        is_over=today > year.last_day,
        decided=Decided(kept, len(lines) - len(kept)),
        said_no=[one for one in kept if places.get(one.level_code) == 0],
        stepped_down=[one for one in kept if _is_lower(one, places)],
        promised=_promised(organisation, year, today),
        partners=_partners_say(partner_picture(organisation), year),
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


def _is_lower(decision: Decision, places: Mapping[str, int]) -> bool:
    """Whether it was decided on a lower level than before, and not on taking no part."""
    taken = getattr(decision, "taken_effect", None)
    level = decision.participation.level
    before = taken.level_before if taken else level.code if level else ""
    here, there = places.get(decision.level_code), places.get(before)
    return here is not None and there is not None and 0 < here < there


def _promised(organisation: Organisation, year: FinancialYear, today: datetime.date) -> Promised:
    rows = list(organisation.promises.for_list())
    by = min(today, year.last_day)
    return Promised(
        made=[one for one in rows if one.made_on in year],
        closed=[one for one in rows if one.closed_on is not None and one.closed_on in year],
        overdue=[one for one in rows if one.is_overdue_on(today) and one.due_on <= by],
    )


def _partners_say(picture: PartnerPicture, year: FinancialYear) -> PartnersSay:
    overall = next((line.partners for line in picture.lines if line.code == OVERALL), None)
    since = picture.partners_since
    changes = dict(since.changes) if since else {}
    return PartnersSay(
        overall=overall,
        since=changes.get("Overall"),
        compared=since.partnerships if since else 0,
        quarters=[one for one in picture.quarters if one.quarter.first_day in year],
        picture=picture,
    )


def _total_value(organisation: Organisation, year: FinancialYear) -> TotalValue:
    """The last run of each month of the year, after the last one before it, else after the first one in it."""
    done = organisation.runs.done()
    begins, ends = _midnight(year.first_day), _midnight(year.last_day + datetime.timedelta(days=1))
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
