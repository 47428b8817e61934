"""Having a survey open by itself on a day, or not."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from diagnostics.actions.issuing import RoundRefusedError
from diagnostics.models import Round
from diagnostics.opening import held_draft, why_none_opens_by_itself
from diagnostics.reminder_days import is_weekend
from partnerships.access import check_can_edit
from partnerships.models import Person


@transaction.atomic
def set_opening_day(*, round: Round, day: datetime.date | None, by: Person) -> Round:
    """Have a draft open by itself on this day and send people their links then; None takes that back.

    Raises ValidationError for a day that cannot be, and RoundRefusedError where the survey is not being prepared any
    more, or this service can send nobody a link.
    """
    check_can_edit(by, round.organisation)
    held = held_draft(round)
    if held is None:
        raise RoundRefusedError("This survey has opened already, or was discarded. Nothing was changed.")
    if day is not None:
        check_opening_day(day, closes_on=held.closes_on)
        if reason := why_none_opens_by_itself():
            raise RoundRefusedError(reason)
    held.opens_by_itself_on, held.opening_set_by = day, by if day else None
    held.save(update_fields=["opens_by_itself_on", "opening_set_by"])
    return held


def check_opening_day(day: datetime.date, *, closes_on: datetime.date) -> None:
    """Raise ValidationError unless a survey can open by itself on this day: later than today, when people are written
    to, and with a day left to answer.
    """
    if day <= timezone.localdate():
        raise ValidationError("Enter a day from tomorrow on. To open the survey today, use the button on its page.")
    if day > closes_on:
        raise ValidationError(
            f"Enter a day up to the last day to answer, which is {closes_on:%-d %B %Y}, or change that first."
        )
    if is_weekend(day):
        raise ValidationError(f"{day:%-d %B %Y} is a {day:%A}. Enter a weekday: at weekends nobody is written to.")
