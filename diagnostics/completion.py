"""Who has sent their answers in: found out from the keys of a survey, and written down for several people at once.

A response tells nobody whose it is. While a survey is open whoever holds its key can work out which response would be
somebody's, and ask the database whether it is there. That is done here and nowhere else. Were each person marked as
they send, the number of the transaction, its moment or the order of rows would say whose the newest answers are; so
people are marked only when there are enough of them to be told apart by nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import structlog
from django.db import transaction

from diagnostics.keys import KeyMissingError, RoundKeys, are_old, destroy_keys, kept_keys, keys_of
from diagnostics.models import Invitation, Response, Round, RoundState
from partnerships.isolation import acting_for

log = structlog.get_logger(__name__)


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
    """Mark who has sent their answers in since, and unmark who has withdrawn them, if that makes enough people to hide
    among; how many were marked. Raises KeyMissingError.
    """
    return _mark(round, fewest=round.answers_needed)


def mark_everybody(round: Round) -> int:
    """The same for however few there are, also where nobody answered since and somebody has withdrawn: right before all
    responses are written once more.
    """
    try:
        return _mark(round, fewest=0)
    except KeyMissingError:
        return 0


def all_are_known(closed: Round) -> bool:
    """Whether everybody is marked who had sent answers in as this survey closed: not where its key was lost before."""
    return closed.invitations.filter(completed=True).count() == closed.sent_in


def keep_up() -> None:
    """Mark people in every survey whose key is here, and destroy the keys of those that are not open.

    Safe to run twice and at the same time: each survey is held while it is looked at. A key is drawn by whoever already
    holds the survey, so none is taken for left over while its survey opens; one whose survey is not there yet, since
    what makes and opens it is one transaction, is left for a day.
    """
    kept = list(kept_keys())
    random.SystemRandom().shuffle(kept)
    for organisation_id, round_id in kept:
        with acting_for(organisation_id), transaction.atomic():
            held = Round.objects.select_for_update().filter(pk=round_id).first()
            if held is not None and held.state == RoundState.OPEN:
                _mark_or_say_so(held)
            elif held is not None or are_old(organisation_id, round_id):
                destroy_keys(organisation_id, round_id)


def _mark_or_say_so(round_: Round) -> None:
    try:
        mark_those_who_answered(round_)
    except KeyMissingError as lost:
        log.warning("survey_key_unusable", round=round_.pk, problem=str(lost))


def _mark(round_: Round, *, fewest: int) -> int:
    invitations = list(round_.invitations.order_by())
    completed = {one.pk: one.completed for one in invitations}
    sent = _states(keys_of(round_), invitations)
    marked = [pk for pk, is_sent in sent.items() if is_sent and not completed[pk]]
    unmarked = [pk for pk, is_sent in sent.items() if not is_sent and completed[pk]]
    if len(marked) < fewest:
        return 0
    round_.invitations.filter(pk__in=marked).update(completed=True)
    round_.invitations.filter(pk__in=unmarked).update(completed=False)
    return len(marked)


def _states(keys: RoundKeys, invitations: Iterable[Invitation]) -> dict[int, bool]:
    """By invitation, of those who have begun, whether their answers are in, with whichever link. One query."""
    whose = {key: one.pk for one in invitations for key in keys.response_keys_of(one)}
    states: dict[int, bool] = {}
    for key, is_sent in Response.objects.states(whose).items():
        states[whose[key]] = is_sent or states.get(whose[key], False)
    return states
