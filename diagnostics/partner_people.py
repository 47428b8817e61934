"""Whom to ask how good a partner an organisation is: its partners' people on one side, its own on the other.

Who works for the organisation is told by the name written beside them. Whoever starts the surveys sees the two lists
before anybody is asked, and moves whom the names put on the wrong side.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from diagnostics.invitees import Invitee
from diagnostics.models import Invitation, Subject
from partnerships.models import Organisation, Participation


@dataclass
class TwoLists:
    partners: list[Invitee] = field(default_factory=list)
    ours: list[Invitee] = field(default_factory=list)


def names_of(organisation: Organisation) -> frozenset[str]:
    """Every name by which somebody may have written that they work for it."""
    known = organisation.names.values_list("name", flat=True)
    return frozenset(_plain(name) for name in (organisation.display_name, organisation.name, organisation.code, *known))


def works_for_us(person: Invitee, names: Collection[str]) -> bool:
    return _plain(person.works_for) in names


def split(people: Iterable[Invitee], names: Collection[str]) -> TwoLists:
    """People by whether they work for the organisation of these ``names``; of whom it is not known are partners'."""
    made = TwoLists()
    for person in people:
        (made.ours if works_for_us(person, names) else made.partners).append(person)
    return made


def asked_last_time_about_us(participation: Participation) -> TwoLists:
    """Who was asked last time, each on the side on which they were; where nobody was, who was asked about the
    partnership, by whom they work for.
    """
    made = TwoLists(_last(participation, Subject.BY_PARTNERS), _last(participation, Subject.BY_US))
    if made.partners or made.ours:
        return made
    return split(_last(participation, Subject.PARTNERSHIP), names_of(participation.organisation))


def _last(participation: Participation, subject: Subject) -> list[Invitee]:
    last = participation.survey_rounds.filter(subject=subject).closed().order_by("-closed_at", "-pk").first()
    asked = last.invitations.of_people().order_by("name", "email") if last else Invitation.objects.none()
    return [Invitee(one.name, one.email, one.works_for, one.role) for one in asked]


def _plain(name: str) -> str:
    """Letters and digits alone: a name is the same however it is spaced."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()
