"""What an organisation has entered, read once: one query for each table, however many partnerships there are.

Rows that come by the hundred (days, ratings) are read as plain values: a run needs their numbers and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from partnerships.estimates import Cell, Estimate
from partnerships.models import (
    AdjustedDays,
    CapacityPool,
    CapacityQuarter,
    EngagementLevel,
    Objective,
    Organisation,
    Participation,
    ParticipationState,
    PoolShare,
    WayOfCreatingValue,
)

OF_ACTIVE = {"participation__state": ParticipationState.ACTIVE}
# What a document says of a participation and its partnership; their long texts stay in the database.
FIELDS = (
    "organisation_id",
    "state",
    "level_id",
    "mandate_level_id",
    "mandate_source",
    "harm_of_declining",
    "harm_reviewed_at",
    "partnership__slug",
    "partnership__name",
    "partnership__kind_id",
)


class Rating(NamedTuple):
    """One claimed cell: the codes of its objective and way, and low, likely and high; None where not yet rated."""

    objective: str
    way: str
    numbers: tuple[Decimal, Decimal, Decimal] | None


@dataclass(frozen=True)
class Entered:
    """One organisation's lists and its active portfolio by slug; days and ratings by participation id."""

    levels: Sequence[EngagementLevel]
    objectives: Sequence[Objective]
    ways: Sequence[WayOfCreatingValue]
    pools: Sequence[CapacityPool]
    quarters: Sequence[CapacityQuarter]
    shares: Sequence[PoolShare]
    adjusted: Sequence[AdjustedDays]
    participations: Sequence[Participation]
    days: Mapping[int, Mapping[Cell, Estimate]]
    ratings: Mapping[int, Sequence[Rating]]

    @property
    def is_enough(self) -> bool:
        """Whether it can be scored: what ``steps_to_a_score`` asks, of rows already read."""
        has_days = any(one.likely > 0 for cells in self.days.values() for one in cells.values())
        return bool(self.participations and self.quarters and has_days and self.ratings)


def entered_by(organisation: Organisation) -> Entered:
    """Everything about days and value that an organisation has entered. Ten queries."""
    objectives, ways = list(organisation.objectives.all()), list(organisation.ways_of_creating_value.all())
    return Entered(
        levels=list(organisation.engagement_levels.all()),
        objectives=objectives,
        ways=ways,
        pools=list(organisation.capacity_pools.order_by("position", "code")),
        quarters=list(organisation.capacity_quarters.order_by()),
        shares=list(organisation.pool_shares.order_by("from_quarter")),
        adjusted=list(organisation.adjusted_days.that_may_count()),
        participations=list(
            organisation.participations.active()
            .select_related("partnership")
            .only(*FIELDS)
            .order_by("partnership__slug")
        ),
        days=_days(organisation),
        ratings=_ratings(organisation, objectives, ways),
    )


def _days(organisation: Organisation) -> dict[int, dict[Cell, Estimate]]:
    rows = organisation.days_needed.filter(**OF_ACTIVE).order_by()
    days: dict[int, dict[Cell, Estimate]] = defaultdict(dict)
    for participation, level, pool, low, likely, high in rows.values_list(
        "participation_id", "level_id", "pool_id", "low", "likely", "high"
    ):
        days[participation][level, pool] = Estimate(low, likely, high)
    return days


def _ratings(
    organisation: Organisation, objectives: Sequence[Objective], ways: Sequence[WayOfCreatingValue]
) -> dict[int, list[Rating]]:
    """In the order of the organisation's own lists."""
    codes = [{one.pk: one.code for one in found} for found in (objectives, ways)]
    places = [{one.code: place for place, one in enumerate(found)} for found in (objectives, ways)]
    rows = organisation.value_ratings.filter(**OF_ACTIVE).order_by()
    ratings: dict[int, list[Rating]] = defaultdict(list)
    for participation, objective, way, low, likely, high in rows.values_list(
        "participation_id", "objective_id", "way_id", "low", "likely", "high"
    ):
        numbers = None if low is None or likely is None or high is None else (low, likely, high)
        ratings[participation].append(Rating(codes[0][objective], codes[1][way], numbers))
    for found in ratings.values():
        found.sort(key=lambda one: (places[0][one.objective], places[1][one.way]))
    return ratings
