"""Points and rankings of decision makers on their way into the document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from partnerships.actions.criteria import set_ranking, set_weights
from partnerships.models import Organisation
from scoring.runner.weights import frozen_weights
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


def weights_of(organisation: Organisation) -> list[dict[str, Any]]:
    weights, ranked_late = frozen_weights(organisation, list(organisation.objectives.all()))
    assert ranked_late == []
    return weights


def test_a_ranking_is_frozen_as_one_and_points_as_points() -> None:
    organisation, lead, executive = portfolio(2)
    ids = dict(organisation.objectives.values_list("code", "pk"))
    ways = {organisation.ways_of_creating_value.get(code="learn").pk: Decimal(30)}
    places = {ids["patients"]: 2, ids["equity"]: 2, ids["staff"]: 1, ids["money"]: 3}
    points = {ids["patients"]: Decimal(100), ids["money"]: Decimal(25)}
    set_weights(organisation=organisation, by=executive, objective_points=points, way_points=ways)
    set_ranking(organisation=organisation, by=lead, places=places)
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
