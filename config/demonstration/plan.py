"""The plan of the demonstration to become a better partner, written through the actions of the pages."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from config.demonstration.system import by_short_name
from decisions.actions import (
    Considered,
    Planned,
    Proposed,
    add_action,
    consider_option,
    move_action,
    plan_version,
    propose_practice,
)
from decisions.models import Characteristic, PlanAction, PlanState
from partnerships.models import Organisation, Person

FILE = Path(__file__).parent / "data" / "plan.toml"
Json = Mapping[str, Any]


def write_plan(organisation: Organisation, *, by: Person) -> None:
    with FILE.open("rb") as file:
        plan = tomllib.load(file)
    pools = {pool.code: pool.pk for pool in organisation.capacity_pools.all()}
    for one in plan["action"]:
        _add(organisation, one, pools, by)
    for one in plan["practice"]:
        owner, stop_by = Person.objects.get(email=one["owner"]), _ahead(one["stop_in_days"])
        proposed = Proposed(one["what"], one["why_it_costs"], owner, stop_by, _days(one, pools))
        propose_practice(organisation=organisation, by=by, proposed=proposed)
    for one in plan["option"]:
        considered = Considered(one["name"], _days(one, pools), Decimal(one["yearly_cost"]))
        consider_option(organisation=organisation, by=by, considered=considered)


def _add(organisation: Organisation, one: Json, pools: Mapping[str, int], by: Person) -> PlanAction:
    here = by_short_name(organisation)[one["partnership"]] if "partnership" in one else None
    action = add_action(
        organisation=organisation,
        by=by,
        planned=Planned(
            characteristic=Characteristic(one["characteristic"]),
            what=one["what"],
            owner=Person.objects.get(email=one["owner"]),
            begins_on=_ahead(-one["began_days_ago"]),
            due_on=_ahead(one["due_in_days"]),
            participation=here,
            days=_days(one, pools),
        ),
    )
    state = PlanState(one["state"])
    if state != PlanState.PLANNED:
        move_action(action=action, by=by, state=state, expected_version=plan_version(action))
    return action


def _days(one: Json, pools: Mapping[str, int]) -> dict[int, Decimal]:
    return {pools[code]: Decimal(days) for code, days in one["days"].items()}


def _ahead(days: int) -> datetime.date:
    """The day in so many days; in the past where they are negative."""
    return timezone.localdate() + datetime.timedelta(days=days)
