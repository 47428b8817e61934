"""A partnership's timeline: everything on its relationship record by the day on which it was, newest first.

Each kind of thing gives its days and keys, one statement puts those in order and cuts a page, and what stands on that
page is then read kind by kind. So a page costs the same number of queries however long the record is. Stages and ways
of creating value have no days of their own: theirs are those on which somebody recorded them, from the record of
changes.

What the floors above know of a partnership (surveys, decisions, promises and so on) they add as they start, with
``add_sources``: the ground floor says which kinds there are and how they are put in order, not where they come from.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import BigIntegerField, Case, CharField, DateField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.urls import reverse

from partnerships.models import (
    DifferenceChange,
    DifferenceState,
    LedgerEntry,
    Organisation,
    OutcomeMeasure,
    Participation,
    ParticipationStateChange,
    RecordLink,
    RecordNote,
    Stage,
    ValueRating,
)
from partnerships.recording import RECORDED

A_PAGE = 30
Rows = Callable[[Organisation, Collection[int]], Any]  # a query, each row of which has a ``day``


class Kind(models.TextChoices):
    """What a timeline can be narrowed to; as it stands in an address."""

    DECISIONS = "decisions", "Decisions"
    REVIEWS = "reviews", "Reviews of decisions"
    LETTERS = "letters", "Letters and replies"
    PROMISES = "promises", "Promises"
    PLAN = "plan", "Actions of the plan"
    SURVEYS = "surveys", "Surveys"
    TOLD_PARTNERS = "told-partners", "What we told partners"
    NOTES = "notes", "Notes"
    DIFFERENCES = "differences", "Differences"
    GIVE_AND_TAKE = "give-and-take", "Give and take"
    MEASURES = "measures", "Measures"
    LINKS = "links", "Documents and links"
    STAGES = "stages", "Stages"
    WAYS = "ways", "Ways of creating value"
    STATES = "states", "Our part in it"


@dataclass(frozen=True)
class Page:
    """Where something stands: the name of an address of an organisation, with a number or a partnership's slug."""

    name: str
    number: int | None = None
    anchor: str = ""

    def address(self, code: str, slug: str) -> str:
        return reverse(self.name, args=[code, slug if self.number is None else self.number]) + self.anchor


@dataclass(frozen=True)
class Moment:
    """One thing on the timeline: the day, of which kind it is, what happened, in whose words, and who recorded it.

    ``of`` is the participation, which is another one for what came in with a merge. ``did`` is what ``by`` did.
    """

    day: datetime.date
    kind: Kind
    title: str
    text: str
    by: str
    of: int
    page: Page
    did: str = "Recorded"


@dataclass(frozen=True)
class TimelinePage:
    moments: tuple[Moment, ...]
    number: int
    has_older: bool


class _Place(NamedTuple):
    day: datetime.date
    source: str
    key: int


@dataclass(frozen=True)
class Source:
    """Where things of a kind come from: ``rows`` of some participations, with ``day``; and what a row says."""

    kind: Kind
    rows: Rows
    says: Callable[[Any, datetime.date], Moment]
    read: tuple[str, ...] = ()
    key: str = "pk"


def timeline_of(
    organisation: Organisation, participations: Collection[int], *, only: Kind | None = None, page: int = 1
) -> TimelinePage:
    """A page of what the participations of an organisation have, of all kinds or of one."""
    names = [name for name, source in SOURCES.items() if only in (None, source.kind)]
    branches = [_places(name, organisation, participations) for name in names]
    order = ("-day", "source", "-number")
    start = (page - 1) * A_PAGE
    rows = branches[0].union(*branches[1:], all=True).order_by(*order)[start : start + A_PAGE + 1]
    places = [_Place(*row) for row in rows]
    shown = places[:A_PAGE]
    return TimelinePage(tuple(_moments(shown, organisation, participations)), page, len(places) > A_PAGE)


def add_sources(**sources: Source) -> None:
    """Have more on every timeline; for the floors above, as they start. Each by a name of its own."""
    if twice := SOURCES.keys() & sources.keys():
        raise ValueError(f"The timeline has {', '.join(sorted(twice))} already.")
    SOURCES.update(sources)


def _places(name: str, organisation: Organisation, participations: Collection[int]) -> Any:
    named = {"source": Value(name, CharField()), "number": Cast(F(SOURCES[name].key), BigIntegerField())}
    rows = SOURCES[name].rows(organisation, participations).order_by().annotate(**named)
    return rows.values_list("day", "source", "number")


def _moments(places: list[_Place], organisation: Organisation, participations: Collection[int]) -> Iterator[Moment]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for place in places:
        wanted[place.source].add(place.key)
    found: dict[tuple[str, int], Any] = {}
    for name, keys in wanted.items():
        source = SOURCES[name]
        rows = source.rows(organisation, participations).filter(**{f"{source.key}__in": keys})
        found |= {(name, getattr(row, source.key)): row for row in rows.select_related(*source.read)}
    for place in places:
        row = found.get((place.source, place.key))
        if row is not None:  # else somebody removed it between two statements
            yield SOURCES[place.source].says(row, place.day)


def stages_of(organisation: Organisation, participations: Collection[int]) -> list[tuple[datetime.date, str]]:
    """From which day on which stage, the first first; a stage that was taken away is "Not said"."""
    rows = _stages(organisation, participations).order_by("pgh_id")
    return [(row.day, Stage(row.stage).label if row.stage else "Not said") for row in rows]


@dataclass(frozen=True)
class WayOverTime:
    """One way of creating value: when something was first claimed of it, and whether that still is."""

    name: str
    since: datetime.date
    until: datetime.date | None


def ways_of(organisation: Organisation, participations: Collection[int]) -> list[WayOverTime]:
    """Each stretch of time in which something was claimed of a way, in the order in which they began."""
    since: dict[str, datetime.date] = {}
    found: list[WayOverTime] = []
    for row in _turns(organisation, participations):
        if row.pgh_label == "delete":
            found.append(WayOverTime(str(row.way), since.pop(str(row.way)), row.day))
        else:
            since[str(row.way)] = row.day
    found += [WayOverTime(name, day, None) for name, day in since.items()]
    return sorted(found, key=lambda one: (one.since, one.name))


def _turns(organisation: Organisation, participations: Collection[int]) -> Iterator[Any]:
    """The lines with which a way came to be claimed at all, and those after which nothing was claimed of it."""
    claimed: dict[int, set[int]] = defaultdict(set)
    for row in _claims(organisation, participations).select_related("way").order_by("pgh_id"):
        rows = claimed[row.way_id]
        if row.pgh_label != "delete":
            if not rows:
                yield row
            rows.add(row.pgh_obj_id)
        elif row.pgh_obj_id in rows:
            rows.remove(row.pgh_obj_id)
            if not rows:
                yield row


def _own(model: type[models.Model]) -> Rows:
    """Rows with a day of their own, else that of their recording."""
    names = {field.name for field in model._meta.get_fields()}
    recorded = TruncDate("recorded_at")
    day: Any = Coalesce(F("on_day"), recorded, output_field=DateField()) if "on_day" in names else recorded

    def rows(organisation: Organisation, participations: Collection[int]) -> Any:
        owned = {"organisation": organisation, "participation__in": participations}
        return model._default_manager.filter(**owned).annotate(day=day)

    return rows


def _steps(organisation: Organisation, participations: Collection[int]) -> Any:
    """On the day on which it came up or was settled, where that is said; other steps on that of their recording."""
    of_ours = DifferenceChange.objects.filter(organisation=organisation, difference__participation__in=participations)
    day = Case(
        When(was="", then=F("difference__raised_on")),
        When(became=DifferenceState.SETTLED, difference__settled_on__isnull=False, then=F("difference__settled_on")),
        default=TruncDate("changed_at"),
        output_field=DateField(),
    )
    return of_ours.annotate(day=day)


def _states(organisation: Organisation, participations: Collection[int]) -> QuerySet[Any]:
    of_ours = ParticipationStateChange.objects.filter(organisation=organisation, participation__in=participations)
    return of_ours.annotate(day=TruncDate("changed_at"))


def _stages(organisation: Organisation, participations: Collection[int]) -> Any:
    """Lines of the record of changes in which the stage is another than in the line before."""
    events = RECORDED[Participation].events._default_manager
    earlier = events.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    before = Coalesce(Subquery(earlier.values("stage")[:1]), Value(""))
    of_ours = events.filter(organisation=organisation.pk, pgh_obj__in=participations).exclude(pgh_label="delete")
    return of_ours.annotate(day=TruncDate("pgh_created_at"), stage_before=before).exclude(stage=F("stage_before"))


def _ways(organisation: Organisation, participations: Collection[int]) -> Any:
    """The turns among the claims; they are told one after the other, which no statement does as simply."""
    turns = [row.pgh_id for row in _turns(organisation, participations)]
    return _claims(organisation, participations).filter(pgh_id__in=turns)


def _claims(organisation: Organisation, participations: Collection[int]) -> Any:
    """Lines of the record of changes in which a claim came or went; those found as the record began came, too."""
    events = RECORDED[ValueRating].events._default_manager
    of_ours = events.filter(organisation=organisation.pk, participation__in=participations)
    return of_ours.exclude(pgh_label="update").annotate(day=TruncDate("pgh_created_at"))


def _on_record(anchor: str) -> Page:
    return Page("partnerships:record", anchor=f"#{anchor}")


def _note(row: RecordNote, day: datetime.date) -> Moment:
    page, by = _on_record(row.kind), str(row.recorded_by)
    return Moment(day, Kind.NOTES, row.get_kind_display(), row.text, by, row.participation_id, page)


def _step(row: DifferenceChange, day: datetime.date) -> Moment:
    text = "\n".join(filter(None, (row.difference.what, row.how)))
    title, of = f"Difference: {row.get_became_display().lower()}", row.difference.participation_id
    return Moment(day, Kind.DIFFERENCES, title, text, str(row.changed_by), of, _on_record("difference"))


def _given(row: LedgerEntry, day: datetime.date) -> Moment:
    title, text = f"{row.who}: {row.get_kind_display().lower()}", row.what
    if row.done_about_it:
        text += f"\nDone about it: {row.done_about_it}"
    page, by = _on_record("give-and-take"), str(row.recorded_by)
    return Moment(day, Kind.GIVE_AND_TAKE, title, text, by, row.participation_id, page)


def _measure(row: OutcomeMeasure, day: datetime.date) -> Moment:
    page, by = _on_record("measure"), str(row.recorded_by)
    return Moment(day, Kind.MEASURES, "Measure begun", row.name, by, row.participation_id, page)


def _link(row: RecordLink, day: datetime.date) -> Moment:
    page, by = _on_record("link"), str(row.recorded_by)
    return Moment(day, Kind.LINKS, "Document or link", row.title, by, row.participation_id, page)


def _stage(row: Any, day: datetime.date) -> Moment:
    name = Stage(row.stage).label if row.stage else "not said"
    return Moment(day, Kind.STAGES, f"Stage: {name.lower()}", "", "", row.pgh_obj_id, _on_record("over-time"))


def _way(row: Any, day: datetime.date) -> Moment:
    title = (
        "No longer meant to create value this way" if row.pgh_label == "delete" else "Meant to create value this way"
    )
    return Moment(day, Kind.WAYS, title, str(row.way), "", row.participation_id, _on_record("over-time"))


def _state(row: ParticipationStateChange, day: datetime.date) -> Moment:
    title = f"{row.get_was_display()} to {row.get_became_display().lower()}"
    page = Page("partnerships:partnership")
    return Moment(day, Kind.STATES, title, "", str(row.changed_by), row.participation_id, page)


# By a name that tells the statement's rows apart; a kind may come from several, as a promise is made, moved and closed.
SOURCES: dict[str, Source] = {
    "note": Source(Kind.NOTES, _own(RecordNote), _note, ("recorded_by",)),
    "difference": Source(Kind.DIFFERENCES, _steps, _step, ("changed_by", "difference")),
    "give_and_take": Source(Kind.GIVE_AND_TAKE, _own(LedgerEntry), _given, ("recorded_by",)),
    "measure": Source(Kind.MEASURES, _own(OutcomeMeasure), _measure, ("recorded_by",)),
    "link": Source(Kind.LINKS, _own(RecordLink), _link, ("recorded_by",)),
    "stage": Source(Kind.STAGES, _stages, _stage, key="pgh_id"),
    "way": Source(Kind.WAYS, _ways, _way, ("way",), key="pgh_id"),
    "state": Source(Kind.STATES, _states, _state, ("changed_by",)),
}
