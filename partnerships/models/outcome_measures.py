"""Outcome measures of a partnership: where it started, where it is meant to get to, and the figures in between."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from partnerships.models.participations import Participation
from partnerships.models.record_entries import RecordEntry
from partnerships.recording import recorded


class Better(models.TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    NEITHER = "neither", "Neither is better"


class MeasureQuerySet(models.QuerySet["OutcomeMeasure"]):
    def with_latest(self) -> MeasureQuerySet:
        """With ``figures``, how many there are, and the ``latest`` of them with its day ``latest_on``."""
        newest = MeasurePoint.objects.filter(measure=models.OuterRef("pk")).order_by("-on_day")
        return self.annotate(
            figures=models.Count("points"),
            latest=models.Subquery(newest.values("value")[:1]),
            latest_on=models.Subquery(newest.values("on_day")[:1]),
        )


@recorded("measure", partnership="participation", about=("name",))
class OutcomeMeasure(RecordEntry):
    FACTS = ("name", "unit", "better", "baseline", "baseline_on", "target", "target_on", "figures_from")

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="outcome_measures"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="outcome_measures")
    name = models.CharField("what is measured", max_length=160)
    unit = models.CharField(max_length=40, blank=True)
    better = models.CharField("which way is better", max_length=7, choices=Better.choices)
    baseline = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField("day of the baseline", null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target_on = models.DateField("day by which to reach the target", null=True, blank=True)
    figures_from = models.CharField("where the figures come from", max_length=250, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["participation", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="measure_has_a_name",
                condition=Q(name__regex=r"\S"),
                violation_error_message="Say what is measured.",
            ),
            models.UniqueConstraint(
                name="measure_once",
                fields=["participation", "name"],
                violation_error_message="There is a measure of this name. Open that one, or name this otherwise.",
            ),
            models.CheckConstraint(
                name="measure_better_is_known",
                condition=Q(better__in=Better.values),
                violation_error_message="Choose which way is better.",
            ),
            models.CheckConstraint(
                name="measure_baseline_and_its_day",
                condition=Q(baseline__isnull=True, baseline_on__isnull=True)
                | Q(baseline__isnull=False, baseline_on__isnull=False),
                violation_error_message="Enter both the baseline and its day, or neither.",
            ),
            models.CheckConstraint(
                name="measure_target_has_a_direction",
                condition=Q(target__isnull=True, target_on__isnull=True)
                | (Q(target__isnull=False) & ~Q(better=Better.NEITHER)),
                violation_error_message="A target needs a number and a way that is better: choose higher or lower.",
            ),
            models.CheckConstraint(
                name="measure_target_after_the_baseline",
                condition=Q(target_on__isnull=True) | Q(baseline_on__isnull=True) | Q(target_on__gt=F("baseline_on")),
                violation_error_message="The target’s day is not after the day of the baseline. Check both days.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded("figure", partnership="participation", about=("measure", "on_day"))
class MeasurePoint(RecordEntry):
    """The figure of one measure on one day; for a month, say, its first."""

    FACTS = ("on_day", "value")

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="measure_points"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="measure_points")
    measure = models.ForeignKey(OutcomeMeasure, on_delete=models.CASCADE, related_name="points")
    on_day = models.DateField("day")
    value = models.DecimalField("figure", max_digits=14, decimal_places=4)

    class Meta:
        ordering = ["measure", "on_day"]
        constraints = [
            models.UniqueConstraint(
                name="measure_point_once_a_day",
                fields=["measure", "on_day"],
                violation_error_message="This measure has a figure for that day. Change that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.on_day:%-d %B %Y}"
