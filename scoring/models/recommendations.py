"""What a run recommended for each participation, as rows, so that lists and pages need not open the whole result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from partnerships.models.ownership import OwnedModel
from partnerships.models.participations import Participation
from scoring.models.runs import Run


class Label(models.TextChoices):
    """What to call a recommendation, in the order in which people want to read them."""

    PRIORITISE = "prioritise", "Prioritise"
    SUSTAIN = "sustain", "Sustain"
    BUILD = "build", "Build"
    DO_THE_MINIMUM = "do_the_minimum", "Do the minimum"
    STEP_DOWN = "step_down", "Step down"
    FIND_OUT_FIRST = "find_out_first", "Find out first"
    SAY_NO_KINDLY = "say_no_kindly", "Say no kindly"


class Confidence(models.TextChoices):
    """How often the level is best over the plausible versions of the inputs; never a probability of success."""

    CLEAR = "clear", "Clear"
    STRONG = "strong", "Strong"
    LEANING = "leaning", "Leaning"
    OPEN = "open", "Open"
    UNTESTED = "untested", "Not tested"


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def for_list(self) -> RecommendationQuerySet:
        """Everything a row of a list needs, in one query: by label, then by value."""
        order = models.Case(
            *(models.When(label=label, then=position) for position, label in enumerate(Label.values)),
            default=len(Label.values),
        )
        return self.select_related("participation__partnership__kind").order_by(
            order, "-value", "participation__partnership__name"
        )


class Recommendation(OwnedModel):
    """One row a run and participation. Levels are kept as words of that day: a ladder may be edited later."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="recommendations"
    )
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="recommendations")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="recommendations")
    label = models.CharField(max_length=16, choices=Label.choices)
    level_code = models.CharField(max_length=30)
    level_name = models.CharField(max_length=40)
    best_code = models.CharField(
        max_length=30,
        blank=True,
        help_text="Best by the numbers alone: of this level the confidence is said. Blank where unknown.",
    )
    today_code = models.CharField(max_length=30, blank=True)
    today_name = models.CharField(max_length=40, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    is_close_call = models.BooleanField(default=False)
    is_mandated = models.BooleanField(default=False)
    reason = models.TextField()
    because = models.JSONField(default=list, blank=True, help_text="The further sentences: cost, confidence, flip.")
    acceptability = models.JSONField(null=True, blank=True, help_text="Share of versions by level, 0 to 1.")
    flip = models.JSONField(null=True, blank=True, help_text="Total value lost when a level is forced, by level.")
    value = models.DecimalField(max_digits=10, decimal_places=3)
    value_at_full_readiness = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    value_today = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    readiness = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    days = models.JSONField(help_text="Days a quarter by pool at the recommended level.")
    days_today = models.JSONField(null=True, blank=True, help_text="Days a quarter by pool at today's level.")
    total_days = models.DecimalField(max_digits=10, decimal_places=2, help_text="Over all pools: for lists only.")

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["run", "participation"]
        constraints = [
            models.UniqueConstraint(name="recommendation_once_a_run", fields=["run", "participation"]),
            models.CheckConstraint(name="recommendation_label_is_known", condition=Q(label__in=Label.values)),
            models.CheckConstraint(
                name="recommendation_confidence_is_known", condition=Q(confidence__in=Confidence.values)
            ),
            models.CheckConstraint(
                name="recommendation_says_why",
                condition=Q(reason__regex=r"\S"),
                violation_error_message="A recommendation never stands without its reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_label_display()}: {self.participation_id}"

    @property
    def share_of_versions(self) -> Decimal | None:
        """How often this level was best over the plausible versions, 0 to 1."""
        shares: dict[str, Any] | None = self.acceptability
        return None if shares is None else Decimal(str(shares.get(self.level_code, 0)))
