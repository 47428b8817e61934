"""Years from April to March."""

from __future__ import annotations

import datetime

import pytest

from decisions.financial_years import FinancialYear, years_since


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (datetime.date(2026, 3, 31), "2025/26"),
        (datetime.date(2026, 4, 1), "2026/27"),
        (datetime.date(2027, 1, 1), "2026/27"),
        (datetime.date(1999, 12, 31), "1999/00"),
    ],
)
def test_a_year_goes_from_april_to_march(day: datetime.date, year: str) -> None:
    found = FinancialYear.containing(day)
    assert str(found) == year
    assert day in found
    assert found.first_day - datetime.timedelta(days=1) not in found
    assert found.last_day in found
    assert found.last_day + datetime.timedelta(days=1) not in found


def test_every_year_since_a_day_is_told_the_newest_first() -> None:
    today = datetime.date(2026, 11, 30)
    assert [str(one) for one in years_since(datetime.date(2025, 3, 1), today)] == ["2026/27", "2025/26", "2024/25"]
    assert [str(one) for one in years_since(None, today)] == ["2026/27"]
    assert [str(one) for one in years_since(datetime.date(2030, 1, 1), today)] == ["2026/27"]
