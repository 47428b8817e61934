"""Looking at a decision again: what was found, whether it stays, and when it is looked at next."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.far_days import too_far
from decisions.models import Decision, Review, ReviewOutcome
from decisions.since import since
from partnerships.access import check_can_decide
from partnerships.actions.participations import locked
from partnerships.models import Person
from partnerships.saving import save_checked
from scoring.situation import situation_of


class ReviewedMeanwhile(Exception):  # noqa: N818  (it names what happened, and is no fault)
    """Somebody else reviewed the decision after the form was filled: ``review`` is what they found."""

    def __init__(self, review: Review) -> None:
        super().__init__(str(review))
        self.review = review


@dataclass(frozen=True)
class Found:
    """What somebody found: in words, whether the decision stays, and if so when to look again."""

    found: str
    outcome: ReviewOutcome
    review_on: datetime.date | None

    def is_what(self, review: Review) -> bool:
        """Whether a review says just this: what comes of a form that was sent twice."""
        return (review.found, review.outcome, review.review_on) == (self.found, self.outcome, self.review_on)


def last_review(decision: Decision) -> Review | None:
    return decision.reviews.all().last_words().select_related("reviewed_by").first()


@transaction.atomic
def record_review(*, decision: Decision, by: Person, found: Found, seen: str) -> Review:
    """Put on record what was found, after the last review that was ``seen`` (its number, or empty where there was
    none), with what has changed since the decision by now. The same once more changes nothing.

    Raises ValidationError with what to do, and ReviewedMeanwhile.
    """
    check_can_decide(by, decision.organisation)
    participation = locked(decision.participation)
    if not participation.decisions.current().filter(pk=decision.pk).exists():
        raise ValidationError("Somebody decided anew meanwhile. Read that decision first.")
    last = last_review(decision)
    if last is not None and str(last.pk) != seen:
        if last.reviewed_by_id == by.pk and found.is_what(last):
            return last
        raise ReviewedMeanwhile(last)
    today = timezone.localdate()
    if found.review_on is not None and found.review_on <= today:
        raise ValidationError({"review_on": "Enter a day to look again that is still to come."})
    if far := too_far(found.review_on, today):
        raise ValidationError({"review_on": far})
    review = Review(
        organisation=participation.organisation,
        participation=participation,
        decision=decision,
        follows=last,
        outcome=found.outcome,
        found=found.found,
        since=since(
            decision, participation.merged_into or participation, situation_of(participation.organisation).shown
        ).in_text,
        reviewed_on=today,
        review_on=found.review_on,
        reviewed_by=by,
        recorded_at=timezone.now(),
    )
    save_checked(review)
    return review
