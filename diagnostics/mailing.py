"""Sending people their links through Django's e-mail: one letter a person, however many surveys they are asked in."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Sequence

import structlog
from django.core.mail import get_connection

from diagnostics.actions import PersonalLink
from diagnostics.delivery import ConnectionLostError, NotTakenError, Outcome, deliver, mark_refused
from diagnostics.letters import letter

log = structlog.get_logger(__name__)


def send_links(*, links: Sequence[PersonalLink], address_of: Callable[[str], str]) -> list[PersonalLink]:
    """Send each link to its person; returns those that could not be sent, so that they can be handed over otherwise.

    ``address_of`` makes the full address of a secret. To be called after the links are committed.
    """
    unsent: list[PersonalLink] = []
    letters = _by_person(links)
    try:
        with get_connection() as connection:
            while letters:
                theirs = letters[0]
                asked = [(link.invitation, address_of(link.secret)) for link in theirs]
                outcome = deliver(letter("invitation", asked), connection)
                if outcome is not Outcome.SENT:
                    unsent += theirs
                if outcome is Outcome.REFUSED:
                    mark_refused(link.invitation for link in theirs)
                del letters[0]
    except (OSError, smtplib.SMTPException, NotTakenError, ConnectionLostError) as problem:
        left = [link for theirs in letters for link in theirs]
        log.warning("survey_mail_failed", unsent=len(left), reason=type(problem).__name__)
        unsent += left
    return unsent


def _by_person(links: Iterable[PersonalLink]) -> list[list[PersonalLink]]:
    """The links of each address together, in the order in which the addresses come; a letter asks one thing."""
    theirs: dict[tuple[str, str], list[PersonalLink]] = {}
    for link in links:
        theirs.setdefault((link.invitation.email, link.invitation.round.subject), []).append(link)
    return list(theirs.values())
