"""What the rows are called of which lines of the record speak: names for ids, for a page of lines at once.

A name is the one that stands today. A row that is no longer there has the name that its own last event kept.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model

from partnerships.models import Organisation, Participation, Partnership, Person
from partnerships.naming import readable_name
from partnerships.record.lines import Entry, kept_fields, leads_to, rows_beyond
from partnerships.recording import RECORDED, Recorded

Ids = dict[type[Model], set[int]]
NOT_KEPT = 0  # the id of nothing
# From when on a row was of which participation, oldest first; None where it was of none.
Times = list[tuple[datetime.datetime, int | None]]
BY_REGISTERS: tuple[type[Model], ...] = (Organisation, Partnership)


class Named(NamedTuple):
    """A partnership as a line names it; ``slug`` is its address, empty where the organisation has it no more."""

    name: str
    slug: str


class Names:
    """Made once for some lines, in a number of queries that depends on the kinds of things they name alone."""

    def __init__(self, organisation: Organisation, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        wanted = _wanted(entries)
        wanted[Participation].update(int(one.said["participation"]) for one in entries if _is_of_participation(one))
        self._beyond = _participations_beyond(entries)
        wanted[Participation].update(pk for times in self._beyond.values() for _, pk in times if pk is not None)
        self._partnership_of = dict(_rows(Participation, wanted.pop(Participation), ("partnership_id",)))
        wanted[Partnership].update(int(pk) for (pk,) in self._partnership_of.values())
        self._names = {
            (model, pk): _title(model, row)
            for model, ids in wanted.items()
            for pk, row in _rows(model, ids, _of(model))
        }
        ours = organisation.participations.filter(partnership__in=wanted[Partnership])
        self._slugs: dict[int, str] = dict(ours.values_list("partnership_id", "partnership__slug"))

    def of(self, model: type[Model], pk: int) -> str:
        if model is Participation:
            return self.of(Partnership, self._partnership_of.get(pk, (0,))[0])
        name = self._names.get((model, pk))
        if name is None:
            return f"a {model._meta.verbose_name} that is no longer there"
        return name or f"a {model._meta.verbose_name} without words"

    def partnership(self, entry: Entry) -> Named | None:
        """The partnership that a line is about; None where it is about none."""
        pk = self._partnership_id(entry)
        return None if pk is None else Named(self.of(Partnership, pk), self._slugs.get(pk, ""))

    def _partnership_id(self, entry: Entry) -> int | None:
        recorded, said = entry.recorded, entry.said
        if recorded is None:
            return self._partnership_of.get(said["participation"], (0,))[0] if _is_of_participation(entry) else None
        if not recorded.partnership:
            return None
        if recorded.partnership == "self":
            pk: int = said["id"] if recorded.model is Partnership else said["partnership"]
            return pk
        led_to: int | None = said[recorded.partnership]
        if led_to is None or leads_to(recorded) is Partnership:
            return led_to
        if leads_to(recorded) is Participation:
            return self._of_participation(led_to)
        return self._of_participation(_in_force(self._beyond.get((recorded.model, led_to), []), entry.at))

    def _of_participation(self, participation: int | None) -> int | None:
        if participation is None:
            return None
        partnership: int = self._partnership_of.get(participation, (NOT_KEPT,))[0]
        return partnership


def _participations_beyond(entries: Iterable[Entry]) -> dict[tuple[type[Model], int], Times]:
    """Of lines whose row leads to a participation through another: by its model and the other's id."""
    through: dict[type[Model], set[int]] = defaultdict(set)
    for one in entries:
        if one.recorded is None or leads_to(one.recorded) in (None, Partnership, Participation):
            continue
        if (led_to := one.said[one.recorded.partnership]) is not None:
            through[one.recorded.model].add(int(led_to))
    return {
        (model, pk): times for model, ids in through.items() for pk, times in rows_beyond(RECORDED[model], ids).items()
    }


def _in_force(times: Times, at: datetime.datetime) -> int | None:
    """Of which participation it was then."""
    until_then = [participation for since, participation in times if since <= at]
    return until_then[-1] if until_then else NOT_KEPT


def _is_of_participation(entry: Entry) -> bool:
    return entry.recorded is None and entry.said["participation"] is not None


def _wanted(entries: Iterable[Entry]) -> Ids:
    """Every id that any of the lines names, those of who did it among them."""
    wanted: Ids = defaultdict(set)
    for entry in entries:
        for model, pk in _named_by(entry):
            if pk is not None:
                wanted[model].add(int(pk))
    return wanted


def _named_by(entry: Entry) -> Iterator[tuple[type[Model], Any]]:
    yield Person, (entry.context or {}).get("person")
    recorded = entry.recorded
    if recorded is None:
        yield Person, entry.said["person"]
        return
    if recorded.model is Partnership:
        yield Partnership, entry.said["id"]
    for field in kept_fields(recorded):
        if field.related_model is not None:
            yield field.related_model, entry.said[field.name]
            yield field.related_model, (entry.before or {}).get(field.name)


def _of(model: type[Model]) -> tuple[str, ...]:
    """The columns of which a row's name is made."""
    if model is Person:
        return ("name", "email")
    recorded = RECORDED.get(model)
    return recorded.about if recorded is not None and recorded.about and model not in BY_REGISTERS else ("name",)


def _title(model: type[Model], row: tuple[Any, ...]) -> str:
    if model is Person:
        return str(row[0] or row[1])
    if model in BY_REGISTERS:
        return readable_name(row[0])
    field: Any = model._meta.get_field(_of(model)[0])
    return str(dict(field.flatchoices).get(row[0], row[0]))


def _rows(model: type[Model], ids: Collection[int], columns: tuple[str, ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Columns of the rows with these ids, by id: as they stand, or as their last event has them."""
    missing = set(ids)
    for pk, *row in model._base_manager.filter(pk__in=ids).values_list("pk", *columns):
        missing.discard(pk)
        yield pk, tuple(row)
    recorded: Recorded | None = RECORDED.get(model)
    if missing and recorded is not None:
        last = recorded.events._default_manager.filter(pgh_obj__in=missing).order_by("pgh_obj", "-pgh_id")
        for pk, *row in last.distinct("pgh_obj").values_list("pgh_obj", *columns):
            yield pk, tuple(row)
