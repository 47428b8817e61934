"""Which lines the record has for a search, newest first, a page at a time: one statement over all of its tables.

Every table of events, and the deeds, give at most a page of lines each by their own index, and the newest of those
make the page. A page begins at a place and not at a number, so that it stays the same while lines are added, and the
hundredth costs what the first does.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    F,
    IntegerField,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from partnerships.models import Deed, Organisation, Participation, Partnership, Person
from partnerships.recording import FOUND, RECORDED, Recorded

A_PAGE = 50
DEED = "deed"
NO_NUMBER = 0


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the record of an organisation; whatever is None lets everything through.

    ``person`` and ``partnership`` are ids, the days are both counted in.
    """

    organisation: Organisation
    person: int | None = None
    partnership: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True)
class Place:
    """Where one line stands: when, in which table, and under which number there (a deed: under which UUID)."""

    at: datetime.datetime
    table: str
    key: int | uuid.UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(datetime.UTC):%Y%m%dT%H%M%S.%f}~{self.table}~{self.key}"

    @classmethod
    def from_text(cls, text: str) -> Place | None:
        """What ``str`` made of one; None for anything else."""
        at, _, rest = text.partition("~")
        table, _, key = rest.partition("~")
        try:
            when = datetime.datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=datetime.UTC)
            found = cls(when, table, uuid.UUID(key) if table == DEED else int(key))
        except ValueError:
            return None
        return found if table in tables() and str(found) == text else None


class Entry(NamedTuple):
    """A line as its table has it: ``said`` what the row or the deed says, ``before`` what the row said until then."""

    at: datetime.datetime
    rank: int
    number: int
    uid: uuid.UUID | None
    label: str
    context: dict[str, Any] | None
    said: dict[str, Any]
    before: dict[str, Any] | None

    @property
    def table(self) -> str:
        return tables()[self.rank]

    @property
    def recorded(self) -> Recorded | None:
        """How people speak of what changed; None for a deed, which changed nothing."""
        return by_table().get(self.table)

    @property
    def kind(self) -> str:
        """What happened to the row; one of which nothing was kept before, such as a what-if without a name, came."""
        return "insert" if self.label == "update" and self.before is None else self.label

    @property
    def place(self) -> Place:
        return Place(self.at, self.table, self.uid or self.number)


@dataclass(frozen=True)
class Page:
    """Some lines, newest first, and the places where the next newer and the next older page begin, if there are any."""

    entries: tuple[Entry, ...]
    newer: Place | None
    older: Place | None


def page_of(search: Search, *, older: Place | None = None, newer: Place | None = None, size: int = A_PAGE) -> Page:
    """The newest lines, or those next to a place that are ``older``, or ``newer``."""
    found = _entries(search, older or newer, backwards=newer is None, most=size + 1)
    there_are_more = len(found) > size
    entries = found[:size] if newer is None else found[:size][::-1]
    if newer is None:
        goes_on_up, goes_on_down = older is not None, there_are_more
    else:
        goes_on_up, goes_on_down = there_are_more, True
    if not entries:
        return Page((), None, None)
    return Page(
        tuple(entries),
        newer=entries[0].place if goes_on_up else None,
        older=entries[-1].place if goes_on_down else None,
    )


def newest_of(search: Search, *, most: int, at_a_time: int) -> Iterator[tuple[Entry, ...]]:
    """The newest ``most`` lines, in pages."""
    place: Place | None = None
    while most > 0:
        page = page_of(search, older=place, size=min(at_a_time, most))
        if page.entries:
            yield page.entries
        most -= len(page.entries)
        place = page.older
        if place is None:
            return


@cache
def by_table() -> dict[str, Recorded]:
    return {one.model._meta.label_lower: one for one in RECORDED.values()}


@cache
def tables() -> tuple[str, ...]:
    """The names of the record's tables; each one's place among them orders lines of one moment."""
    return (DEED, *sorted(by_table()))


def _entries(search: Search, place: Place | None, *, backwards: bool, most: int) -> list[Entry]:
    branches = [*_branches(search)]
    taken = [one.taken(place, backwards=backwards, most=most) for one in branches]
    sign = "-" if backwards else ""
    order = [f"{sign}{name}" for name in ("at", "rank", "number", "uid")]
    return [Entry(*row) for row in taken[0].union(*taken[1:], all=True).order_by(*order)[:most]]


@dataclass(frozen=True)
class _Branch:
    """The lines that one table has; ``key`` is its own key, ``at`` its column of when."""

    rows: QuerySet[Any]
    rank: int
    at: str
    key: str

    def taken(self, place: Place | None, *, backwards: bool, most: int) -> QuerySet[Any, tuple[Any, ...]]:
        """At most so many next to a place, by the table's own index."""
        rows = self.rows if place is None else self.rows.filter(self._beyond(place, backwards=backwards))
        order = (f"-{self.at}", f"-{self.key}") if backwards else (self.at, self.key)
        return rows.order_by(*order).values_list(*Entry._fields)[:most]

    def _beyond(self, place: Place, *, backwards: bool) -> Q:
        """Each way of saying it begins with what the index can use, so that no page reads what stands before it."""
        side = "lt" if backwards else "gt"
        further, not_before = Q((f"{self.at}__{side}", place.at)), Q((f"{self.at}__{side}e", place.at))
        theirs = tables().index(place.table)
        if self.rank == theirs:
            return not_before & (further | Q((f"{self.key}__{side}", place.key)))
        return not_before if (self.rank < theirs) == backwards else further


def _branches(search: Search) -> Iterator[_Branch]:
    for rank, table in enumerate(tables()):
        recorded = by_table().get(table)
        if recorded is None:
            yield _deeds(search, rank)
        else:
            for owner in _owners(search, recorded):
                branch = _events(search, recorded, owner, rank)
                if branch is not None:
                    yield branch


def _owners(search: Search, recorded: Recorded) -> Iterator[Q]:
    """Of accounts also lines of no organisation, their people's own doing: the database shows those of our people."""
    yield Q((recorded.owner, search.organisation.pk))
    if recorded.model is Person:
        yield Q((f"{recorded.owner}__isnull", True))


def _events(search: Search, recorded: Recorded, owner: Q, rank: int) -> _Branch | None:
    rows = recorded.events._default_manager.filter(owner, _between(search, "pgh_created_at"))
    rows = rows.exclude(pgh_label=FOUND)
    if search.person is not None:
        rows = rows.filter(pgh_context__person=search.person)
    if search.partnership is not None:
        if not recorded.partnership:
            return None
        rows = _about_partnership(rows, recorded, search.organisation, search.partnership)
    said = JSONObject(**{field.name: field.attname for field in kept_fields(recorded)})
    earlier = recorded.events._default_manager.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    columns = _columns(
        rank, at="pgh_created_at", number=F("pgh_id"), label=F("pgh_label"), context=F("pgh_context"), said=said
    )
    columns["before"] = Subquery(earlier.order_by("-pgh_id").values_list(said)[:1])
    return _Branch(rows.annotate(**columns), rank, "pgh_created_at", "pgh_id")


def _deeds(search: Search, rank: int) -> _Branch:
    rows = Deed.objects.filter(_between(search, "done_at"), organisation=search.organisation.pk)
    if search.person is not None:
        rows = rows.filter(person=search.person)
    if search.partnership is not None:
        rows = rows.filter(participation__in=_participations(search.organisation, search.partnership))
    said = JSONObject(what="what", rows="rows", person="person_id", participation="participation_id")
    columns = _columns(rank, at="done_at", number=Value(NO_NUMBER), label=F("kind"), said=said)
    return _Branch(rows.annotate(**columns | {"uid": F("id")}), rank, "done_at", "id")


def _columns(rank: int, *, at: str, number: Any, **further: Any) -> dict[str, Any]:
    """What the tables have in common, so that their lines can stand in one list."""
    label = Cast(further.pop("label"), TextField())
    given = {
        "at": F(at),
        "rank": Value(rank, IntegerField()),
        "number": Cast(number, BigIntegerField()),
        "uid": Cast(Value(None), UUIDField()),
        "label": label,
        "before": Cast(Value(None), JSONField()),
    }
    return given | further


def kept_fields(recorded: Recorded) -> list[Any]:
    """The fields of a row that its events keep."""
    fields = recorded.events._meta.local_fields
    return [one for one in fields if not one.name.startswith("pgh_") and one.name != "for_organisation"]


def _between(search: Search, at: str) -> Q:
    wanted = Q()
    if search.since is not None:
        wanted &= Q((f"{at}__gte", _midnight(search.since)))
    if search.until is not None:
        wanted &= Q((f"{at}__lt", _midnight(search.until + datetime.timedelta(days=1))))
    return wanted


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _about_partnership(
    rows: QuerySet[Any], recorded: Recorded, organisation: Organisation, partnership: int
) -> QuerySet[Any]:
    """Those lines of a table that are about a partnership: of what was its when the line was written, or until then."""
    if recorded.partnership == "self":
        return rows.filter(Q(pgh_obj=partnership) if recorded.model is Partnership else Q(partnership=partnership))
    if leads_to(recorded) is Partnership:
        return rows.filter(Q((recorded.partnership, partnership)))
    ours = _participations(organisation, partnership)
    if leads_to(recorded) is not Participation:
        rows = rows.alias(led_to=_in_force_beyond(recorded))
        return rows.filter(Q(led_to__in=ours))
    if not recorded.moves:
        return rows.filter(Q((f"{recorded.partnership}__in", ours)))
    before = recorded.events._default_manager.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    rows = rows.alias(was=Subquery(before.order_by("-pgh_id").values(recorded.partnership)[:1]))
    return rows.filter(Q((f"{recorded.partnership}__in", ours)) | Q(was__in=ours))


def _in_force_beyond(recorded: Recorded) -> Subquery:
    """The participation of the row that a line's row leads to, as it was when the line was written."""
    target: Any = leads_to(recorded)
    beyond = RECORDED[target]
    until_then = beyond.events._default_manager.filter(
        pgh_obj=OuterRef(recorded.partnership), pgh_created_at__lte=OuterRef("pgh_created_at")
    )
    return Subquery(until_then.order_by("-pgh_created_at", "-pgh_id").values(beyond.partnership)[:1])


def leads_to(recorded: Recorded) -> type[Model] | None:
    """The model at which the field ends that leads to the participation or the partnership, or towards it."""
    if recorded.partnership in ("", "self"):
        return None
    return recorded.model._meta.get_field(recorded.partnership).related_model


def rows_beyond(recorded: Recorded, ids: Iterable[int]) -> dict[int, list[tuple[datetime.datetime, int | None]]]:
    """Where a field leads on through another recorded model: by the ids of its rows, oldest first, from when on they
    were of which participation (None: of none). Also of rows that are no longer there.
    """
    target: Any = leads_to(recorded)
    beyond = RECORDED[target]
    rows = beyond.events._default_manager.filter(pgh_obj__in=ids).order_by("pgh_created_at", "pgh_id")
    found: dict[int, list[tuple[datetime.datetime, int | None]]] = defaultdict(list)
    for pk, since, participation in rows.values_list("pgh_obj", "pgh_created_at", beyond.partnership):
        found[pk].append((since, participation))
    return found


def _participations(organisation: Organisation, partnership: int) -> QuerySet[Any, Any]:
    """Ids of what the organisation ever had in a partnership, also where it is no longer there."""
    lines = RECORDED[Participation].events._default_manager.filter(
        organisation=organisation.pk, partnership=partnership
    )
    return lines.values("pgh_obj")
