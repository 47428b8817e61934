"""Answering: what a respondent may do with a link. There is no ``by``: who answers is known to nobody here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from diagnostics.access import LinkRefusedError, Refusal, check_takes_answers, has_answered
from diagnostics.instrument import Instrument
from diagnostics.links import Respondent
from diagnostics.members import organisations_to_choose_from
from diagnostics.models import LONGEST_REASON, Answer, EarlierLink, Invitation, Response, Round, Standing
from diagnostics.models.responses import drawn_digest
from partnerships.isolation import acting_on_response

Result = TypeVar("Result")


@dataclass(frozen=True)
class GivenAnswer:
    """``value`` is 1 to 5, or None for "don't know"; a reason is kept with a low value only.

    ``shown`` is the value and the reason that the page showed when it was opened, or was last saved: () where it was
    not answered, None where that is not known. ``unsure`` where something was sent since, of which the page does not
    know whether it arrived.
    """

    value: int | None
    reason: str = ""
    shown: Standing | None = None
    unsure: bool = False


def by_respondent(deed: Callable[..., Result]) -> Callable[..., Result]:
    """A deed in one transaction that reaches the respondent's own response, and nobody else's."""

    @wraps(deed)
    def done(*, respondent: Respondent, **facts: Any) -> Result:
        with acting_on_response(respondent.response_key), transaction.atomic():
            return deed(respondent=respondent, **facts)

    return done


@by_respondent
def record_place(*, respondent: Respondent, place: str) -> Response:
    """Keep where the respondent works. Raises LinkRefusedError, or ValidationError for an unknown place."""
    response = _own_response(respondent)
    check_place(response.round, place)
    response.place = place
    response.save(update_fields=["place"])
    return response


def check_place(round_: Round, place: str) -> None:
    """Raise ValidationError for a place that this survey does not have."""
    if place not in {one.code for one in round_.instrument.places}:
        raise ValidationError("Choose where you work.")


@by_respondent
def record_organisation(*, respondent: Respondent, works_for: str) -> Response:
    """Keep for whom somebody works who started with an open link, in a survey that names organisations.

    It stands with the answers and not with the invitation, which no deed of a respondent changes. Raises
    LinkRefusedError, or ValidationError where it is none of the partnership's, or is not asked.
    """
    round_ = _held_round(respondent)
    is_asked = round_.names_organisations and round_.invitations.seats().filter(link_hash=respondent.link.hash).exists()
    if not is_asked or works_for not in organisations_to_choose_from(round_):
        raise ValidationError("Choose the organisation you work for.")
    response = _own_response(respondent, works_for=works_for)
    response.works_for = works_for
    response.save(update_fields=["works_for"])
    return response


def record_answers(
    *, respondent: Respondent, answers: Mapping[str, GivenAnswer], instrument: Instrument | None = None
) -> dict[str, Standing]:
    """Keep these answers by item code, each over what its page showed: all of them or, where one is wrong, none.

    One that is still as its page showed it is left alone, for it may have been changed in another window since. So is
    one whose page showed something else than what stands: it may have been long on its way, and a later answer have
    come before it. Returns what stands there, by item; whoever still has the page open gives the answer for that.
    ``instrument`` is the survey's, from whoever has read it: it saves a look. Raises LinkRefusedError, or
    ValidationError with one message an item.
    """
    is_first = bool(answers) and all(given.shown == () for given in answers.values())
    if instrument is not None and is_first and _are_added(respondent, answers, instrument):
        return {}
    return _record_over(respondent=respondent, answers=answers)


def _are_added(respondent: Respondent, answers: Mapping[str, GivenAnswer], instrument: Instrument) -> bool:
    """Keep answers to what was not answered yet. False where one of them was, or where the survey takes none: whoever
    looks more closely then says why.
    """
    check_answers(instrument, answers)
    given = {item: _as_it_counts(one.value, one.reason, instrument) for item, one in answers.items()}
    with acting_on_response(respondent.response_key):
        kept = Answer.objects.add(
            respondent.response_key, given, link_hash=respondent.link.hash, on=timezone.localdate()
        )
    return kept == given.keys()


@by_respondent
def _record_over(*, respondent: Respondent, answers: Mapping[str, GivenAnswer]) -> dict[str, Standing]:
    response = _own_response(respondent)
    instrument = response.round.instrument
    check_answers(instrument, answers)
    shown: dict[str, Standing | None]
    shown = {
        item: _as_it_counts(*given.shown, instrument) if given.shown else given.shown for item, given in answers.items()
    }
    kept = {item: _as_it_counts(given.value, given.reason, instrument) for item, given in answers.items()}
    changed = {item: given for item, given in kept.items() if given != shown[item] or answers[item].unsure}
    if not changed:
        return {}
    unknown = [item for item in changed if shown[item] is None]
    stands = Answer.objects.standing(response.key, unknown) if unknown else {}
    over = {item: stands.get(item, ()) if before is None else before for item, before in shown.items()}
    return Answer.objects.put(response, changed, over=over, on=timezone.localdate())


def _as_it_counts(value: int | None, reason: str, instrument: Instrument) -> tuple[int | None, str]:
    """A reason counts with a low answer only."""
    return value, reason.strip() if value in instrument.low_values else ""


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


@by_respondent
def submit_response(*, respondent: Respondent) -> Response:
    """Send the answers in, once. Raises LinkRefusedError, or ValidationError where nothing was answered.

    The invitation is not touched: that its person is done is found out later, together with others
    (``diagnostics.completion``), so that no transaction writes both.
    """
    response = _own_response(respondent)
    if not response.answers.filter(value__isnull=False).exists():
        raise ValidationError("You have not answered any question yet. Answer at least one before you send.")
    response.submitted_on = timezone.localdate()
    response.save(update_fields=["submitted_on"])
    return response


@by_respondent
def withdraw_response(*, respondent: Respondent) -> None:
    """Delete every answer of a respondent, sent in or not; they can answer anew. Raises LinkRefusedError once the
    survey takes no answers: from then on nobody can tell which are whose.

    With a link that was replaced they do so where these are sent in. An empty response stays until the survey closes,
    and says that the person is not done.
    """
    round_ = _round_of_earlier(respondent) if respondent.is_replaced else _held_round(respondent)
    own = Response.objects.select_for_update().filter(key=respondent.response_key, round=round_).order_by("pk")
    response = own.first()
    if respondent.is_replaced and (response is None or response.submitted_on is None):
        raise LinkRefusedError(Refusal.REPLACED, round_)
    if response is None:
        return
    response.answers.all().delete()
    # The form that began it is not let in again, also where its person has said since where they work.
    response.place, response.submitted_on, response.begun_with = "", None, drawn_digest()
    response.save(update_fields=["place", "submitted_on", "begun_with"])


def _held_round(respondent: Respondent) -> Round:
    """The respondent's round, which cannot close until this transaction ends. Raises LinkRefusedError."""
    held = Round.objects.held_open_for(respondent.link.hash)
    if held is None:
        raise LinkRefusedError(Refusal.REPLACED if respondent.is_replaced else Refusal.UNKNOWN)
    check_takes_answers(held)
    return held


def _round_of_earlier(respondent: Respondent) -> Round:
    """The same for somebody whose link was replaced."""
    earlier = EarlierLink.objects.select_related("invitation").get(link_hash=respondent.link.hash)
    held = Round.objects.held_open(earlier.invitation.round_id)
    if held is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    check_takes_answers(held)
    return held


def _own_response(respondent: Respondent, *, works_for: str = "") -> Response:
    """The respondent's response, made where there is none and locked, so that two tabs take turns; its round is held.

    Raises LinkRefusedError where the round takes no answers, or none of theirs any more.
    """
    response = Response.objects.held(respondent.response_key, link_hash=respondent.link.hash)
    if response is None:
        begin_response(respondent, _held_round(respondent), works_for=works_for)
        response = Response.objects.held(respondent.response_key, link_hash=respondent.link.hash)
    if response is None:
        raise LookupError("A response that was begun in this transaction is not there.")
    check_takes_answers(response.round)
    if response.submitted_on is not None:
        raise LinkRefusedError(Refusal.USED, response.round, respondent.link)
    return response


def begin_response(respondent: Respondent, round_: Round, *, works_for: str = "", begun_with: str = "") -> None:
    """Make the response where there is none, in a transaction that holds its round.

    Raises LinkRefusedError where answers are in with an earlier link.
    """
    invitation = Invitation.objects.get(link_hash=respondent.link.hash)
    states = Response.objects.states([respondent.response_key, *respondent.earlier_keys])
    if has_answered(invitation, states):
        raise LinkRefusedError(Refusal.USED, round_)  # with an earlier link, since it has nothing itself
    if not invitation.is_seat:
        works_for = invitation.works_for
    elif round_.names_organisations and not works_for:
        raise LinkRefusedError(Refusal.NO_ORGANISATION, round_, respondent.link)
    begun = Response(
        key=respondent.response_key,
        organisation_id=round_.organisation_id,
        round=round_,
        works_for=works_for if round_.names_organisations else "",
        begun_with=begun_with or drawn_digest(),
        started_on=timezone.localdate(),
    )
    Response.objects.bulk_create([begun], ignore_conflicts=True)  # another tab may begin at the same moment
