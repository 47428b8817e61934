"""Giving one letter to the mail server, and knowing what became of it: what is done next depends on that."""

from __future__ import annotations

import enum
import smtplib
from collections.abc import Iterable
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone

from diagnostics.models import Invitation

# Replies of a mail server (RFC 5321, 4.2.1 and 4.2.3): from here on "do not try again"; "I am closing down".
FOR_GOOD, CLOSING = 500, 421


class Outcome(enum.Enum):
    SENT = "sent"
    REFUSED = "refused"  # this address or its letter, for good
    LATER = "later"  # the same, for now


class NotTakenError(Exception):
    """The mail server takes nothing from us now; this letter has certainly not left."""


class ConnectionLostError(Exception):
    """The mail server went away in the middle; nobody can tell whether this letter left."""


def deliver(message: EmailMessage, connection: Any) -> Outcome:
    """Hand over a letter to one address. Raises NotTakenError and ConnectionLostError.

    What a mail server says once it has read a letter is about that letter alone: the next may be welcome. It is about
    the address only where it says so; a server that wants nothing of ours says the same to every letter.
    """
    try:
        taken = connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        return Outcome.REFUSED if codes and min(codes) >= FOR_GOOD else Outcome.LATER
    except ValueError:  # no message can be made of it
        return Outcome.REFUSED
    except smtplib.SMTPDataError as refusal:
        if refusal.smtp_code == CLOSING:
            raise NotTakenError(type(refusal).__name__) from refusal
        return Outcome.REFUSED if _is_about_the_address(refusal) else Outcome.LATER
    except smtplib.SMTPResponseException as problem:
        raise NotTakenError(type(problem).__name__) from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise ConnectionLostError(type(problem).__name__) from problem
    return Outcome.SENT if taken else Outcome.LATER


def _is_about_the_address(refusal: smtplib.SMTPDataError) -> bool:
    """Whether it is refused for good because of whom it is for (enhanced codes 5.1.x and 5.2.x, RFC 3463)."""
    said = refusal.smtp_error.decode(errors="replace") if isinstance(refusal.smtp_error, bytes) else refusal.smtp_error
    return refusal.smtp_code >= FOR_GOOD and str(said).startswith(("5.1.", "5.2."))


def mark_refused(invitations: Iterable[Invitation]) -> None:
    """Remember of these that a mail server refused their address; of one that was corrected meanwhile, nothing."""
    for one in invitations:
        one.email_failed_on = timezone.localdate()
        Invitation.objects.filter(pk=one.pk, email=one.email).update(email_failed_on=one.email_failed_on)
