"""Capacity pools: whose days we have to give, and how many in each quarter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from partnerships.models.ownership import OwnedModel


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, named by its first day. NHS years start in April, so April to June is quarter 1."""

    first_day: datetime.date

    @classmethod
    def containing(cls, day: datetime.date) -> Quarter:
        return cls(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))

    def next(self) -> Quarter:
        return Quarter.containing(self.first_day + datetime.timedelta(days=95))

    def previous(self) -> Quarter:
        return Quarter.containing(self.first_day - datetime.timedelta(days=1))

    def __str__(self) -> str:
        last = self.next().first_day - datetime.timedelta(days=1)
        return f"{self.first_day:%B} to {last:%B %Y}"


class CapacityPool(OwnedModel):
    """A group of staff whose time is counted apart from others': executives, clinicians, the programme team."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="capacity_pools"
    )
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["organisation", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                name="pool_code_once",
                fields=["organisation", "code"],
                violation_error_message="You already have a pool with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CapacityQuarter(OwnedModel):
    """Days one pool has in one quarter, before a reserve kept back for the unexpected is taken off."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="capacity_quarters"
    )
    pool = models.ForeignKey(CapacityPool, on_delete=models.CASCADE, related_name="quarters")
    quarter = models.DateField(help_text="The first day of the quarter.")
    days = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])
    reserve_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    class Meta:
        ordering = ["organisation", "pool__position", "quarter"]
        constraints = [
            models.UniqueConstraint(
                name="capacity_once_a_quarter",
                fields=["pool", "quarter"],
                violation_error_message="Days for this pool and quarter are already recorded.",
            ),
            models.CheckConstraint(
                name="capacity_quarter_is_a_first_day",
                condition=Q(quarter__day=1, quarter__month__in=(1, 4, 7, 10)),
                violation_error_message="A quarter starts on the first of January, April, July or October.",
            ),
            models.CheckConstraint(
                name="capacity_days_not_negative",
                condition=Q(days__gte=0),
                violation_error_message="Enter days as 0 or more.",
            ),
            models.CheckConstraint(
                name="capacity_reserve_is_a_percentage",
                condition=Q(reserve_percent__range=(0, 100)),
                violation_error_message="Enter the reserve as a percentage from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool}: {self.days} days, {Quarter(self.quarter)}"

    @property
    def available(self) -> Decimal:
        """Days left to give once the reserve is kept back."""
        return self.days * (100 - self.reserve_percent) / 100
