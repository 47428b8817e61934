"""Who has sent their answers in: found out from the keys of a survey, and written down for several people at once.

A response tells nobody whose it is. While a survey is open whoever holds its key can work out which response would be
somebody's, and ask the database whether it is there. That is done here and nowhere else. Were each person marked as
they send, the number of the transaction, its moment or the order of rows would say whose the newest answers are; so
people are marked only when there are enough of them to be told apart by nothing.

Right before, and by a transaction of its own, all that was sent in is written once more in random order, so that
nothing tells which answers were there when whom was marked. What comes in afterwards is of somebody who is not marked:
so of those who have answered some stay unmarked until the survey closes, and which is left to chance. With whoever
sends next they are as many as it takes to show anything.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import structlog
from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone

from diagnostics.keys import KeyMissingError, RoundKeys, are_old, destroy_keys, kept_keys, keys_of
from diagnostics.models import Invitation, Response, Round, RoundState
from partnerships.isolation import acting_for

# When whoever runs a survey is told that its answers may be too few: while there is time to do something about it.
DAYS_NEAR_THE_END = 3

log = structlog.get_logger(__name__)


def kept_back(round_: Round) -> int:
    """How many of those who have answered are marked by nobody before the survey closes."""
    return round_.answers_needed - 1


def sent_in_now(round: Round, invitations: Iterable[Invitation]) -> set[int]:
    """Which of these have sent their answers in, as it is at this moment; to be written nowhere.

    Nobody, where the survey's key was lost.
    """
    try:
        states = _states(keys_of(round), invitations)
    except KeyMissingError:
        return set()
    return {pk for pk, is_sent in states.items() if is_sent}


def mark_those_who_answered(round: Round) -> int:
    """Mark who has sent their answers in since, all but some, and unmark who has withdrawn them, if that makes enough
    people to hide among; how many were marked. Raises KeyMissingError.

    Two transactions, so to be called in none: the one writes answers, the other marks people.
    """
    with transaction.atomic():
        held = _held(round.pk)
        chosen = set() if held is None else _chosen(held)
        if held is not None and chosen:
            Response.objects.shuffle(held)
    if not chosen:
        return 0
    with transaction.atomic():
        held = _held(round.pk)
        return 0 if held is None else _write(held, *_differences(held), among=chosen)


def mark_everybody(round: Round) -> int:
    """The same at once, right before all responses are written once more; nobody where too few have answered to show
    anything: they would be joined to their answers by being so few, and these are deleted.
    """
    if len(sent_in_now(round, round.invitations.order_by())) < round.answers_needed:
        return 0
    try:
        return _write(round, *_differences(round))
    except KeyMissingError:
        return 0


def ends_with_too_few(open_round: Round) -> bool:
    """Whether its last day is near, and fewer are known to have answered than it takes to keep any: of a round that was
    read ``with_progress``.
    """
    left = (open_round.closes_on - timezone.localdate()).days
    return 0 <= left <= DAYS_NEAR_THE_END and open_round.answered < open_round.answers_needed


def why_it_stays_closed(closed: Round) -> str:
    """Why a closed survey cannot be opened again, in a sentence for whoever would; "" where it can.

    Where too few answered nothing is left of what they said, and everybody is asked anew.
    """
    if closed.shows_results:
        return "Its results have been shown, and what came in later could be worked out from the difference."
    if closed.sent_in is not None and closed.sent_in >= closed.threshold:
        return "What was sent in is kept, and what came in later could be told from it."
    return ""


def keep_up() -> None:
    """Mark people in every survey whose key is here, and destroy the keys of those that are not open.

    Safe to run twice and at the same time: each survey is held while it is looked at. A key is drawn by whoever already
    holds the survey, so none is taken for left over while its survey opens; one whose survey is not there yet, since
    what makes and opens it is one transaction, is left for a day.
    """
    kept = list(kept_keys())
    random.SystemRandom().shuffle(kept)
    for organisation_id, round_id in kept:
        with acting_for(organisation_id):
            with transaction.atomic():
                found = Round.objects.select_for_update().filter(pk=round_id).first()
                is_open = found is not None and found.state == RoundState.OPEN
                if not is_open and (found is not None or are_old(organisation_id, round_id)):
                    destroy_keys(organisation_id, round_id)
            if found is not None and is_open:
                _mark_or_say_so(found)


def _mark_or_say_so(round_: Round) -> None:
    try:
        mark_those_who_answered(round_)
    except KeyMissingError as lost:
        log.warning("survey_key_unusable", round=round_.pk, problem=str(lost))


def _held(pk: int) -> Round | None:
    """The round while it is open, so that nobody sends in, withdraws or closes until this transaction ends."""
    return Round.objects.select_for_update().filter(pk=pk, state=RoundState.OPEN).first()


def _chosen(round_: Round) -> set[int]:
    """Whom to mark of those who have answered: nobody where they would be too few."""
    answered, _ = _differences(round_)
    number = len(answered) - kept_back(round_)
    return set(random.SystemRandom().sample(sorted(answered), number)) if number >= round_.answers_needed else set()


def _differences(round_: Round) -> tuple[set[int], set[int]]:
    """Who has sent their answers in and is not marked, and who is marked and has withdrawn them."""
    invitations = list(round_.invitations.order_by())
    completed = {one.pk: one.completed for one in invitations}
    sent = _states(keys_of(round_), invitations)
    answered = {pk for pk, is_sent in sent.items() if is_sent and not completed[pk]}
    return answered, {pk for pk, is_sent in sent.items() if not is_sent and completed[pk]}


def _write(round_: Round, answered: set[int], withdrawn: set[int], *, among: set[int] | None = None) -> int:
    """Mark and unmark; nobody where some of those it was to be ``among`` have withdrawn meanwhile."""
    if among is not None and not among <= answered:
        return 0
    marked = answered if among is None else among
    # Every row is written, so that the transaction that wrote the last ones tells nobody who has withdrawn.
    becomes = Case(When(pk__in=marked, then=True), When(pk__in=withdrawn, then=False), default=F("completed"))
    round_.invitations.update(completed=becomes)
    return len(marked)


def _states(keys: RoundKeys, invitations: Iterable[Invitation]) -> dict[int, bool]:
    """By invitation, of those who have begun, whether their answers are in, with whichever link. One query."""
    whose = {key: one.pk for one in invitations for key in keys.response_keys_of(one)}
    states: dict[int, bool] = {}
    for key, is_sent in Response.objects.states(whose).items():
        states[whose[key]] = is_sent or states.get(whose[key], False)
    return states
