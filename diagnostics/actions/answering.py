"""Answering: what a respondent may do with a link. There is no ``by``: who answers is known to nobody here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from diagnostics.access import LinkRefusedError, Refusal, check_takes_answers, round_for
from diagnostics.instrument import Instrument
from diagnostics.links import Respondent
from diagnostics.models import LONGEST_REASON, Answer, Invitation, Response, Round


@dataclass(frozen=True)
class GivenAnswer:
    """``value`` is 1 to 5, or None for "don't know"; a reason is kept with a low value only."""

    value: int | None
    reason: str = ""


@transaction.atomic
def record_place(*, respondent: Respondent, place: str) -> Response:
    """Keep where the respondent works. Raises LinkRefusedError, or ValidationError for an unknown place."""
    round_ = _held_round(respondent)
    if place not in {one.code for one in round_.instrument.places}:
        raise ValidationError("Choose where you work.")
    response = _own_response(respondent, round_)
    response.place = place
    response.save(update_fields=["place"])
    return response


@transaction.atomic
def record_answers(*, respondent: Respondent, answers: Mapping[str, GivenAnswer]) -> Response:
    """Keep these answers by item code, over any given before; all of them or, where one is wrong, none.

    Raises LinkRefusedError, or ValidationError with one message an item.
    """
    round_ = _held_round(respondent)
    check_answers(round_.instrument, answers)
    response = _own_response(respondent, round_)
    today, low = timezone.localdate(), round_.instrument.low_values
    Answer.objects.bulk_create(
        [
            Answer(
                organisation_id=round_.organisation_id,
                response=response,
                item=item,
                value=given.value,
                reason=given.reason.strip() if given.value in low else "",
                answered_on=today,
            )
            for item, given in sorted(answers.items())
        ],
        update_conflicts=True,
        unique_fields=["response", "item"],
        update_fields=["value", "reason", "answered_on"],
    )
    return response


def check_answers(instrument: Instrument, answers: Mapping[str, GivenAnswer]) -> None:
    """Raise ValidationError, by item code, for answers that this instrument cannot take."""
    values = {choice.value for choice in instrument.scale}
    errors: dict[str, str] = {}
    for item, given in answers.items():
        if item not in instrument.item_by_code:
            errors[item] = "This question is not part of this survey. Reload the page and answer again."
        elif given.value is not None and given.value not in values:
            errors[item] = "Choose one of the answers shown."
        elif len(given.reason.strip()) > LONGEST_REASON:
            over = len(given.reason.strip()) - LONGEST_REASON
            errors[item] = f"Your reason is {over} characters too long. Use {LONGEST_REASON} or fewer."
    if errors:
        raise ValidationError(errors)


def submit_response(*, respondent: Respondent) -> Response:
    """Send the answers in, once. Raises LinkRefusedError, or ValidationError where nothing was answered.

    That the person is done is written on the invitation first and in a transaction of its own, so that the two rows do
    not carry the same transaction's number. Where the second write fails the respondent simply sends once more.
    """
    with transaction.atomic():
        _held_round(respondent)
        if not Answer.objects.filter(response_id=respondent.response_key, value__isnull=False).exists():
            raise ValidationError("You have not answered any question yet. Answer at least one before you send.")
        if not Invitation.objects.filter(link_hash=respondent.link_hash).update(completed=True):
            raise LinkRefusedError(Refusal.UNKNOWN)
    with transaction.atomic():
        response = _own_response(respondent, _held_round(respondent))
        response.submitted_on = timezone.localdate()
        response.save(update_fields=["submitted_on"])
    return response


def _held_round(respondent: Respondent) -> Round:
    """The respondent's round, which cannot close until this transaction ends. Raises LinkRefusedError."""
    found = round_for(respondent)
    held = Round.objects.held_open(found.pk)
    if held is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    check_takes_answers(held)
    return held


def _own_response(respondent: Respondent, round_: Round) -> Response:
    """The respondent's response, made where there is none and locked, so that two tabs take turns."""
    Response.objects.bulk_create(
        [
            Response(
                key=respondent.response_key,
                organisation_id=round_.organisation_id,
                round=round_,
                started_on=timezone.localdate(),
            )
        ],
        ignore_conflicts=True,
    )
    response = Response.objects.select_for_update().get(key=respondent.response_key)
    if response.submitted_on is not None:
        raise LinkRefusedError(Refusal.USED, round_)
    return response
