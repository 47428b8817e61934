"""Reviews: that somebody looked at a decision again, what they found, and when it is looked at next.

Like the decisions that they are of, they are lines that are added and never edited, each after the one before.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from decisions.models.decisions import Decision
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class ReviewOutcome(models.TextChoices):
    STAYS = "stays", "The decision stays"
    DECIDE_AGAIN = "decide_again", "It has to be decided again"


class ReviewQuerySet(models.QuerySet["Review"]):
    def last_words(self) -> ReviewQuerySet:
        """The last about each decision."""
        return self.filter(followed_by__isnull=True)


@recorded(
    "review",
    added="recorded",
    partnership="participation",
    about=("outcome",),
    leave_out=("decision", "follows", "since"),
    changes=False,
)
class Review(OwnedModel):
    """What was found as a decision was looked at again. ``since`` keeps what the page showed that had changed.

    Where it has to be decided again there is no next day: it is due until somebody decides.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="reviews")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="reviews")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reviews")
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    outcome = models.CharField(max_length=12, choices=ReviewOutcome.choices)
    found = models.TextField("what was found")
    since = models.TextField("what had changed since", blank=True)
    reviewed_on = models.DateField("day of the review")
    review_on = models.DateField("day to look again", null=True, blank=True)
    reviewed_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="review_first_once",
                fields=["decision"],
                condition=Q(follows__isnull=True),
                violation_error_message="Somebody else has reviewed this meanwhile. Look at their review first.",
            ),
            models.CheckConstraint(
                name="review_outcome_is_known",
                condition=Q(outcome__in=ReviewOutcome.values),
                violation_error_message="Choose whether the decision stays, or has to be decided again.",
            ),
            models.CheckConstraint(
                name="review_says_what_was_found",
                condition=Q(found__regex=r"\S"),
                violation_error_message="Say what you found.",
            ),
            models.CheckConstraint(
                name="review_looks_again_where_it_stays",
                condition=Q(outcome=ReviewOutcome.STAYS, review_on__isnull=False)
                | ~Q(outcome=ReviewOutcome.STAYS) & Q(review_on__isnull=True),
                violation_error_message="Where the decision stays, enter when to look again; where not, leave it out.",
            ),
            models.CheckConstraint(
                name="review_looks_again_later",
                condition=Q(review_on__isnull=True) | Q(review_on__gt=F("reviewed_on")),
                violation_error_message="Enter a day to look again that lies after the review.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.reviewed_on:%-d %B %Y}"

    @property
    def wants_a_decision(self) -> bool:
        return self.outcome == ReviewOutcome.DECIDE_AGAIN
