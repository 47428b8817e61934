"""Two people, or two tabs, editing one thing: the second to save is told, and nothing is overwritten unseen.

A form carries the version of what it was filled from. The action that saves it locks the row, works the version out
again from what is stored, and refuses where they differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from partnerships.models import CostOfChange, Organisation, Participation, Person, PortfolioRule, Quarter
from partnerships.models.record_entries import RecordEntry

ACCOUNT_FIELDS = (
    "purpose",
    "patient_benefit",
    "end_goal",
    "what_it_is_not",
    "stage",
    "governance_form",
    "sponsor",
    "lead",
    "started_on",
    "ended_on",
    "level_id",
)
SHARED_FIELDS = ("name", "kind_id", "started_on", "ended_on")
DUTY_FIELDS = ("mandate_level_id", "mandate_source", "harm_of_declining", "harm_reviewed_at")


class ChangedMeanwhile(Exception):  # noqa: N818  (it names what happened, and is no fault)
    """What a form was filled from is not what is stored now."""


def version_of(values: Iterable[object]) -> str:
    """A short name for exactly these values, in this order."""
    return hashlib.sha256(json.dumps(list(values), default=str).encode()).hexdigest()[:16]


def check_version(expected: str, now: str) -> None:
    if expected != now:
        raise ChangedMeanwhile


def account_version(participation: Participation) -> str:
    ours = [getattr(participation, name) for name in ACCOUNT_FIELDS]
    return version_of(ours + [getattr(participation.partnership, name) for name in SHARED_FIELDS])


def duty_version(participation: Participation) -> str:
    return version_of(getattr(participation, name) for name in DUTY_FIELDS)


def days_version(participation: Participation) -> str:
    rows = participation.days_needed.order_by("level_id", "pool_id")
    return version_of(rows.values_list("level_id", "pool_id", "low", "likely", "high"))


def ratings_version(participation: Participation) -> str:
    rows = participation.value_ratings.order_by("objective_id", "way_id")
    return version_of(rows.values_list("objective_id", "way_id", "low", "likely", "high", "evidence"))


def pools_version(organisation: Organisation) -> str:
    return version_of(organisation.capacity_pools.order_by("pk").values_list("pk", "name", "description"))


def levels_version(organisation: Organisation) -> str:
    rows = organisation.engagement_levels.order_by("pk")
    return version_of(rows.values_list("pk", "name", "share_of_value", "share_of_days", "load"))


def criteria_version(organisation: Organisation) -> str:
    objectives = organisation.objectives.order_by("pk").values_list("pk", "name", "description", "top_of_range")
    ways = organisation.ways_of_creating_value.order_by("pk").values_list("pk", "name", "description", "top_of_range")
    return version_of([*objectives, *ways])


def capacity_version(organisation: Organisation, quarter: Quarter) -> str:
    rows = organisation.capacity_quarters.filter(quarter=quarter.first_day).order_by("pool_id")
    return version_of(rows.values_list("pool_id", "days", "reserve_percent"))


def weights_version(organisation: Organisation, person: Person) -> str:
    objectives = organisation.objective_weights.filter(decision_maker=person).order_by("objective_id")
    ways = organisation.way_weights.filter(decision_maker=person).order_by("way_id")
    ranks = organisation.objective_ranks.filter(decision_maker=person).order_by("objective_id")
    way_ranks = organisation.way_ranks.filter(decision_maker=person).order_by("way_id")
    points = [*objectives.values_list("objective_id", "points"), *ways.values_list("way_id", "points")]
    places = [*ranks.values_list("objective_id", "place"), "ways", *way_ranks.values_list("way_id", "place")]
    return version_of([*points, "ranks", *places])


def rule_version(rule: PortfolioRule) -> str:
    ours = [rule.level_id, rule.other_level_id, rule.at_least, rule.partnership_kind_id, rule.points, rule.source]
    return version_of([*ours, *rule.members.order_by("position").values_list("participation_id", flat=True)])


def cost_of_change_version(organisation: Organisation) -> str:
    return version_of(CostOfChange.objects.filter(organisation=organisation).values_list("up", "down"))


def sharing_version(organisation: Organisation) -> str:
    rows = organisation.sharings.in_force().order_by("pk")
    return version_of(rows.values_list("participation_id", "audience", "system_id", "with_decisions"))


def entry_version(entry: RecordEntry) -> str:
    return version_of(getattr(entry, fact) for fact in entry.FACTS)
