"""How far from today a day may lie that is entered for later."""

from __future__ import annotations

import datetime

FARTHEST = datetime.timedelta(days=5 * 366)  # beyond it, or over more than it, a year is most likely mistyped


def too_far(day: datetime.date | None, today: datetime.date) -> str:
    """What to say of a day whose year is most likely mistyped; empty where it is near enough, or missing."""
    if day is None or day <= today + FARTHEST:
        return ""
    return "This is more than five years from today. Check the year."
