"""What a survey's page says of opening by itself: on which day, what keeps it, and whose link came by letter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from diagnostics.models import ReminderKind, Round, RoundState
from diagnostics.opening import why_it_waits, why_none_opens_by_itself
from diagnostics.reminded import DayOfReminders, by_day
from diagnostics.reminder_days import next_letters
from diagnostics.reminding import awaiting_their_letter


@dataclass(frozen=True)
class Opening:
    """``day`` is that on which it opens or opened by itself, if any; ``is_late`` where it should have opened by now.

    ``problem`` says what keeps a draft from opening and what to do; ``why_never`` why this service opens none by itself
    and sends no first letters. ``sent`` are the letters with links by day, and ``to_come`` how many are still to leave.
    """

    day: datetime.date | None
    is_late: bool
    problem: str
    why_never: str
    sent: list[DayOfReminders]
    to_come: int


def opening_of(round_: Round) -> Opening:
    now = timezone.now()
    day, today = round_.opens_by_itself_on, timezone.localdate(now)
    is_draft = round_.state == RoundState.DRAFT
    is_late = is_draft and day is not None and day <= today and next_letters(now) > day
    is_about_to = is_draft and day is not None
    return Opening(
        day=day,
        is_late=is_late,
        problem=why_it_waits(round_, today) if is_about_to else "",
        why_never=why_none_opens_by_itself(),
        sent=by_day(round_, Q(kind=ReminderKind.FIRST)) if day and not is_draft else [],
        to_come=_letters_to_come(round_) if round_.state == RoundState.OPEN else 0,
    )


def _letters_to_come(round_: Round) -> int:
    return awaiting_their_letter(round_).filter(email_failed_on=None).count()
