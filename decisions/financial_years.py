"""Years as the NHS counts them: from the first of April to the last of March."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

APRIL = 4


@dataclass(frozen=True, order=True)
class FinancialYear:
    """Named by the calendar year in which it begins.

    >>> str(FinancialYear.containing(datetime.date(2027, 3, 31))), str(FinancialYear(1999))
    ('2026/27', '1999/00')
    """

    begins_in: int

    @classmethod
    def containing(cls, day: datetime.date) -> FinancialYear:
        return cls(day.year if day.month >= APRIL else day.year - 1)

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.begins_in, APRIL, 1)

    @property
    def last_day(self) -> datetime.date:
        return datetime.date(self.begins_in + 1, APRIL, 1) - datetime.timedelta(days=1)

    def __contains__(self, day: datetime.date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.begins_in}/{(self.begins_in + 1) % 100:02}"


def years_since(first: datetime.date | None, today: datetime.date) -> list[FinancialYear]:
    """Every year from the one of that day to this one, the newest first; this one alone where there is no day."""
    this = FinancialYear.containing(today)
    begins = FinancialYear.containing(first).begins_in if first else this.begins_in
    return [FinancialYear(year) for year in range(this.begins_in, min(begins, this.begins_in) - 1, -1)]
