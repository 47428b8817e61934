"""What is asked of each capacity pool in a quarter, against what it has to give."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from partnerships.models import AdjustedDays, CapacityPool, CapacityQuarter, Organisation, PoolShare, Quarter
from partnerships.models.adjustments import NOTHING_ADJUSTED, Adjusted
from partnerships.portfolio import days_asked


@dataclass(frozen=True)
class PoolBalance:
    """Days a quarter: asked at today's levels, all that we have, and what is left once a reserve is kept back, days
    are set aside for something else and others are freed (``adjusted``).

    ``total`` is all that the pool has, ``days`` our part of it: the same, unless the pool is shared and ``share`` says
    how. ``total``, ``days`` and ``available`` are None where nobody has recorded the quarter.
    """

    pool: CapacityPool
    asked: Decimal
    days: Decimal | None
    available: Decimal | None
    reserve_percent: Decimal | None
    total: Decimal | None = None
    share: PoolShare | None = None
    adjusted: Adjusted = NOTHING_ADJUSTED

    @property
    def reserve(self) -> Decimal:
        if self.days is None or self.reserve_percent is None:
            return Decimal(0)
        return self.days * self.reserve_percent / 100

    @property
    def short(self) -> Decimal:
        """Days set aside beyond those that there are; 0 where they fit, or where nobody knows how many there are."""
        if self.days is None:
            return Decimal(0)
        return max(self.adjusted.set_aside - self.adjusted.freed - (self.days - self.reserve), Decimal(0))

    @property
    def set_aside(self) -> Decimal:
        """Days set aside, as far as there are that many."""
        return self.adjusted.set_aside - self.short

    @property
    def over(self) -> Decimal:
        """Days asked beyond what is available; 0 where they fit, or where nobody knows."""
        return Decimal(0) if self.available is None else max(self.asked - self.available, Decimal(0))

    @property
    def left(self) -> Decimal:
        return Decimal(0) if self.available is None else max(self.available - self.asked, Decimal(0))

    def _drawn(self, days: Decimal) -> float:
        """A length in per cent of the longer of the two bars."""
        longest = max(self.asked, (self.days or Decimal(0)) + self.adjusted.freed)
        return round(float(100 * days / longest), 2) if longest else 0.0

    @property
    def asked_drawn(self) -> float:
        return self._drawn(self.asked)

    @property
    def over_drawn(self) -> float:
        return self._drawn(self.over)

    @property
    def available_drawn(self) -> float:
        return self._drawn(self.available or Decimal(0))

    @property
    def reserve_drawn(self) -> float:
        return self._drawn(self.reserve)

    @property
    def set_aside_drawn(self) -> float:
        return self._drawn(self.set_aside)

    @property
    def set_aside_from(self) -> float:
        """Where the days set aside begin in the bar: behind those available."""
        return self.available_drawn

    @property
    def reserve_from(self) -> float:
        return self._drawn((self.available or Decimal(0)) + self.set_aside)


def pool_balances(organisation: Organisation, quarter: Quarter) -> list[PoolBalance]:
    asked = days_asked(organisation)
    recorded = {row.pool_id: row for row in organisation.capacity_quarters.filter(quarter=quarter.first_day)}
    shares = {share.pool_id: share for share in organisation.pool_shares.in_quarter(quarter)}
    adjusted = adjusted_in(organisation.adjusted_days.that_may_count(), quarter, timezone.localdate())
    return [
        _balance(
            pool,
            asked.get(pool.pk, Decimal(0)),
            recorded.get(pool.pk),
            shares.get(pool.pk),
            adjusted.get(pool.pk, NOTHING_ADJUSTED),
        )
        for pool in organisation.capacity_pools.all()
    ]


def adjusted_in(rows: Iterable[AdjustedDays], quarter: Quarter, today: datetime.date) -> dict[int, Adjusted]:
    """By the id of the pool, what counts in a quarter as it is known today; a pool of which nothing is set aside or
    freed is absent.
    """
    by_pool = defaultdict(list)
    for row in rows:
        by_pool[row.pool_id].append(row)
    found = {pool: Adjusted.of(some, quarter, today) for pool, some in by_pool.items()}
    return {pool: one for pool, one in found.items() if one.rows}


def _balance(
    pool: CapacityPool, asked: Decimal, row: CapacityQuarter | None, share: PoolShare | None, adjusted: Adjusted
) -> PoolBalance:
    if row is None:
        return PoolBalance(pool, asked, None, None, None, share=share, adjusted=adjusted)
    ours = row.days if share is None else share.of(row.days)
    available = adjusted.left_of(ours * (100 - row.reserve_percent) / 100)
    return PoolBalance(pool, asked, ours, available, row.reserve_percent, row.days, share, adjusted)
