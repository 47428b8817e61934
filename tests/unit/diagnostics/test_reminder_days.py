"""On which days people are reminded, and at which hours nobody is."""

from __future__ import annotations

import datetime

import pytest

from diagnostics.models import ReminderKind
from diagnostics.reminder_days import is_quiet, reminder_days

HALFWAY, BEFORE = ReminderKind.HALFWAY, ReminderKind.BEFORE_LAST_DAY
BOTH = ReminderKind.values


def day(of_november: int) -> datetime.date:
    """1 November 2026 is a Sunday."""
    return datetime.date(2026, 11, of_november)


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "expected"),
    [
        (day(2), day(18), {HALFWAY: day(10), BEFORE: day(16)}),
        # halfway is a Saturday and moves to Monday, the other is a Sunday and moves back to Friday
        (day(2), day(27), {HALFWAY: day(16), BEFORE: day(25)}),
        (day(3), day(24), {HALFWAY: day(13), BEFORE: day(20)}),
        # halfway would come no earlier than the other
        (day(2), day(6), {BEFORE: day(4)}),
        (day(9), day(16), {HALFWAY: day(12), BEFORE: day(13)}),
        # nobody is reminded on the day they are asked, nor before
        (day(2), day(4), {HALFWAY: day(3)}),
        (day(2), day(3), {}),
        (day(6), day(8), {}),  # from a Friday to a Sunday: halfway would be a Monday, after the last day
    ],
)
def test_days(opens_on: datetime.date, closes_on: datetime.date, expected: dict[str, datetime.date]) -> None:
    assert reminder_days(opens_on, closes_on, BOTH) == expected


def test_only_what_is_chosen() -> None:
    assert reminder_days(day(2), day(18), [BEFORE]) == {BEFORE: day(16)}
    assert reminder_days(day(2), day(18), [HALFWAY]) == {HALFWAY: day(10)}
    assert reminder_days(day(2), day(18), []) == {}


def test_every_day_of_every_survey_is_a_weekday_within_it() -> None:
    for first in range(1, 15):
        for length in range(40):
            opens_on, closes_on = day(first), day(first) + datetime.timedelta(days=length)
            days = list(reminder_days(opens_on, closes_on, BOTH).values())
            assert all(opens_on < one <= closes_on and one.weekday() < 5 for one in days)
            assert days == sorted(set(days))


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-02T08:00+00:00", False),
        ("2026-11-02T07:59+00:00", True),
        ("2026-11-02T17:59+00:00", False),
        ("2026-11-02T18:00+00:00", True),
        ("2026-11-06T12:00+00:00", False),
        ("2026-11-07T12:00+00:00", True),
        ("2026-11-08T12:00+00:00", True),
        # in summer London is an hour ahead of Greenwich
        ("2026-07-06T07:00+00:00", False),
        ("2026-07-06T17:00+00:00", True),
    ],
)
def test_hours(moment: str, quiet: bool) -> None:
    assert is_quiet(datetime.datetime.fromisoformat(moment)) is quiet
