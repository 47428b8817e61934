"""What it costs to move a partnership to another level: people, relationships and plans have to follow."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from partnerships.models.organisations import Organisation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

POINTS = [MinValueValidator(0), MaxValueValidator(100)]


class CostOfChangeQuerySet(models.QuerySet["CostOfChange"]):
    def of(self, organisation: Organisation) -> CostOfChange | None:
        """What an organisation set; None where change costs nothing."""
        return self.filter(organisation=organisation).exclude(up=0, down=0).select_related("set_by").first()


@recorded("cost of change")
class CostOfChange(OwnedModel):
    """Points of value lost for each level that a partnership moves from today's; an organisation without one: none."""

    organisation = models.OneToOneField(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="cost_of_change"
    )
    up = models.DecimalField(max_digits=5, decimal_places=2, default=0, validators=POINTS)
    down = models.DecimalField(max_digits=5, decimal_places=2, default=0, validators=POINTS)
    set_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = CostOfChangeQuerySet.as_manager()

    class Meta:
        ordering = ["organisation"]
        verbose_name_plural = "costs of change"
        constraints = [
            models.CheckConstraint(
                name="cost_of_change_0_to_100",
                condition=Q(up__range=(0, 100), down__range=(0, 100)),
                violation_error_message="Enter the points lost for each level as a number from 0 to 100.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.up} points up, {self.down} points down"
