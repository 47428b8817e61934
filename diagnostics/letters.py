"""What is written to people who are asked: one letter to one address, about one survey or several."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from diagnostics.models import Invitation

INVITATION, REMINDER = "invitation", "reminder"
SUBJECTS = {INVITATION: "", REMINDER: "Reminder: "}


def letter(kind: str, asked: Sequence[tuple[Invitation, str]]) -> EmailMessage:
    """A letter to the one person of these invitations, each with the address of its link ("" where it is not known)."""
    first = asked[0][0]
    rounds = [invitation.round for invitation, _ in asked]
    context = {
        "name": first.name,
        "asked": [(invitation.round, address) for invitation, address in asked],
        "round": rounds[0],
        "address": asked[0][1],
        "organisation": rounds[0].organisation,
        "partnership": rounds[0].participation.partnership,
        "instrument": rounds[0].instrument,
        "together": not all(one.names_organisations for one in rounds),
        "named": [invitation for invitation, _ in asked if invitation.round.names_organisations],
        "needed": max(one.answers_needed for one in rounds),
    }
    about = rounds[0].participation.partnership.display_name if len(rounds) == 1 else f"{len(rounds)} partnerships"
    return EmailMessage(
        subject=f"{SUBJECTS[kind]}{' '.join(about.split())}: how well are we working together?",
        body=render_to_string(f"diagnostics/email/{kind}.txt", context),
        to=[formataddr((first.name, first.email))],
    )
