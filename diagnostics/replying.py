"""Telling those who were asked that a reply to them is published: once each for a publishing, and nobody twice.

A letter is written down and committed before it is handed over, as a reminder is (ADR 25): whoever is killed between
the two loses one letter rather than send it twice. Where it has certainly not left, the line is taken back.
"""

from __future__ import annotations

import datetime
import smtplib
from email.utils import formataddr
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from diagnostics.bounces import number_for
from diagnostics.delivery import ConnectionLostError, NotTakenError, Outcome, deliver, mark_refused
from diagnostics.models import Invitation, PartnerReply, ReplyLetter
from partnerships.models import Organisation
from partnerships.outgoing_mail import answers_to, can_send, in_the_name_of

# A mail server that puts a letter off takes it within days or never.
TRIED_FOR = datetime.timedelta(days=3)

log = structlog.get_logger(__name__)


def address_of_reply(reply: PartnerReply) -> str:
    """The whole address of a reply."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{reverse('diagnostics:reply_page', args=[reply.token])}"


def can_tell() -> bool:
    """Whether this service can write to people, and knows the address to send them to."""
    return can_send() and bool(settings.SITE_ADDRESS)


def send_letters(organisation: Organisation) -> int:
    """Send what is still to be sent about an organisation's replies; how many letters went out. Safe to run twice."""
    if not can_tell():
        return 0
    sent = 0
    for reply in organisation.partner_replies.public().filter(letters_waiting=True).order_by("pk"):
        try:
            sent += _send_all(reply)
        except (OSError, smtplib.SMTPException, NotTakenError, ConnectionLostError) as problem:
            log.warning("reply_letters_stopped", reply=reply.pk, reason=type(problem).__name__)
        _finish(reply)
    return sent


def came_back(reply: PartnerReply) -> list[str]:
    """The addresses to which a letter about this reply was sent that a mail server refused later."""
    letters = reply.letters.filter(sent=True, invitation__email_failed_on__isnull=False)
    return sorted(set(letters.values_list("invitation__email", flat=True)))


def _still_to_tell(reply: PartnerReply) -> QuerySet[Invitation]:
    told = ReplyLetter.objects.filter(reply=reply, publishing=reply.publishing)
    people = reply.round.invitations.of_people()
    return people.filter(email_failed_on=None).exclude(pk__in=told.values("invitation")).order_by("pk")


def _send_all(reply: PartnerReply) -> int:
    people = list(_still_to_tell(reply))
    if not people:
        return 0
    sent = 0
    with get_connection() as connection:
        for person in people:
            sent += _send_one(reply, person, connection)
    return sent


def _send_one(reply: PartnerReply, person: Invitation, connection: Any) -> int:
    """Take and send one letter: 1 where it went out. Raises what ``deliver`` raises."""
    taken = _take(reply, person)
    if taken is None:
        return 0
    try:
        outcome = deliver(_letter(reply, person), connection)
    except NotTakenError:
        taken.delete()
        raise
    if outcome is Outcome.SENT:
        taken.sent = True
        taken.save(update_fields=["sent"])
        return 1
    taken.delete()
    if outcome is Outcome.REFUSED:
        mark_refused([person])
    return 0


@transaction.atomic
def _take(reply: PartnerReply, person: Invitation) -> ReplyLetter | None:
    """Write down that this person is told; None where it was withdrawn, published anew or taken meanwhile."""
    held = PartnerReply.objects.select_for_update(of=("self",)).public().filter(pk=reply.pk).first()
    if held is None or held.publishing != reply.publishing or not _still_to_tell(held).filter(pk=person.pk).exists():
        return None
    return ReplyLetter.objects.create(
        organisation_id=held.organisation_id,
        reply=held,
        invitation=person,
        publishing=held.publishing,
        taken_on=timezone.localdate(),
    )


def _finish(reply: PartnerReply) -> None:
    """Nothing waits any more once everybody was told, or has not been for days."""
    given_up = reply.published_at is not None and timezone.now() - reply.published_at > TRIED_FOR
    if given_up or not _still_to_tell(reply).exists():
        PartnerReply.objects.filter(pk=reply.pk, publishing=reply.publishing).update(letters_waiting=False)


def _letter(reply: PartnerReply, person: Invitation) -> EmailMessage:
    organisation, partnership = reply.organisation, reply.participation.partnership
    subject = f"{partnership.display_name}: what {organisation.display_name} does with what partners said"
    context = {
        "name": person.name,
        "organisation": organisation,
        "partnership": partnership,
        "again": reply.publishing > 1,
        "address": address_of_reply(reply),
    }
    return EmailMessage(
        from_email=in_the_name_of(organisation.display_name),
        reply_to=answers_to(reply.published_by),
        subject=" ".join(subject.split()),
        body=render_to_string("diagnostics/email/reply.txt", context),
        to=[formataddr((person.name, person.email))],
        headers={"Message-ID": number_for(person.email)},
    )
