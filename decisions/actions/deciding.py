"""Deciding about one partnership, and taking a decision back. Both add a line, and neither changes one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.actions.meetings import check_under_way
from decisions.basis import Basis, NothingToDecideError
from decisions.class_duties import broken_by, standing_in
from decisions.far_days import too_far
from decisions.models import Decision, Draft, Meeting, Outcome
from decisions.models.decisions import FOLLOWS
from decisions.sending import hold_back
from decisions.taking_effect import take_back, take_effect
from partnerships.access import can_decide, check_can_decide
from partnerships.actions.organisations import hold
from partnerships.actions.participations import locked
from partnerships.models import Participation, Person
from partnerships.saving import save_checked
from scoring.findings import Findings
from scoring.situation import situation_of


class DecidedMeanwhile(Exception):  # noqa: N818  (it names what happened, and is no fault)
    """Somebody else said the last word after the form was filled: ``decision`` is what they decided."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision))
        self.decision = decision


class OutOfDateError(Exception):
    """Something changed since the recommendation was scored; in words."""


@dataclass(frozen=True)
class Wanted:
    """What is to be decided: the level, why, by whom or in which meeting, and the days."""

    level_code: str
    reason: str
    decided_by: Person | None
    decided_in: str
    decided_on: datetime.date
    applies_from: datetime.date
    review_on: datetime.date

    def is_what(self, decision: Decision) -> bool:
        """Whether a decision says just this: what comes of a form that was sent twice."""
        same = (
            (decision.level_code, self.level_code),
            (decision.reason, self.reason),
            (decision.decided_by_id, self.decided_by.pk if self.decided_by else None),
            (decision.decided_in, self.decided_in),
            (decision.decided_on, self.decided_on),
            (decision.applies_from, self.applies_from),
            (decision.review_on, self.review_on),
        )
        return all(stored == wanted for stored, wanted in same)


@transaction.atomic
def decide(
    *,
    participation: Participation,
    by: Person,
    wanted: Wanted,
    run: int,
    seen: str,
    meeting: Meeting | None = None,
    accepts_out_of_date: bool = False,
    at: datetime.datetime | None = None,
) -> Decision:
    """Record what was decided on the recommendation of ``run``, after the last word that was ``seen`` (its number, or
    empty where there was none). Exactly the same once more changes nothing. It is recorded now, or as of a time in the
    past.

    Raises ValidationError with what to do, DecidedMeanwhile, and OutOfDateError where something changed since that
    recommendation and nobody has said that it is decided all the same.
    """
    check_can_decide(by, participation.organisation)
    hold(participation.organisation)  # what one leaves of a duty over several, the next may not take
    if meeting is not None:
        check_under_way(meeting)
    current = locked(participation)
    basis = _basis(current)
    if basis.last is not None and str(basis.last.pk) != seen:
        if basis.last.recorded_by_id == by.pk and wanted.is_what(basis.last):
            return basis.last
        raise DecidedMeanwhile(basis.last)
    if basis.run.pk != run:
        raise OutOfDateError(
            "Your partnerships were scored again while you were deciding. Read the new recommendation."
        )
    if basis.out_of_date and not accepts_out_of_date:
        raise OutOfDateError(basis.out_of_date)
    now = at or timezone.now()
    _check(basis, wanted, timezone.localdate(now))
    decision = _line(basis, by, wanted, meeting, now)
    _check_follows(basis.last, decision)
    save_checked(decision)
    Draft.objects.about(current).delete()
    if basis.current is not None:
        hold_back(basis.current)
    due = participation.decisions.not_in_effect_by(timezone.localdate()).filter(pk=decision.pk)
    if meeting is None and due.exists():
        take_effect(decision)
    return decision


def _basis(participation: Participation) -> Basis:
    try:
        return Basis.of(participation, situation_of(participation.organisation))
    except NothingToDecideError as nothing:
        raise ValidationError(str(nothing)) from nothing


def _check(basis: Basis, wanted: Wanted, today: datetime.date) -> None:
    errors = wrong_days(wanted.decided_on, wanted.applies_from, wanted.review_on, today)
    if basis.level(wanted.level_code) is None:
        errors["level"] = basis.duty or "Choose one of the levels shown."
    elif missed := basis.missed_duty(wanted.level_code, max(wanted.applies_from, today)):
        errors["level"] = missed
    elif basis.overrules(wanted.level_code) and not wanted.reason.strip():
        errors["reason"] = "Say why you decide otherwise than recommended."
    if wanted.decided_by is not None and not can_decide(wanted.decided_by, basis.participation.organisation):
        errors["decided_by"] = f"{wanted.decided_by} may not decide here. Choose somebody else, or name a meeting."
    if errors:
        raise ValidationError(errors)


def wrong_days(
    decided_on: datetime.date | None,
    applies_from: datetime.date | None,
    review_on: datetime.date | None,
    today: datetime.date,
) -> dict[str, str]:
    """What is wrong with the days of a decision, by field; a day that is missing is not spoken of."""
    errors: dict[str, str] = {}
    if decided_on is not None and decided_on > today:
        errors["decided_on"] = "This day has not come yet. Enter the day on which it was decided."
    if review_on is not None and review_on <= today:
        errors["review_on"] = "Enter a day to look again that is still to come."
    elif far := too_far(review_on, today):
        errors["review_on"] = far
    if applies_from is not None and decided_on is not None and applies_from < decided_on:
        errors["applies_from"] = "The level cannot hold from before it was decided. Enter that day or a later one."
    elif far := too_far(applies_from, today):
        errors["applies_from"] = far
    return errors


def _check_follows(last: Decision | None, decision: Decision) -> None:
    if Outcome(decision.outcome) not in FOLLOWS[Outcome(last.outcome) if last else None]:
        raise ValidationError("There is no decision to undo. Load the page again.")


def _line(
    basis: Basis, by: Person, wanted: Wanted, meeting: Meeting | None, recorded_at: datetime.datetime
) -> Decision:
    level = basis.level(wanted.level_code)
    overrules = basis.overrules(wanted.level_code)
    return Decision(
        organisation=basis.participation.organisation,
        participation=basis.participation,
        supersedes=basis.last,
        outcome=Outcome.OVERRULED if overrules else Outcome.ACCEPTED,
        level_code=wanted.level_code,
        level_name=level.name if level else "",
        cost=basis.cost(wanted.level_code) if overrules else None,
        reason=wanted.reason,
        run=basis.run,
        was_out_of_date=bool(basis.out_of_date),
        **recommended(basis),
        decided_by=wanted.decided_by,
        decided_in=wanted.decided_in,
        meeting=meeting,
        decided_on=wanted.decided_on,
        applies_from=wanted.applies_from,
        review_on=wanted.review_on,
        recorded_by=by,
        recorded_at=recorded_at,
    )


def recommended(basis: Basis) -> dict[str, str]:
    """The recommendation as it stands, which the decision keeps."""
    advice = basis.advice
    return {
        "recommended_code": advice.recommended.code,
        "recommended_name": advice.recommended.name,
        "recommended_label": advice.label,
        "recommended_confidence": advice.confidence,
        "recommended_reason": advice.reason,
    }


def _check_can_be_undone(decision: Decision, again: Decision | None, today: datetime.date) -> None:
    """Raises ValidationError where the level would change under a meeting, or what is left misses a duty over several
    partnerships that is kept now.
    """
    under_way = decision.organisation.decision_meetings.held_today(today).first()
    if under_way is not None and hasattr(decision, "taken_effect"):
        raise ValidationError(
            f"“{under_way.name}” is under way, and this decision holds already: undoing it would have everything "
            "scored again while others decide. Undo it once the meeting has ended, or decide anew."
        )
    shown = situation_of(decision.organisation).shown
    if shown is None:
        return
    before = standing_in(decision.organisation, Findings.of(shown))
    after = before.without(decision, again)
    if rule := broken_by(decision.organisation, before, after, today):
        raise ValidationError(
            f"Undoing it would break a duty over several partnerships: “{rule.in_words()}” ({rule.source}). Decide "
            "on a higher level for another of them first."
        )


@transaction.atomic
def undo(*, decision: Decision, by: Person) -> Decision:
    """Take a decision back: the one before it stands again, if there was one, and all lines stay on record.

    Its level goes back to what it was, where it had taken effect and nobody has changed it since; what stands again
    takes effect if its day came meanwhile. One that is undone already stays so. Raises DecidedMeanwhile where another
    decision has taken its place, and ValidationError where a meeting would be disturbed or a duty missed.
    """
    check_can_decide(by, decision.organisation)
    hold(decision.organisation)
    participation = locked(decision.participation)
    last = participation.decisions.last_words().select_related("supersedes__stands_again", "stands_again").get()
    counts = last.stands_again if last.is_undone else last
    if counts != decision:
        if last.is_undone and last.in_place_of == decision:
            return last
        raise DecidedMeanwhile(last)
    again = counts.in_place_of
    now = timezone.now()
    _check_can_be_undone(decision, again, timezone.localdate(now))
    undone = Decision(
        organisation=decision.organisation,
        participation=participation,
        supersedes=last,
        stands_again=again,
        outcome=Outcome.UNDONE,
        run=decision.run,
        recommended_code=decision.recommended_code,
        recommended_name=decision.recommended_name,
        recommended_label=decision.recommended_label,
        recommended_confidence=decision.recommended_confidence,
        recommended_reason=decision.recommended_reason,
        decided_by=by,
        meeting=counts.meeting if counts.meeting and counts.meeting.ended_at is None else None,
        decided_on=timezone.localdate(now),
        recorded_by=by,
        recorded_at=now,
    )
    _check_follows(last, undone)
    save_checked(undone)
    hold_back(decision)
    take_back(decision)
    if again is not None and participation.decisions.not_in_effect_by(undone.decided_on).filter(pk=again.pk).exists():
        take_effect(again)
    return undone
