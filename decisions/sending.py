"""Sending the letters that have been held long enough, each at most once (ADR 25 and 30).

A letter is taken by one conditional UPDATE, committed before it is handed over: whoever takes it back meanwhile comes
first or comes too late, and a worker that is killed in between leaves a letter in doubt, which is not sent again by
itself. One that has certainly not left waits again.
"""

from __future__ import annotations

import datetime
import smtplib
from collections.abc import Callable
from email.utils import formataddr
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from decisions.letter_facts import changed_since
from decisions.models import Decision, Letter, LetterState, Trouble, WhyHeld
from decisions.recipients import how_to_reach, left_on
from diagnostics.bounces import Ours, new_number, number_for
from diagnostics.delivery import ConnectionLostError, NotTakenError, Outcome, deliver
from partnerships.access import can_decide
from partnerships.actions.participations import locked
from partnerships.models import Organisation
from partnerships.outgoing_mail import answers_to, can_send, in_the_name_of

Clock = Callable[[], datetime.datetime]
# A mail server that puts a letter off takes it within days or never.
TRIED_FOR = datetime.timedelta(days=3)
TRIED_AGAIN_AFTER = datetime.timedelta(minutes=10)

log = structlog.get_logger(__name__)


def in_doubt_before(now: datetime.datetime) -> datetime.datetime:
    """Whatever was taken before this is not being sent any more: no task lives longer."""
    return now - datetime.timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 60)


def hold_back(decision: Decision) -> None:
    """Hold every letter about this partnership that waits, where this decision counts no more: also those of decisions
    before it that were sent all the same. Somebody is asked what is to become of them.
    """
    for letter in Letter.objects.filter(participation=decision.participation_id):
        Letter.objects.all().move(
            letter.pk, LetterState.HELD, since=LetterState.WAITING, held_because=WhyHeld.DECIDED_ANEW, trouble=""
        )


def send_due(organisation: Organisation, *, clock: Clock = timezone.now) -> int:
    """Send every letter of an organisation whose time has come; how many left. Safe to run twice, and at once."""
    letters = Letter.objects.filter(organisation=organisation)
    for left_behind in letters.left_behind(in_doubt_before(clock())):
        letters.move(left_behind.pk, LetterState.IN_DOUBT, since=LetterState.TAKEN, trouble="")
    due = list(letters.due(clock()).order_by("send_after", "pk").values_list("pk", flat=True))
    if not due or not can_send():
        return 0
    sent = 0
    try:
        with get_connection() as connection:
            for pk in due:
                sent += _send_one(pk, connection, clock)
    except (OSError, smtplib.SMTPException, NotTakenError, ConnectionLostError) as problem:
        log.warning("letters_stopped", organisation=organisation.pk, sent=sent, reason=type(problem).__name__)
        letters.due(clock()).update(trouble=Trouble.PUT_OFF)
    return sent


@transaction.atomic
def _take(pk: int, now: datetime.datetime) -> Letter | None:
    """Take one for sending; None where it was taken, taken back, or is to be held.

    The lock on the partnership keeps somebody from deciding anew in between.
    """
    letters = Letter.objects.filter(pk=pk)
    locked(letters.select_related("participation").get().participation)
    letter = letters.select_related(
        "organisation", "recipient", "asked_by", "kind_no__decision", "participation__partnership"
    ).get()
    why = _why_held(letter, timezone.localdate(now))
    if why is not None:
        letters.move(pk, LetterState.HELD, since=LetterState.WAITING, held_because=why, trouble="")
        return None
    letter.mail_number = new_number()
    taken = letters.due(now).move(
        pk, LetterState.TAKEN, since=LetterState.WAITING, taken_at=now, mail_number=letter.mail_number
    )
    return letter if taken else None


def _why_held(letter: Letter, today: datetime.date) -> WhyHeld | None:
    last_word = Decision.objects.filter(participation=letter.participation_id).last_words().get()
    if last_word.pk != (letter.last_word_id or letter.kind_no.decision_id):
        return WhyHeld.DECIDED_ANEW
    if not letter.although_left and left_on(letter, today):
        return WhyHeld.PARTNER_LEFT
    if letter.asked_by is None or not can_decide(letter.asked_by, letter.organisation):
        return WhyHeld.SENDER_GONE
    if changed_since(letter):
        return WhyHeld.FACTS_CHANGED
    return None


def _send_one(pk: int, connection: Any, clock: Clock) -> int:
    """Take and send one letter: 1 where it left. Raises what ``deliver`` raises."""
    letter = _take(pk, clock())
    if letter is None:
        return 0
    try:
        outcome = deliver(message_of(letter), connection)
    except NotTakenError:
        _wait_again(letter, clock())
        raise
    except ConnectionLostError:
        _become(letter, LetterState.IN_DOUBT, trouble="")
        raise
    if outcome is Outcome.SENT:
        _become(letter, LetterState.SENT, sent_at=clock(), trouble="")
        return 1
    if outcome is Outcome.REFUSED:
        _become(letter, LetterState.REFUSED, trouble=Trouble.REFUSED)
    else:
        _wait_again(letter, clock())
    return 0


def _become(letter: Letter, state: LetterState, **facts: Any) -> None:
    Letter.objects.all().move(letter.pk, state, since=LetterState.TAKEN, **facts)


def _wait_again(letter: Letter, now: datetime.datetime) -> None:
    if letter.asked_at is not None and now - letter.asked_at > TRIED_FOR:
        _become(letter, LetterState.REFUSED, trouble=Trouble.GIVEN_UP)
        return
    again = now + TRIED_AGAIN_AFTER
    _become(letter, LetterState.WAITING, taken_at=None, mail_number="", send_after=again, trouble=Trouble.PUT_OFF)


def message_of(letter: Letter) -> EmailMessage:
    """The letter as e-mail, from the organisation by its name; answers go to whoever sent it, and reports of mail
    servers find it by its number.
    """
    sender: Any = letter.asked_by
    reach = how_to_reach(sender, letter.organisation)
    return EmailMessage(
        from_email=in_the_name_of(letter.organisation.display_name),
        subject=" ".join(letter.subject.split()),
        body=render_to_string("decisions/email/letter.txt", {"letter": letter, "sender": sender, "reach": reach}),
        to=[formataddr((" ".join(letter.recipient_name.split()), letter.email))],
        reply_to=answers_to(sender),
        headers={"Message-ID": number_for(letter.email, number=letter.mail_number, of=Ours.LETTER)},
    )
