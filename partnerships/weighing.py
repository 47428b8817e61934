"""Each decision maker's own weights, side by side: people who disagree are shown, never averaged."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from partnerships.models import Objective, ObjectiveRank, Organisation, Person, WayOfCreatingValue
from partnerships.models.people import MAY_DECIDE


@dataclass(frozen=True)
class PersonsWeights:
    """One person's shares in per cent by criterion id, empty where none are set; and when they last changed.

    Who only ranked the objectives has ``places`` by objective id instead of shares, 1 the first; ``unranked`` names
    the objectives that came later.
    """

    person: Person
    objective_shares: Mapping[int, int]
    way_shares: Mapping[int, int]
    changed_at: datetime.datetime | None
    places: Mapping[int, int] = field(default_factory=dict)
    unranked: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        return bool(self.objective_shares or self.places)


@dataclass(frozen=True)
class WeighedCriterion:
    """One objective or way with each person's share of weight in per cent, or its place in their ranking."""

    criterion: Objective | WayOfCreatingValue
    shares: tuple[tuple[Person, int], ...]
    places: tuple[tuple[Person, int], ...] = ()


def shares_of(points: Mapping[int, Decimal]) -> dict[int, int]:
    """Points as whole per cent of their sum; empty where nothing has any.

    >>> shares_of({1: Decimal(100), 2: Decimal(60), 3: Decimal(40)})
    {1: 50, 2: 30, 3: 20}
    """
    total = sum(points.values(), Decimal(0))
    return {key: round(100 * value / total) for key, value in points.items()} if total else {}


def weights_by_person(organisation: Organisation) -> list[PersonsWeights]:
    """Everybody who may decide here, whether they have set weights or not, in a fixed number of queries."""
    people = Person.objects.filter(
        is_active=True, access_grants__organisation=organisation, access_grants__role__in=MAY_DECIDE
    ).distinct()
    objectives = list(organisation.objective_weights.all())
    ways = list(organisation.way_weights.all())
    ranks: dict[int, dict[int, ObjectiveRank]] = defaultdict(dict)
    for rank in organisation.objective_ranks.all():
        ranks[rank.decision_maker_id][rank.objective_id] = rank
    names = dict(organisation.objectives.values_list("pk", "name")) if ranks else {}
    return [
        PersonsWeights(
            person,
            shares_of({one.objective_id: one.points for one in objectives if one.decision_maker_id == person.pk}),
            shares_of({one.way_id: one.points for one in ways if one.decision_maker_id == person.pk}),
            max(
                [one.updated_at for one in objectives if one.decision_maker_id == person.pk]
                + [one.updated_at for one in ranks[person.pk].values()],
                default=None,
            ),
            {pk: one.place for pk, one in ranks[person.pk].items()},
            tuple(name for pk, name in names.items() if ranks[person.pk] and pk not in ranks[person.pk]),
        )
        for person in people
    ]


def weighed_objectives(organisation: Organisation, everybody: Sequence[PersonsWeights]) -> list[WeighedCriterion]:
    return [
        WeighedCriterion(
            objective,
            tuple((one.person, one.objective_shares.get(objective.pk, 0)) for one in everybody if one.objective_shares),
            tuple((one.person, one.places[objective.pk]) for one in everybody if objective.pk in one.places),
        )
        for objective in organisation.objectives.all()
    ]


def weighed_ways(organisation: Organisation, everybody: Sequence[PersonsWeights]) -> list[WeighedCriterion]:
    return [
        WeighedCriterion(way, tuple((one.person, one.way_shares.get(way.pk, 0)) for one in everybody if one.way_shares))
        for way in organisation.ways_of_creating_value.all()
    ]
