"""Numbers as a result carries them: plain JSON types, rounded to nine decimals."""

from __future__ import annotations

from typing import Any

from scoring.engine.portfolio import Portfolio
from scoring.engine.problem import Integers
from scoring.engine.reading import MILLIDAYS

Json = dict[str, Any]
DECIMALS = 9


def plain(value: float) -> float:
    """A float of plain Python, rounded, never −0."""
    return round(float(value), DECIMALS) + 0.0


def days_by_pool(portfolio: Portfolio, days: Integers) -> Json:
    """Days by the id of their pool, from thousandths in the order of the pools."""
    return {pool.id: int(amount) / MILLIDAYS for pool, amount in zip(portfolio.pools, days.tolist(), strict=True)}
