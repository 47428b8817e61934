"""A round in any state, with people who have answered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.utils import timezone

from diagnostics.actions import (
    GivenAnswer,
    PersonalLink,
    begin_with_handed_link,
    close_round,
    open_round,
    record_answers,
    record_place,
    respondent_with,
    start_round,
    submit_response,
)
from diagnostics.instrument import instrument
from diagnostics.invitees import Invitee
from diagnostics.keys import keys_of
from diagnostics.links import Link
from diagnostics.models import Invitation, Round, Subject
from partnerships.models import Participation, Person

ITEMS = tuple(instrument().item_by_code)


def people(number: int = 7) -> list[Invitee]:
    return [Invitee(f"Person {one}", f"person{one}@partner.example") for one in range(1, number + 1)]


def next_week() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=7)


def draft(
    participation: Participation, by: Person, number: int = 7, *, subject: Subject = Subject.PARTNERSHIP
) -> Round:
    return start_round(
        participation=participation, people=people(number), closes_on=next_week(), by=by, subject=subject
    )


def opened(
    participation: Participation, by: Person, number: int = 7, *, subject: Subject = Subject.PARTNERSHIP
) -> tuple[Round, list[PersonalLink]]:
    made = draft(participation, by, number, subject=subject)
    return made, open_round(round=made, by=by)


def answer(link: PersonalLink, value: int | Mapping[str, int | None], place: str = "lead") -> None:
    """Answer every item with ``value`` (or as the mapping says) and send it in."""
    respondent, round_ = respondent_with(link.secret)
    values = value if isinstance(value, Mapping) else dict.fromkeys(round_.instrument.item_by_code, value)
    record_place(respondent=respondent, place=place)
    # as a page gives them on which nothing was answered yet
    given = {item: GivenAnswer(value, shown=()) for item, value in values.items()}
    record_answers(respondent=respondent, answers=given, instrument=round_.instrument)
    submit_response(respondent=respondent)


def begun_with(secret: str) -> str:
    """Begin with a link that was handed out; the secret of the link with which its person goes on."""
    own = begin_with_handed_link(link=Link.with_secret(secret), form="a form", place="lead")
    invitation = Invitation.objects.select_related("round").get(link_hash=own.hash)
    return keys_of(invitation.round).secret_of(invitation)


def closed(
    participation: Participation,
    by: Person,
    values: Sequence[int | Mapping[str, int | None]],
    invited: int = 7,
    *,
    subject: Subject = Subject.PARTNERSHIP,
) -> Round:
    """A closed round in which the first respondents answered everything with ``values``."""
    made, links = opened(participation, by, invited, subject=subject)
    for link, value in zip(links, values, strict=False):
        answer(link, value)
    return close_round(round=made, by=by)
