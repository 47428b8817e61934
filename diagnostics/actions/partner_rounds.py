"""Preparing the two surveys of how good a partner an organisation is: one of its partners, one of its own people."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from diagnostics.actions.rounds import start_round
from diagnostics.invitees import Invitee
from diagnostics.models import Round, Subject
from partnerships.models import Participation, Person

Halves = Mapping[Subject, Sequence[Invitee]]
# How many others of each side have an open link.
Others = Mapping[Subject, int]
SIDES = {Subject.BY_PARTNERS: "partners", Subject.BY_US: "your own people"}


@transaction.atomic
def start_partner_rounds(
    *,
    asked: Mapping[Participation, Halves],
    closes_on: datetime.date,
    by: Person,
    reminders: Collection[str] = (),
    open_links: Mapping[Participation, Others] | None = None,
    opens_by_itself_on: datetime.date | None = None,
) -> list[Round]:
    """Prepare both halves of each partnership with the same days, or none at all; a half of nobody is left out.
    ``open_links`` says of which halves so many others are to have an open link.

    Raises ValidationError with a message for each half that cannot be, and where nobody is asked or somebody twice.
    """
    made: list[Round] = []
    problems: list[str] = []
    for participation, halves in asked.items():
        name, others = participation.partnership.display_name, (open_links or {}).get(participation, {})
        problems += [f"{name}: {message}" for message in problems_of(halves, others)]
        for subject, people in halves.items():
            try:
                if people or others.get(subject):
                    made.append(
                        start_round(
                            participation=participation,
                            people=people,
                            closes_on=closes_on,
                            by=by,
                            reminders=reminders,
                            subject=subject,
                            open_link_for=others.get(subject),
                            opens_by_itself_on=opens_by_itself_on,
                        )
                    )
            except ValidationError as problem:
                problems += [f"{name}, {SIDES[subject]}: {message}" for message in problem.messages]
    if problems:
        raise ValidationError(problems)
    return made


def problems_of(halves: Halves, others: Others) -> list[str]:
    """Why these two lists, and so many others, cannot be asked, taken together."""
    addresses = [{person.email.lower() for person in people} for people in halves.values()]
    if not any(addresses) and not any(others.values()):
        return ["Enter the partners to ask, or your own people, or both."]
    both = set.intersection(*addresses) if len(addresses) > 1 else set()
    return [f"{email} is in both lists. Leave each person in one." for email in sorted(both)]
