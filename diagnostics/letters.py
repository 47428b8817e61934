"""What is written to people who are asked: one letter to one address, about one survey or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from diagnostics.bounces import number_for
from diagnostics.models import Invitation, Subject
from partnerships.outgoing_mail import answers_to, in_the_name_of

INVITATION, REMINDER = "invitation", "reminder"
SUBJECTS = {INVITATION: "", REMINDER: "Reminder: "}


@dataclass(frozen=True)
class Asks:
    """What a letter asks: in its subject, and what it would like to know ``in_one`` partnership and ``in_several``."""

    subject: str
    in_one: str
    in_several: str


ASKS = {
    Subject.PARTNERSHIP: Asks(
        "how well are we working together?",
        "how well the partners in {name} work together",
        "how well the partners work together",
    ),
    Subject.BY_PARTNERS: Asks(
        "how good a partner is {organisation}?", "how good a partner it is in {name}", "how good a partner it is"
    ),
    Subject.BY_US: Asks(
        "how good a partner are we?",
        "how good a partner its own people think it is in {name}",
        "how good a partner its own people think it is",
    ),
}


def letter(kind: str, asked: Sequence[tuple[Invitation, str]]) -> EmailMessage:
    """A letter to the one person of these invitations, all to surveys of one subject.

    Each comes with the address of its link ("" where it is not known).
    """
    first = asked[0][0]
    rounds = [invitation.round for invitation, _ in asked]
    name, organisation = rounds[0].participation.partnership.display_name, rounds[0].organisation
    asks = ASKS[Subject(rounds[0].subject)]
    context = {
        "name": first.name,
        "asked": [(invitation.round, address) for invitation, address in asked],
        "round": rounds[0],
        "address": asked[0][1],
        "organisation": organisation,
        "partnership": rounds[0].participation.partnership,
        "instrument": rounds[0].instrument,
        "question": asks.in_one.format(name=name) if len(rounds) == 1 else asks.in_several,
        "together": not all(one.names_organisations for one in rounds),
        "handed_out": any(invitation.is_handed_out for invitation, _ in asked),
        "named": [invitation for invitation, _ in asked if invitation.round.names_organisations],
        "again": any(one.opened_again_on for one in rounds),
        "needed": max(one.answers_needed for one in rounds),
    }
    about = name if len(rounds) == 1 else f"{len(rounds)} partnerships"
    question = asks.subject.format(organisation=organisation.display_name)
    return EmailMessage(
        from_email=in_the_name_of(organisation.display_name),
        reply_to=answers_to(rounds[0].opened_by),
        subject=f"{SUBJECTS[kind]}{' '.join(f'{about}: {question}'.split())}",
        body=render_to_string(f"diagnostics/email/{kind}.txt", context),
        to=[formataddr((first.name, first.email))],
        headers={"Message-ID": number_for(first.email)},
    )
