"""When people are reminded: on which days of a survey, and at which hours of a day.

A reminder is work, so it comes when people are at work: from Monday to Friday, from 08:00 until 18:00 in London. Public
holidays are not known here.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from zoneinfo import ZoneInfo

from diagnostics.models.reminders import ReminderKind

LONDON = ZoneInfo("Europe/London")
FIRST_HOUR, LAST_HOUR = 8, 18
DAYS_BEFORE_THE_LAST = 2
SATURDAY = 5
DAY = datetime.timedelta(days=1)


def is_quiet(now: datetime.datetime) -> bool:
    """Whether nobody is written to at this moment."""
    there = now.astimezone(LONDON)
    return is_weekend(there.date()) or not FIRST_HOUR <= there.hour < LAST_HOUR


def is_weekend(day: datetime.date) -> bool:
    return day.weekday() >= SATURDAY


def next_letters(now: datetime.datetime) -> datetime.date:
    """The day on which people can be written to next."""
    there = now.astimezone(LONDON)
    day = there.date() + DAY if there.hour >= LAST_HOUR else there.date()
    return _weekday(day, step=DAY)


def reminder_days(
    opens_on: datetime.date,
    closes_on: datetime.date,
    kinds: Collection[str],
    *,
    more_time_from: datetime.date | None = None,
) -> dict[ReminderKind, datetime.date]:
    """The day of each of these reminders, the earlier first; halfway is in the middle of the time from
    ``more_time_from``, where there is more.

    What falls on a weekend moves: halfway to the Monday after it, the one before the last day to the Friday before. One
    that would come on the day of the invitation or before is left out, and so is halfway where the other is no later.
    """
    days: dict[ReminderKind, datetime.date] = {}
    if ReminderKind.HALFWAY in kinds:
        since = more_time_from or opens_on
        days[ReminderKind.HALFWAY] = _weekday(since + (closes_on - since) // 2, step=DAY)
    if ReminderKind.BEFORE_LAST_DAY in kinds:
        days[ReminderKind.BEFORE_LAST_DAY] = _weekday(closes_on - DAYS_BEFORE_THE_LAST * DAY, step=-DAY)
    days = {kind: day for kind, day in days.items() if opens_on < day <= closes_on}
    last = days.get(ReminderKind.BEFORE_LAST_DAY)
    if last is not None and days.get(ReminderKind.HALFWAY, opens_on) >= last:
        del days[ReminderKind.HALFWAY]
    return days


def _weekday(day: datetime.date, *, step: datetime.timedelta) -> datetime.date:
    while is_weekend(day):
        day += step
    return day
