"""For whom a letter may be: the members of the partnership, and whether one of them has left; and whom they reach."""

from __future__ import annotations

import datetime

from decisions.models import Letter
from partnerships.models import Organisation, Participation, Person


def members_of(participation: Participation, day: datetime.date) -> list[Organisation]:
    """The other members on a day, by name. One query."""
    rows = participation.partnership.memberships.current_on(day).select_related("organisation")
    others = {one.organisation for one in rows if one.organisation_id != participation.organisation_id}
    return sorted(others, key=lambda one: (one.display_name.casefold(), one.pk))


def left_on(letter: Letter, day: datetime.date) -> str:
    """That whom it is for is no member by that day, as a sentence; empty where they are, or it is for no member."""
    if letter.recipient is None:
        return ""
    memberships = letter.participation.partnership.memberships.filter(organisation=letter.recipient)
    if memberships.current_on(day).exists():
        return ""
    last = memberships.order_by("-left_on").first()
    since = f" since {last.left_on:%-d %B %Y}" if last is not None and last.left_on is not None else ""
    name = letter.participation.partnership.display_name
    return f"{letter.recipient.display_name} is not a member of {name} any more{since}."


def how_to_reach(writer: Person, organisation: Organisation) -> str:
    """Under a letter that says that one would be glad to talk: with whom, and where."""
    address = ", ".join(filter(None, (organisation.display_name, organisation.postcode)))
    return f"You can reach {writer} at {writer.email}.\n{address}"
