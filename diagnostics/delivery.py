"""Giving one letter to the mail server, and knowing what became of it: what is done next depends on that."""

from __future__ import annotations

import enum
import smtplib
from collections.abc import Iterable
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone

from diagnostics.models import Invitation

FOR_GOOD = 500  # replies of a mail server from here on say "do not try again" (RFC 5321, 4.2.1)


class Outcome(enum.Enum):
    SENT = "sent"
    REFUSED = "refused"  # this address, for good
    LATER = "later"  # this address, for now


class NotTakenError(Exception):
    """The mail server takes nothing from us now; this letter has certainly not left."""


class ConnectionLostError(Exception):
    """The mail server went away in the middle; nobody can tell whether this letter left."""


def deliver(message: EmailMessage, connection: Any) -> Outcome:
    """Hand over a letter to one address. Raises NotTakenError and ConnectionLostError."""
    try:
        taken = connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        return Outcome.REFUSED if codes and min(codes) >= FOR_GOOD else Outcome.LATER
    except ValueError:  # no message can be made of it
        return Outcome.REFUSED
    except smtplib.SMTPResponseException as problem:
        raise NotTakenError(type(problem).__name__) from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise ConnectionLostError(type(problem).__name__) from problem
    return Outcome.SENT if taken else Outcome.LATER


def mark_refused(invitations: Iterable[Invitation]) -> None:
    """Remember of these that a mail server refused their address; of one that was corrected meanwhile, nothing."""
    for one in invitations:
        one.email_failed_on = timezone.localdate()
        Invitation.objects.filter(pk=one.pk, email=one.email).update(email_failed_on=one.email_failed_on)
