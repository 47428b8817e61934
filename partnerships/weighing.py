"""Each decision maker's own weights, side by side: people who disagree are shown, never averaged."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.dateformat import format as date_format

from partnerships.models import Objective, Organisation, Person, WayOfCreatingValue
from partnerships.roles import DECIDE

Key = TypeVar("Key")


@dataclass(frozen=True)
class PersonsWeights:
    """One person's shares in per cent by criterion id, empty where none are set; and when each list last changed.

    Who only ranked has places by criterion id instead of shares, 1 the first; ``unranked`` names what came later,
    objectives and ways.
    """

    person: Person
    objective_shares: Mapping[int, int]
    way_shares: Mapping[int, int]
    objectives_at: datetime.datetime | None = None
    ways_at: datetime.datetime | None = None
    objective_places: Mapping[int, int] = field(default_factory=dict)
    way_places: Mapping[int, int] = field(default_factory=dict)
    unranked: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        return bool(self.objective_shares or self.objective_places)

    @property
    def in_words(self) -> str:
        """What this person said of the objectives and of the ways, and when: the days apart where they differ."""
        lists = (
            ("the objectives", self.objectives_at, self.objective_places),
            ("the ways", self.ways_at, self.way_places),
        )
        said = [(name, _day(at), bool(places)) for name, at, places in lists if at]
        ranked = [(name, day) for name, day, is_ranked in said if is_ranked]
        weighed = [(name, day) for name, day, is_ranked in said if not is_ranked]
        parts = [f"ranked {_each_on_its_day(ranked)}, without points"] if ranked else []
        if weighed and not ranked and len({day for _, day in weighed}) == 1:
            return f"set on {weighed[0][1]}"
        return "; ".join([*parts, *([f"set points on {_each_on_its_day(weighed)}"] if weighed else [])])


@dataclass(frozen=True)
class WeighedCriterion:
    """One objective or way with each person's share of weight in per cent, or its place in their ranking."""

    criterion: Objective | WayOfCreatingValue
    shares: tuple[tuple[Person, int], ...]
    places: tuple[tuple[Person, int], ...] = ()


def shares_of(points: Mapping[Key, Decimal]) -> dict[Key, int]:
    """Points as whole per cent of their sum; empty where nothing has any.

    >>> shares_of({1: Decimal(100), 2: Decimal(60), 3: Decimal(40)})
    {1: 50, 2: 30, 3: 20}
    """
    total = sum(points.values(), Decimal(0))
    return {key: round(100 * value / total) for key, value in points.items()} if total else {}


def _day(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _each_on_its_day(lists: Sequence[tuple[str, str]]) -> str:
    """
    >>> _each_on_its_day([("the objectives", "2 May 2026"), ("the ways", "2 May 2026")])
    'the objectives and the ways on 2 May 2026'
    >>> _each_on_its_day([("the objectives", "2 May 2026"), ("the ways", "9 May 2026")])
    'the objectives on 2 May 2026 and the ways on 9 May 2026'
    """
    if len({day for _, day in lists}) == 1:
        return f"{' and '.join(name for name, _ in lists)} on {lists[0][1]}"
    return " and ".join(f"{name} on {day}" for name, day in lists)


def weights_by_person(organisation: Organisation) -> list[PersonsWeights]:
    """Everybody who may decide here, whether they have set weights or not, in a fixed number of queries."""
    deciding = organisation.access_grants.current().of_roles(DECIDE.roles)
    people = Person.objects.filter(pk__in=deciding.values("person"))
    objectives = _by_person(organisation.objective_weights.values_list(*SAID_BY, "objective_id", "points"))
    ways = _by_person(organisation.way_weights.values_list(*SAID_BY, "way_id", "points"))
    objective_ranks = _by_person(organisation.objective_ranks.values_list(*SAID_BY, "objective_id", "place"))
    way_ranks = _by_person(organisation.way_ranks.values_list(*SAID_BY, "way_id", "place"))
    objective_names = dict(organisation.objectives.values_list("pk", "name")) if objective_ranks else {}
    way_names = dict(organisation.ways_of_creating_value.values_list("pk", "name")) if way_ranks else {}
    nothing = Said()
    return [
        PersonsWeights(
            person,
            shares_of(objectives.get(person.pk, nothing).by_criterion),
            shares_of(ways.get(person.pk, nothing).by_criterion),
            objectives.get(person.pk, nothing).latest or objective_ranks.get(person.pk, nothing).latest,
            ways.get(person.pk, nothing).latest or way_ranks.get(person.pk, nothing).latest,
            objective_ranks.get(person.pk, nothing).by_criterion,
            way_ranks.get(person.pk, nothing).by_criterion,
            (
                *objective_ranks.get(person.pk, nothing).without(objective_names),
                *way_ranks.get(person.pk, nothing).without(way_names),
            ),
        )
        for person in people
    ]


SAID_BY = ("decision_maker_id", "updated_at")


@dataclass
class Said:
    """What one person said of objectives or of ways, points or places, by criterion id; and when last."""

    by_criterion: dict[int, Any] = field(default_factory=dict)
    latest: datetime.datetime | None = None

    def without(self, names: Mapping[int, str]) -> tuple[str, ...]:
        """The names of criteria that came after this was said; of nothing said, none."""
        return tuple(name for pk, name in names.items() if self.by_criterion and pk not in self.by_criterion)


def _by_person(rows: Iterable[tuple[int, datetime.datetime, int, Any]]) -> dict[int, Said]:
    said: dict[int, Said] = defaultdict(Said)
    for person, updated_at, criterion, amount in rows:
        said[person].by_criterion[criterion] = amount
        said[person].latest = max(said[person].latest or updated_at, updated_at)
    return dict(said)


def weighed_objectives(organisation: Organisation, everybody: Sequence[PersonsWeights]) -> list[WeighedCriterion]:
    return [
        WeighedCriterion(
            objective,
            tuple((one.person, one.objective_shares.get(objective.pk, 0)) for one in everybody if one.objective_shares),
            tuple(
                (one.person, one.objective_places[objective.pk])
                for one in everybody
                if objective.pk in one.objective_places
            ),
        )
        for objective in organisation.objectives.all()
    ]


def weighed_ways(organisation: Organisation, everybody: Sequence[PersonsWeights]) -> list[WeighedCriterion]:
    return [
        WeighedCriterion(
            way,
            tuple((one.person, one.way_shares.get(way.pk, 0)) for one in everybody if one.way_shares),
            tuple((one.person, one.way_places[way.pk]) for one in everybody if way.pk in one.way_places),
        )
        for way in organisation.ways_of_creating_value.all()
    ]
