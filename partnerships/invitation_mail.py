"""Sending somebody their invitation through Django's e-mail."""

from __future__ import annotations

import smtplib

import structlog
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from partnerships.actions.invitations import InvitationLink
from partnerships.roles import ROLES_IN_WORDS

log = structlog.get_logger(__name__)


def send_invitation(link: InvitationLink, *, address: str) -> bool:
    """Whether it was taken for delivery. To be called after the invitation is committed."""
    invitation = link.invitation
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "roles": [one for one in ROLES_IN_WORDS if one.role in invitation.roles],
        "address": address,
    }
    message = EmailMessage(
        subject=f"You are invited to {' '.join(invitation.organisation.display_name.split())}’s partnerships",
        body=render_to_string("partnerships/email/access_invitation.txt", context),
        to=[invitation.email],
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        log.warning("invitation_mail_failed", invitation=invitation.pk, reason=type(problem).__name__)
        return False
    return True
