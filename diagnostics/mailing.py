"""Sending people their links through Django's e-mail."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from email.utils import formataddr

import structlog
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from diagnostics.actions import PersonalLink
from diagnostics.models import Round

log = structlog.get_logger(__name__)


def send_links(*, round: Round, links: Sequence[PersonalLink], address_of: Callable[[str], str]) -> list[PersonalLink]:
    """Send each link to its person; returns those that could not be sent, so that they can be handed over otherwise.

    ``address_of`` makes the full address of a secret. To be called after the links are committed.
    """
    unsent: list[PersonalLink] = []
    try:
        with get_connection() as connection:
            for link in links:
                try:
                    connection.send_messages([_message(round, link, address_of(link.secret))])
                except (smtplib.SMTPRecipientsRefused, ValueError):  # refused there, or no message can be made of it
                    unsent.append(link)
                except (OSError, smtplib.SMTPException) as problem:
                    raise _LostConnection(link) from problem
    except (OSError, smtplib.SMTPException, _LostConnection) as problem:
        start = links.index(problem.link) if isinstance(problem, _LostConnection) else 0
        log.warning("survey_mail_failed", round=round.pk, unsent=len(links) - start, reason=type(problem).__name__)
        unsent += [link for link in links[start:] if link not in unsent]
    return unsent


class _LostConnection(Exception):  # noqa: N818  (it says where to go on, and never leaves this module)
    def __init__(self, link: PersonalLink) -> None:
        super().__init__()
        self.link = link


def _message(round_: Round, link: PersonalLink, address: str) -> EmailMessage:
    context = {
        "invitation": link.invitation,
        "round": round_,
        "organisation": round_.organisation,
        "partnership": round_.participation.partnership,
        "instrument": round_.instrument,
        "address": address,
    }
    partnership = " ".join(round_.participation.partnership.display_name.split())
    return EmailMessage(
        subject=f"{partnership}: how well are we working together?",
        body=render_to_string("diagnostics/email/invitation.txt", context),
        to=[formataddr((link.invitation.name, link.invitation.email))],
    )
