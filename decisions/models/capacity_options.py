"""Ways to have more capacity to collaborate, such as a partnership office: days of one or several pools, at a price."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from partnerships.models import CapacityAdjustment
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class CapacityOptionQuerySet(models.QuerySet["CapacityOption"]):
    def for_list(self) -> CapacityOptionQuerySet:
        """Everything a row of the list needs, in two queries."""
        return self.select_related("adjustment").prefetch_related("adjustment__amounts__pool").order_by("name")


@recorded("option for more capacity", about=("name",), leave_out=("adjustment", "recorded_by", "recorded_at"))
class CapacityOption(OwnedModel):
    """Days a quarter that pools would have more, before their reserve, and what that would cost a year if known.

    Its days (``adjustment``) are only considered and count nowhere: whoever has them enters them as capacity.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="capacity_options"
    )
    name = models.CharField("what it is", max_length=200)
    yearly_cost = models.DecimalField(
        "pounds a year",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    adjustment = models.OneToOneField(CapacityAdjustment, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = CapacityOptionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="capacity_option_once",
                violation_error_message="An option has this name already. Choose a different one.",
            ),
            models.CheckConstraint(
                name="capacity_option_has_a_name",
                condition=Q(name__regex=r"\S"),
                violation_error_message="Enter what the option is.",
            ),
            models.CheckConstraint(
                name="capacity_option_costs_something",
                condition=Q(yearly_cost__isnull=True) | Q(yearly_cost__gt=0),
                violation_error_message="Enter the cost as more than £0, or leave it empty where nobody knows it.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
