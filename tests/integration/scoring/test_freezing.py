"""Shared pools, the cost of change and rankings on their way into the document, and through the engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from diagnostics.instrument import instrument
from diagnostics.instrument.loading import VERSIONS as INSTRUMENTS
from diagnostics.instrument.readiness_rule import CURRENT_RULE, readiness_rule
from partnerships.actions.cost_of_change import set_cost_of_change
from partnerships.actions.criteria import change_objectives, set_ranking
from partnerships.actions.pool_shares import record_share
from partnerships.models import CapacityPool, Objective, Organisation, Person, Quarter, ValueRating
from scoring.caveats import caveats_of
from scoring.engine import solve
from scoring.engine.criteria import CHARACTERISTICS
from scoring.runner import Frozen, freeze
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


def frozen(organisation: Organisation) -> Frozen:
    return freeze(organisation, on=timezone.localdate(), draws=20)


def share(organisation: Organisation, lead: Person, percent: str, first: Quarter, last: Quarter | None = None) -> None:
    pool: CapacityPool = organisation.capacity_pools.get(code="executive")
    facts: dict[str, Any] = {"pool": pool, "shared_with": "Two trusts", "percent": Decimal(percent)}
    record_share(organisation=organisation, by=lead, from_quarter=first, until_quarter=last, **facts)


def executive_days(organisation: Organisation) -> float:
    return float(next(one["days"] for one in frozen(organisation).document["pools"] if one["id"] == "executive"))


def test_of_a_shared_pool_our_share_is_frozen() -> None:
    organisation, lead, _ = portfolio(2, days=40)
    this = Quarter.containing(timezone.localdate())
    share(organisation, lead, "37.5", this)
    pool = next(one for one in frozen(organisation).document["pools"] if one["id"] == "executive")
    assert (pool["days"], pool["reserve"]) == (15.0, 0.1)
    assert solve(frozen(organisation).document)["available"]["executive"] == 13.5


def test_days_of_an_earlier_quarter_are_shared_as_agreed_for_this_one() -> None:
    organisation, lead, _ = portfolio(2, days=40)
    this = Quarter.containing(timezone.localdate())
    organisation.capacity_quarters.update(quarter=this.previous().first_day)
    share(organisation, lead, "10", this.previous(), this.previous())
    assert executive_days(organisation) == 40.0
    share(organisation, lead, "50", this)
    assert executive_days(organisation) == 20.0


def test_a_share_is_frozen_to_the_thousandth_of_a_day() -> None:
    organisation, lead, _ = portfolio(2, days=40)
    organisation.capacity_quarters.update(days=Decimal("10.01"))
    share(organisation, lead, "33.33", Quarter.containing(timezone.localdate()))
    assert executive_days(organisation) == 3.336


def test_the_cost_of_change_is_frozen_only_where_there_is_one() -> None:
    organisation, lead, _ = portfolio(3, days=10)
    free = frozen(organisation)
    assert "cost_of_change" not in free.document
    set_cost_of_change(organisation=organisation, by=lead, up=Decimal(0), down=Decimal(0))
    assert frozen(organisation).document == free.document
    set_cost_of_change(organisation=organisation, by=lead, up=Decimal("0.5"), down=Decimal("2.25"))
    costly = frozen(organisation)
    assert costly.document["cost_of_change"] == {"up": 0.5, "down": 2.25}
    assert solve(costly.document)["total_value"] < solve(free.document)["total_value"]


def test_a_ranking_is_scored_and_objectives_added_later_count_as_last_and_it_says_so() -> None:
    organisation, lead, _ = portfolio(3)
    ids = dict(organisation.objectives.values_list("code", "pk"))
    places = {ids["patients"]: 1, ids["equity"]: 2, ids["staff"]: 2, ids["money"]: 3}
    set_ranking(organisation=organisation, by=lead, objective_places=places, way_places={})
    inputs = frozen(organisation)
    assert inputs.document["weights"][0]["ranking"] == {"objectives": ["patients", ["equity", "staff"], "money"]}
    assert inputs.assumptions["equal_weights"] is False
    assert inputs.assumptions["ranked_late"] == []
    change_objectives(
        organisation=organisation, by=lead, changes={}, added={"name": "Greener", "top_of_range": "Net zero"}
    )
    later = frozen(organisation)
    assert later.document["weights"][0]["ranking"]["objectives"][-2:] == ["money", "greener"]
    result = solve(later.document)
    assert result["status"] == "optimal"
    assert "Somebody ranked what matters before Greener was added: for them it counts as last." in caveats_of(
        later.assumptions, result["partnerships"]
    )


def test_how_readiness_follows_from_a_survey_is_frozen_with_its_version() -> None:
    organisation, _, _ = portfolio(2)
    inputs, rule = frozen(organisation), readiness_rule()
    assert inputs.document["readiness"] == {"p_min": rule.least, "weights": dict(rule.weights)}
    assert inputs.assumptions["readiness_rule"] == rule.version == CURRENT_RULE
    result = solve(inputs.document)
    left_out = {key: value for key, value in inputs.document.items() if key != "readiness"}
    assert solve(left_out) == result  # the engine's defaults are those of the rule in force


def test_the_engine_knows_the_characteristics_of_every_instrument_in_their_order() -> None:
    for version in INSTRUMENTS.glob("*.json"):
        assert tuple(one.code for one in instrument(version.stem).characteristics) == CHARACTERISTICS


def test_only_the_memory_of_the_run_before_is_left_out_of_what_was_entered() -> None:
    typed = '"previous_confidence":"clear", \\"previous_confidence\\":\\"open\\",'
    memory = {"previous_confidence": "clear", "previous_level": "keep-in-touch"}
    first = {"id": "a", "name": typed, **memory, "ratings": []}
    plain = {key: value for key, value in first.items() if key not in memory}
    was, remembers, renamed = (
        Frozen({"partnerships": [one]}, {"on": "2026-11-22"}) for one in (plain, first, {**plain, "name": "Alliance"})
    )
    assert was.entered_hash == remembers.entered_hash != renamed.entered_hash
    assert was.inputs_hash != remembers.inputs_hash
    assert Frozen(was.document, {"on": "2026-11-23"}).entered_hash == was.entered_hash
    assert Frozen(was.document, {"on": "2026-11-22", "unrated": ["a"]}).entered_hash != was.entered_hash


@pytest.mark.django_db(transaction=True)
def test_what_is_frozen_is_what_stood_at_one_moment() -> None:
    organisation, _, _ = portfolio(2)
    before = frozen(organisation).document
    with ThreadPoolExecutor(1) as somebody_else, connection.execute_wrapper(_meanwhile(somebody_else, organisation)):
        during = frozen(organisation).document
    assert during == before
    after = frozen(organisation).document
    assert after["objectives"][-1]["id"] == "greener"
    assert after["partnerships"][0]["ratings"][-1]["objective"] == "greener"


def _meanwhile(somebody_else: ThreadPoolExecutor, organisation: Organisation) -> Callable[..., Any]:
    """Between the look at objectives and the one at ratings, somebody adds an objective and rates by it."""

    def rate_by_a_new_objective() -> None:
        new = Objective.objects.create(organisation=organisation, code="greener", name="Greener", position=99)
        first = organisation.participations.order_by("partnership__slug")[0]
        way = organisation.ways_of_creating_value.all()[0]
        ValueRating.objects.create(organisation=organisation, participation=first, objective=new, way=way)
        connection.close()

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if 'FROM "partnerships_valuerating"' in sql and not organisation.objectives.filter(code="greener").exists():
            somebody_else.submit(rate_by_a_new_objective).result()
        return execute(sql, *rest)

    return watch
