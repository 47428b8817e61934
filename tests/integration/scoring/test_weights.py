"""Points and rankings of decision makers on their way into the document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from partnerships.actions.criteria import change_ways, set_ranking, set_weights
from partnerships.models import Organisation
from scoring.runner.weights import frozen_weights
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db

NEW_WAY = {"name": "Speak with one voice", "top_of_range": "Nobody is asked for two answers"}


def weights_of(organisation: Organisation) -> list[dict[str, Any]]:
    weights, ranked_late = frozen(organisation)
    assert ranked_late == []
    return weights


def frozen(organisation: Organisation) -> tuple[list[dict[str, Any]], list[str]]:
    ways = list(organisation.ways_of_creating_value.all())
    return frozen_weights(organisation, list(organisation.objectives.all()), ways)


def test_a_ranking_is_frozen_as_one_and_points_as_points() -> None:
    organisation, lead, executive = portfolio(2)
    ids = dict(organisation.objectives.values_list("code", "pk"))
    ways = {organisation.ways_of_creating_value.get(code="learn").pk: Decimal(30)}
    places = {ids["patients"]: 2, ids["equity"]: 2, ids["staff"]: 1, ids["money"]: 3}
    points = {ids["patients"]: Decimal(100), ids["money"]: Decimal(25)}
    set_weights(organisation=organisation, by=executive, objective_points=points, way_points=ways)
    set_ranking(organisation=organisation, by=lead, objective_places=places, way_places={})
    expected = [
        {
            "who": lead.email,
            "group": lead.name,
            "ranking": {"objectives": ["staff", ["patients", "equity"], "money"]},
        },
        {
            "who": executive.email,
            "group": executive.name,
            "objectives": {"patients": 100.0, "money": 25.0},
            "ways": {"learn": 30.0},
        },
    ]
    assert weights_of(organisation) == sorted(expected, key=lambda one: str(one["who"]))


def test_people_of_one_name_keep_views_of_their_own() -> None:
    organisation, lead, executive = portfolio(2)
    lead.name = executive.name
    lead.save()
    ids = dict(organisation.objectives.values_list("code", "pk"))
    for person in (lead, executive):
        set_weights(organisation=organisation, by=person, objective_points={ids["money"]: Decimal(50)}, way_points={})
    assert {one["group"] for one in weights_of(organisation)} == {lead.email, executive.email}


def test_objectives_and_ways_are_ranked_apart_from_each_other() -> None:
    organisation, lead, executive = portfolio(2)
    objectives = dict(organisation.objectives.values_list("code", "pk"))
    ways = dict(organisation.ways_of_creating_value.values_list("code", "pk"))
    way_places = {ways["pool"]: 1, ways["join-up"]: 2, ways["learn"]: 2, ways["align"]: 3}
    set_ranking(
        organisation=organisation,
        by=lead,
        objective_places={pk: place for place, pk in enumerate(objectives.values(), start=1)},
        way_places=way_places,
    )
    points = {objectives["money"]: Decimal(50)}
    set_weights(
        organisation=organisation, by=executive, objective_points=points, way_points={ways["learn"]: Decimal(9)}
    )
    set_ranking(organisation=organisation, by=executive, objective_places={}, way_places=way_places)
    said = {one["who"]: one for one in weights_of(organisation)}
    ranked = ["pool", ["join-up", "learn"], "align"]
    assert said[lead.email]["ranking"] == {"objectives": list(objectives), "ways": ranked}
    assert said[executive.email]["objectives"] == {"money": 50.0}
    assert said[executive.email]["ranking"] == {"ways": ranked}
    assert not any("ways" in one for one in said.values())


def test_ways_that_came_after_a_ranking_count_as_last_and_are_named() -> None:
    organisation, lead, _ = portfolio(2)
    objectives, ways = organisation.objectives.all(), organisation.ways_of_creating_value.all()
    alike = {one.pk: 1 for one in objectives}, {one.pk: 1 for one in ways}
    set_ranking(organisation=organisation, by=lead, objective_places=alike[0], way_places=alike[1])
    change_ways(organisation=organisation, by=lead, changes={}, added=NEW_WAY)
    weights, late = frozen(organisation)
    assert late == ["Speak with one voice"]
    assert weights[0]["ranking"]["ways"][-1] == "speak-with-one-voice"


def test_who_only_ranked_the_ways_is_left_out_with_everything() -> None:
    """Without a word on the objectives there are no weights to take; what the ways lack is then no caveat either."""
    organisation, lead, _ = portfolio(2)
    alike = {one.pk: 1 for one in organisation.ways_of_creating_value.all()}
    set_ranking(organisation=organisation, by=lead, objective_places={}, way_places=alike)
    change_ways(organisation=organisation, by=lead, changes={}, added=NEW_WAY)
    assert frozen(organisation) == ([], [])
