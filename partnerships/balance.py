"""What is asked of each capacity pool in a quarter, against what it has to give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from partnerships.models import CapacityPool, CapacityQuarter, Organisation, PoolShare, Quarter
from partnerships.portfolio import days_asked


@dataclass(frozen=True)
class PoolBalance:
    """Days a quarter: asked at today's levels, all that we have, and what is left once a reserve is kept back.

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

    @property
    def reserve(self) -> Decimal:
        return self.days - self.available if self.days is not None and self.available is not None else Decimal(0)

    @property
    def over(self) -> Decimal:
        """Days asked beyond what is available; 0 where they fit, or where nobody knows."""
        return Decimal(0) if self.available is None else max(self.asked - self.available, Decimal(0))

    @property
    def left(self) -> Decimal:
        return Decimal(0) if self.available is None else max(self.available - self.asked, Decimal(0))

    def _drawn(self, days: Decimal) -> float:
        """A length in per cent of the longer of the two bars."""
        longest = max(self.asked, self.days or Decimal(0))
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


def pool_balances(organisation: Organisation, quarter: Quarter) -> list[PoolBalance]:
    asked = days_asked(organisation)
    recorded = {row.pool_id: row for row in organisation.capacity_quarters.filter(quarter=quarter.first_day)}
    shares = {share.pool_id: share for share in organisation.pool_shares.in_quarter(quarter)}
    return [
        _balance(pool, asked.get(pool.pk, Decimal(0)), recorded.get(pool.pk), shares.get(pool.pk))
        for pool in organisation.capacity_pools.all()
    ]


def _balance(pool: CapacityPool, asked: Decimal, row: CapacityQuarter | None, share: PoolShare | None) -> PoolBalance:
    if row is None:
        return PoolBalance(pool, asked, None, None, None, share=share)
    ours = row.days if share is None else share.of(row.days)
    available = ours * (100 - row.reserve_percent) / 100
    return PoolBalance(pool, asked, ours, available, row.reserve_percent, row.days, share)
