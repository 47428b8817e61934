"""What a survey's page says about its reminders: on which days, how many went out, and of which nobody can tell."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from diagnostics.models import Reminder, ReminderKind, Round
from diagnostics.reminder_days import next_letters
from diagnostics.reminding import are_due, days_of, kinds_of


@dataclass(frozen=True)
class DayOfReminders:
    """Whose turn it was on one day: so many for certain, and of so many it is not known whether a letter left.

    Whoever of them had answered by then had no letter; how many that were is not said, here or anywhere.
    """

    day: datetime.date
    sent: int
    unsure: int


@dataclass(frozen=True)
class Reminders:
    """``chosen`` are the kinds, ``to_come`` the days that are still ahead, as the last day stands now."""

    chosen: list[ReminderKind]
    to_come: list[datetime.date]
    past: list[DayOfReminders]


def reminders_of(round_: Round) -> Reminders:
    today = timezone.localdate()
    chosen = kinds_of(round_)
    to_come = set(days_of(round_).values())
    if are_due(round_, today) and (soon := next_letters(timezone.now())) <= round_.closes_on:
        to_come.add(soon)
    past = by_day(round_, ~Q(kind=ReminderKind.FIRST))
    over = {one.day for one in past}
    return Reminders(chosen, sorted(day for day in to_come if day >= today and day not in over), past)


def by_day(round_: Round, kinds: Q) -> list[DayOfReminders]:
    """The letters of these kinds that a round has had, by day."""
    counted = (
        Reminder.objects.filter(kinds, invitation__round=round_)
        .order_by("taken_on")
        .values_list("taken_on", "sent")
        .annotate(people=Count("pk"))
    )
    days: dict[datetime.date, dict[bool, int]] = {}
    for day, sent, people in counted:
        days.setdefault(day, {})[sent] = people
    return [DayOfReminders(day, one.get(True, 0), one.get(False, 0)) for day, one in days.items()]
