"""Reminding those who have not answered, and nobody else, at most once for each reminder.

Whom a reminder is due to is read from what is known of who has answered. Those who have since are sent none: that is
asked for the moment (``diagnostics.completion``) and written nowhere, since the line of a reminder would else tell who
had not answered by that day, and so whose the few answers are that were there. They have a line as if they had it, and
what a mail server does to letters is done to those lines too: each has the fate of a letter that chance picks, but not
of the one that ends a turn, since that is the last and there is no other like it.

A reminder is written down under a lock and committed before its letter is handed to the mail server. Whoever is killed
between the two leaves a line that says "taken" and never "sent", and the letter is not sent again: one that may have
been lost is better than one that comes twice. Where a letter has certainly not left, the line is taken back, and the
next time tries again. No line is written before the mail server has answered, so that one that is down costs nothing.

The letters of a survey that opened by itself (``diagnostics.opening``) are sent in the same way: the first to each
person is the invitation with their link, and until that was taken nobody is reminded of a survey they know nothing of.
Whoever is given a link by somebody meanwhile is sent no invitation: it would come twice.
"""

from __future__ import annotations

import datetime
import enum
import random
import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from diagnostics.completion import sent_in_now
from diagnostics.delivery import ConnectionLostError, NotTakenError, Outcome, deliver, mark_refused
from diagnostics.keys import KeyMissingError, has_keys, keys_of
from diagnostics.letters import INVITATION, REMINDER, letter
from diagnostics.links import link_hash
from diagnostics.models import Invitation, Reminder, ReminderKind, Round, RoundState
from diagnostics.reminder_days import is_quiet, reminder_days
from partnerships.models import Organisation
from partnerships.outgoing_mail import can_send

Clock = Callable[[], datetime.datetime]

log = structlog.get_logger(__name__)


def nobody_is_written_to(now: datetime.datetime) -> bool:
    """Whether this is no time for reminders, or this service has no way to send any."""
    return not can_send() or (is_quiet(now) and not settings.REMINDERS_AT_ANY_TIME)


def remind(organisation: Organisation, *, clock: Clock = timezone.now) -> int:
    """Send every letter of an organisation that is due; how many went out. Safe to run twice, and at once."""
    people = _to_remind(organisation, timezone.localdate(clock()))
    if not people or nobody_is_written_to(clock()):
        return 0
    turn = _Turn()
    try:
        with get_connection() as connection:
            for words, theirs in people:
                if nobody_is_written_to(clock()):
                    break
                _write_to_one(words, theirs, connection, timezone.localdate(clock()), turn)
    except (OSError, smtplib.SMTPException, NotTakenError, ConnectionLostError) as problem:
        log.warning("reminders_stopped", organisation=organisation.pk, sent=turn.sent, reason=str(problem))
    finally:
        turn.end()
    return turn.sent


def due_kind(round_: Round, today: datetime.date) -> ReminderKind | None:
    """The reminder that people of this round should have had by today: the last one whose day has come."""
    if round_.opens_on is None or not round_.takes_answers_on(today):
        return None
    reached = [kind for kind, day in days_of(round_).items() if day <= today]
    return reached[-1] if reached else None


def days_of(round_: Round) -> dict[ReminderKind, datetime.date]:
    """The days of its reminders, as the last day stands now: of one that is being prepared, as if it opened today, or
    on the day that was set.

    Who was reminded halfway to an earlier last day, or of a survey that was closed and opened again, is reminded
    halfway through the time that there is in addition.
    """
    more_time_from = round_.opened_again_on
    halfway = Reminder.objects.filter(invitation__round=round_, kind=ReminderKind.HALFWAY)
    earlier = halfway.filter(last_day__lt=round_.closes_on).aggregate(last=Max("last_day"))["last"]
    if earlier and (more_time_from is None or earlier > more_time_from):
        more_time_from = earlier
    opens = round_.opens_on or max(timezone.localdate(), round_.opens_by_itself_on or datetime.date.min)
    return reminder_days(opens, round_.closes_on, kinds_of(round_), more_time_from=more_time_from)


def awaiting_their_letter(round_: Round) -> QuerySet[Invitation]:
    """Who is to have their link by letter and has not: whoever was given it otherwise meanwhile is not among them."""
    return waiting_in(round_).filter(link_by_letter=True).exclude(reminders__kind=ReminderKind.FIRST)


def are_due(round_: Round, today: datetime.date) -> bool:
    """Whether somebody should have been reminded by today and was not."""
    kind = due_kind(round_, today)
    return kind is not None and _without(waiting_in(round_), kind, round_, today).exists()


def kinds_of(round_: Round) -> list[ReminderKind]:
    chosen = {
        ReminderKind.HALFWAY: round_.remind_halfway,
        ReminderKind.BEFORE_LAST_DAY: round_.remind_before_last_day,
    }
    return [kind for kind, is_chosen in chosen.items() if is_chosen]


def waiting_in(round_: Round) -> QuerySet[Invitation]:
    """Who is not known to have answered, of those who can be written to: nobody knows who has an open link."""
    return round_.invitations.of_people().waiting()


def have_answered_since(invitations: Iterable[Invitation]) -> set[int]:
    """Of people who are not known to have answered, the numbers of those who have at this moment."""
    by_round: dict[Round, list[Invitation]] = {}
    for one in invitations:
        by_round.setdefault(one.round, []).append(one)
    return {pk for round_, asked in by_round.items() for pk in sent_in_now(round_, asked)}


def address_again(invitation: Invitation) -> str:
    """The address of somebody's link, made again; "" where it cannot be, and then the letter refers to the first.

    It cannot be made of links from before a survey was closed and opened again, under the key of that time.
    """
    secret = _secret_again(invitation)
    if not secret or not settings.SITE_ADDRESS or link_hash(secret) != _hash_given(invitation):
        return ""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{reverse('diagnostics:personal_link', args=[secret])}"


def _secret_again(invitation: Invitation) -> str:
    """The same as in the first letter, or since the link was replaced; "" where the survey's key was lost."""
    try:
        return keys_of(invitation.round).secret_to_give(invitation)
    except KeyMissingError:
        return ""


def _hash_given(invitation: Invitation) -> str | None:
    """Of the link that its person was given: who was handed theirs has the same by letter, and none that goes on
    where whoever handed it out may have begun.
    """
    return invitation.handed_hash or invitation.link_hash


def _to_remind(organisation: Organisation, today: datetime.date) -> list[tuple[str, list[int]]]:
    """Who is due, by the words of the letter and the ids of their invitations: those of one address together, so that
    it has one letter of these words about each subject.
    """
    by_address: dict[tuple[str, str, str], list[int]] = {}
    for round_ in organisation.survey_rounds.filter(state=RoundState.OPEN).order_by("pk"):
        for words in (INVITATION, REMINDER):
            for one in _due(round_, words, today).order_by("pk"):
                if _can_be_written(one, words):
                    by_address.setdefault((words, one.email, round_.subject), []).append(one.pk)
    return [(words, theirs) for (words, *_), theirs in by_address.items()]


def _kind_of(words: str, round_: Round, today: datetime.date) -> ReminderKind | None:
    """What a letter of these words to people of this round would be, by today."""
    if words == REMINDER:
        return due_kind(round_, today)
    return ReminderKind.FIRST if round_.takes_answers_on(today) else None


def _due(round_: Round, words: str, today: datetime.date) -> QuerySet[Invitation]:
    """Who is to have a letter of these words now."""
    kind = _kind_of(words, round_, today)
    return _without(waiting_in(round_), kind, round_, today) if kind else round_.invitations.none()


def _can_be_written(invitation: Invitation, words: str) -> bool:
    """An invitation brings the link, and there is none to bring where its address cannot be made."""
    return _can_answer(invitation) and (words == REMINDER or bool(address_again(invitation)))


def _can_answer(invitation: Invitation) -> bool:
    """Whether the link that this person has leads anywhere, and whether it is known that they have not answered: not
    where the survey's key was lost, or drawn anew while it was open.
    """
    if invitation.round.opened_again_on is not None:
        return invitation.link_hash is not None and has_keys(invitation.round)
    secret = _secret_again(invitation)
    return bool(secret) and link_hash(secret) == _hash_given(invitation)


def _without(
    waiting: QuerySet[Invitation], kind: ReminderKind, round_: Round, today: datetime.date
) -> QuerySet[Invitation]:
    """Those who can be reached and have not had this reminder, nor any today, nor wait for the invitation still.

    Each is once for a last day; halfway also not again for an earlier one; the invitation is once.
    """
    today_already = Reminder.objects.filter(invitation__round=round_, taken_on=today)
    reached = waiting.filter(email_failed_on=None).exclude(pk__in=today_already.values("invitation"))
    still_to_invite = awaiting_their_letter(round_).values("pk")
    if kind == ReminderKind.FIRST:
        return reached.filter(pk__in=still_to_invite)
    had = Reminder.objects.filter(kind=kind, invitation__round=round_)
    if kind == ReminderKind.BEFORE_LAST_DAY:
        had = had.filter(last_day=round_.closes_on)
    else:
        had = had.filter(last_day__gte=round_.closes_on)
    return reached.exclude(pk__in=had.values("invitation")).exclude(pk__in=still_to_invite)


class _Fate(enum.Enum):
    """What becomes of the lines of a letter."""

    SENT = "sent"
    GIVEN_BACK = "given back"
    UNSURE = "unsure"


@dataclass
class _Turn:
    """The fates of letters in one go, without that of a letter that ended it, and the lines of those who had answered
    and were to have none.
    """

    fates: list[_Fate] = field(default_factory=list)
    without_a_letter: list[list[Reminder]] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return self.fates.count(_Fate.SENT)

    def end(self) -> None:
        """Give each of those lines the fate of a letter: else those that differ from the others would be theirs."""
        for lines in self.without_a_letter:
            _become(lines, random.SystemRandom().choice(self.fates or [_Fate.SENT]))


def _write_to_one(words: str, invitations: list[int], connection: Any, today: datetime.date, turn: _Turn) -> None:
    """Take and send one person's letter. Raises what ``deliver`` raises."""
    taken = _take(words, invitations, today)
    if not taken:
        return
    done = have_answered_since(one.invitation for one in taken)
    asked = [(one.invitation, address_again(one.invitation)) for one in taken if one.invitation_id not in done]
    if not asked:
        _become(taken, _Fate.SENT)  # as most are, should this process die before the turn ends
        turn.without_a_letter.append(taken)
        return
    if words == INVITATION and not all(address for _, address in asked):
        _become(taken, _Fate.GIVEN_BACK)  # the survey closed meanwhile, or its key was lost: there is no link to bring
        return
    fate = _Fate.UNSURE
    try:
        outcome = deliver(letter(words, asked), connection)
        fate = _Fate.SENT if outcome is Outcome.SENT else _Fate.GIVEN_BACK
        turn.fates.append(fate)
    except NotTakenError:
        fate = _Fate.GIVEN_BACK
        raise
    finally:
        _become(taken, fate)
    if outcome is Outcome.REFUSED:
        mark_refused(one.invitation for one in taken)


def _become(taken: Iterable[Reminder], fate: _Fate) -> None:
    """Write down that it was sent, or take it back where it has certainly not left, so that it may be tried again."""
    lines = Reminder.objects.filter(pk__in=[one.pk for one in taken])
    if fate is _Fate.GIVEN_BACK:
        lines.delete()
    else:
        lines.update(sent=fate is _Fate.SENT)


@transaction.atomic
def _take(words: str, invitations: list[int], today: datetime.date) -> list[Reminder]:
    """Write down who is written to about what, from here on for good; of two workers one finds nothing to take.

    Everything is looked at once more under the lock: the round may have closed and the person answered meanwhile.
    """
    rounds = Invitation.objects.filter(pk__in=invitations).order_by("round").values_list("round", flat=True)
    taken: list[Reminder] = []
    for number in rounds.distinct():
        round_ = Round.objects.held_open(number)
        kind = _kind_of(words, round_, today) if round_ else None
        if round_ is None or kind is None:
            continue
        locked = round_.invitations.select_for_update(of=("self",)).filter(pk__in=invitations).order_by("pk")
        still = set(_without(waiting_in(round_).filter(pk__in=[one.pk for one in locked]), kind, round_, today))
        taken += [
            Reminder(
                organisation_id=round_.organisation_id,
                invitation=one,
                kind=kind,
                last_day=round_.closes_on,
                taken_on=today,
            )
            for one in locked
            if one in still
        ]
    return Reminder.objects.bulk_create(taken)
