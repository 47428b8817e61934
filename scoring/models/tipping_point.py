"""The tipping point: from how much attention one more partnership starts to hurt the others."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

# Where an organisation has not answered the two questions: six partnerships prioritised and two sustained are as much
# as a leadership team holds well; at twice that one more typical partnership adds nothing. An assumption, shown as one.
HURTS_FROM_BY_DEFAULT = 20
ADDS_NOTHING_AT_BY_DEFAULT = 40


@recorded("tipping point")
class TippingPoint(OwnedModel):
    """One organisation's two answers, in points of attention (the load of its engagement levels)."""

    organisation = models.OneToOneField(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="tipping_point"
    )
    hurts_from = models.PositiveSmallIntegerField(
        default=HURTS_FROM_BY_DEFAULT, help_text="The load from which one more starts to hurt the others."
    )
    adds_nothing_at = models.PositiveSmallIntegerField(
        default=ADDS_NOTHING_AT_BY_DEFAULT,
        help_text="The load at which one more typical partnership would add nothing overall.",
    )
    set_by = models.ForeignKey("partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organisation"]
        constraints = [
            models.CheckConstraint(
                name="tipping_point_after_it_starts_to_hurt",
                condition=Q(adds_nothing_at__gt=F("hurts_from")),
                violation_error_message="The point where one more adds nothing must come after the point where it "
                "starts to hurt.",
            ),
            models.CheckConstraint(
                name="tipping_point_set_by_and_at",
                condition=Q(set_by__isnull=True, set_at__isnull=True) | Q(set_by__isnull=False, set_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"From {self.hurts_from} to {self.adds_nothing_at} points"
