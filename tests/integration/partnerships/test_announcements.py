"""Whatever a score rests on says so when it changes, once the change is committed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import TestCase

from partnerships.actions.capacity import PoolCapacity, change_pools, copy_last_quarter, set_capacity
from partnerships.actions.cost_of_change import set_cost_of_change
from partnerships.actions.criteria import change_objectives, change_ways, set_ranking, set_weights
from partnerships.actions.days import record_days
from partnerships.actions.levels import change_levels
from partnerships.actions.participations import add_participation, change_account, change_state, set_duty
from partnerships.actions.pool_shares import record_share, remove_share
from partnerships.actions.ratings import Rating, record_ratings
from partnerships.actions.rules import RuleFacts, add_rule, change_rule, remove_rule
from partnerships.estimates import range_around
from partnerships.imports.portfolio.reading import read_table
from partnerships.imports.portfolio.writing import import_table, rehearse
from partnerships.models import ParticipationState, PartnershipKind, Quarter, RuleKind
from partnerships.signals import inputs_changed
from tests.integration.partnerships.conftest import Desk

SPRING = Quarter(datetime.date(2026, 4, 1))
ROWS = b'Name,Kind,"Executive days at Sustain, likely"\r\nA,Council partnership,3\r\nB,Council partnership,4\r\n'


@pytest.fixture
def heard() -> Iterator[list[str]]:
    codes: list[str] = []

    def listen(organisation: Any, **_: Any) -> None:
        codes.append(organisation.code)

    inputs_changed.connect(listen)
    yield codes
    inputs_changed.disconnect(listen)


def here(desk: Desk) -> dict[str, Any]:
    return {"organisation": desk.organisation, "by": desk.lead}


def ours(desk: Desk) -> dict[str, Any]:
    return {"participation": desk.participation(), "by": desk.lead}


def days(desk: Desk) -> None:
    cell = (desk.organisation.engagement_levels.all()[0].pk, desk.organisation.capacity_pools.all()[0].pk)
    record_days(**ours(desk), estimates={cell: range_around(Decimal(1))})


def rating(desk: Desk) -> None:
    claim = (desk.organisation.objectives.all()[0].pk, desk.organisation.ways_of_creating_value.all()[0].pk)
    record_ratings(**ours(desk), ratings={claim: Rating(None, None, None)})


def duty(desk: Desk) -> None:
    facts: dict[str, Any] = {"mandate_level": None, "mandate_source": "", "harm_is_reviewed": True}
    set_duty(**ours(desk), harm_of_declining=Decimal(1), **facts)


def rule(desk: Desk) -> None:
    members = (desk.participation().pk, desk.participation().pk)
    sustain = desk.organisation.engagement_levels.get(code="sustain").pk
    facts = RuleFacts(kind=RuleKind.NOT_BOTH, level=sustain, source="An order", members=members)
    add_rule(**here(desk), facts=facts)


def rule_changed(desk: Desk) -> None:
    rule(desk)
    present = desk.organisation.rules.get()
    members = tuple(present.members.values_list("participation_id", flat=True))
    facts = RuleFacts(kind=RuleKind.NOT_BOTH, level=present.level_id, source="Another order", members=members)
    change_rule(rule=present, by=desk.lead, facts=facts)


def rule_removed(desk: Desk) -> None:
    rule(desk)
    remove_rule(rule=desk.organisation.rules.get(), by=desk.lead)


def weights(desk: Desk) -> None:
    points = {desk.organisation.objectives.all()[0].pk: Decimal(1)}
    set_weights(**here(desk), objective_points=points, way_points={})


def ranking(desk: Desk) -> None:
    set_ranking(**here(desk), objective_places={one.pk: 1 for one in desk.organisation.objectives.all()}, way_places={})


def share(desk: Desk) -> None:
    pool = desk.organisation.capacity_pools.all()[0]
    agreed: dict[str, Any] = {"shared_with": "A trust", "percent": Decimal(1), "until_quarter": None}
    record_share(**here(desk), pool=pool, from_quarter=SPRING, **agreed)


def share_removed(desk: Desk) -> None:
    share(desk)
    remove_share(share=desk.organisation.pool_shares.get(), by=desk.lead)


def capacity(desk: Desk) -> None:
    amounts = {desk.organisation.capacity_pools.all()[0].pk: PoolCapacity(Decimal(1), Decimal(10))}
    set_capacity(**here(desk), quarter=SPRING, amounts=amounts)


def copying(desk: Desk) -> None:
    capacity(desk)
    assert copy_last_quarter(**here(desk), quarter=SPRING.next()) == 1


CHANGES: dict[str, Callable[[Desk], Any]] = {
    "a new partnership": lambda desk: add_participation(
        **here(desk), name="New", kind=PartnershipKind.objects.get(code="council")
    ),
    "its account": lambda desk: change_account(**ours(desk), account={"sponsor": "A"}),
    "its state": lambda desk: change_state(**ours(desk), to=ParticipationState.ENDED),
    "its duty": duty,
    "its days": days,
    "its ratings": rating,
    "capacity": capacity,
    "capacity copied": copying,
    "pools": lambda desk: change_pools(**here(desk), changes={}, added={"name": "Digital"}),
    "levels": lambda desk: change_levels(**here(desk), changes={}),
    "objectives": lambda desk: change_objectives(**here(desk), changes={}),
    "ways": lambda desk: change_ways(**here(desk), changes={}),
    "weights": weights,
    "a ranking": ranking,
    "a share of a pool": share,
    "a share removed": share_removed,
    "the cost of change": lambda desk: set_cost_of_change(**here(desk), up=Decimal(1), down=Decimal(0)),
    "a rule": rule,
    "a rule changed": rule_changed,
    "a rule removed": rule_removed,
    "an import": lambda desk: import_table(**here(desk), table=read_table(ROWS)),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_a_change_is_said_once(desk: Desk, heard: list[str], what: str) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        CHANGES[what](desk)
    assert heard == [desk.organisation.code]


def test_a_rehearsal_changes_nothing_and_says_nothing(desk: Desk, heard: list[str]) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert len(rehearse(**here(desk), table=read_table(ROWS)).new) == 2
    assert heard == []
    assert not desk.organisation.participations.exists()


def test_copying_nothing_says_nothing(desk: Desk, heard: list[str]) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert copy_last_quarter(**here(desk), quarter=SPRING) == 0
    assert heard == []
