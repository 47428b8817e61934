"""The portfolio as its pages show it: each participation with its days at today's level and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from partnerships.completeness import Missing, what_is_missing
from partnerships.estimates import Estimate, recorded_estimates, with_suggestions
from partnerships.models import CapacityPool, EngagementLevel, Organisation, Participation


@dataclass(frozen=True)
class PoolDays:
    """Days a quarter from one pool at one level; None where nothing tells."""

    pool: CapacityPool
    estimate: Estimate | None


@dataclass(frozen=True)
class PortfolioRow:
    participation: Participation
    days: tuple[PoolDays, ...]
    missing: tuple[Missing, ...]

    @property
    def is_suggested(self) -> bool:
        """Nobody has recorded days at today's level: all that stands here is worked out from another level."""
        return bool(self.days) and all(one.estimate and one.estimate.is_suggested for one in self.days)


def days_today(
    participation: Participation, levels: list[EngagementLevel], pools: list[CapacityPool]
) -> tuple[PoolDays, ...]:
    """Days from each pool at today's level; a pool without any is left out, and so is all of it without a level."""
    if participation.level_id is None:
        return ()
    grid = with_suggestions(recorded_estimates(participation.days_needed.all()), levels, pools)
    at_level = (PoolDays(pool, grid[participation.level_id, pool.pk]) for pool in pools)
    return tuple(days for days in at_level if days.estimate and days.estimate.high > 0)


def portfolio_rows(organisation: Organisation, participations: Iterable[Participation]) -> list[PortfolioRow]:
    """Rows for ``participations``, which ``for_list`` has prefetched."""
    levels, pools = list(organisation.engagement_levels.all()), list(organisation.capacity_pools.all())
    return [PortfolioRow(one, days_today(one, levels, pools), tuple(what_is_missing(one))) for one in participations]


def days_asked(organisation: Organisation) -> dict[int, Decimal]:
    """Likely days a quarter that active participations ask of each pool at today's levels, by the pool's id."""
    levels, pools = list(organisation.engagement_levels.all()), list(organisation.capacity_pools.all())
    asked = dict.fromkeys((pool.pk for pool in pools), Decimal(0))
    for participation in organisation.participations.active().for_list():
        for days in days_today(participation, levels, pools):
            asked[days.pool.pk] += days.estimate.likely if days.estimate else 0
    return asked
