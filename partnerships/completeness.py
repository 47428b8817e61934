"""What a partnership's record still lacks: what it needs to become active, and what its score would rest on."""

from __future__ import annotations

from dataclasses import dataclass

from partnerships.models import Participation


@dataclass(frozen=True)
class Missing:
    """Something not recorded yet: in words, the section of the edit page where it goes, and whether it holds up."""

    words: str
    section: str
    needed_to_be_active: bool = False


def needed_to_be_active(participation: Participation) -> list[Missing]:
    """What is missing without which it cannot be active; nothing is read but the row itself."""
    missing = []
    if not participation.patient_benefit.strip():
        missing.append(Missing("benefit to patients", "", needed_to_be_active=True))
    if participation.level_id is None:
        missing.append(Missing("today’s level", "", needed_to_be_active=True))
    return missing


def what_is_missing(participation: Participation) -> list[Missing]:
    """Reads the participation's days and ratings; prefetch them where it is asked of many (``for_list``)."""
    missing = needed_to_be_active(participation)
    if not participation.purpose.strip():
        missing.append(Missing("purpose", ""))
    if not participation.days_needed.all():
        missing.append(Missing("days", "days/"))
    ratings = participation.value_ratings.all()
    if not ratings:
        missing.append(Missing("value", "ratings/"))
    elif any(rating.likely is None for rating in ratings):
        missing.append(Missing("a rating of every claim", "ratings/"))
    return missing
