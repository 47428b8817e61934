"""Capacity pools: whose days we have to give, and how many in each quarter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


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


@recorded("capacity pool", about=("name",), leave_out=("code",))
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
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="pool_name_once",
                violation_error_message="Another pool has this name. Choose a different one.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded("capacity", about=("pool", "quarter"))
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


class PoolShareQuerySet(models.QuerySet["PoolShare"]):
    def in_quarter(self, quarter: Quarter) -> PoolShareQuerySet:
        """Those that hold in a quarter; at most one a pool."""
        day = quarter.first_day
        return self.filter(Q(until_quarter__isnull=True) | Q(until_quarter__gte=day), from_quarter__lte=day)


@recorded("share of a pool", about=("pool", "from_quarter"))
class PoolShare(OwnedModel):
    """Our agreed share of a pool that several organisations give their days from, between two quarters.

    Days of a shared pool are recorded for the whole of it; in quarters without an agreed share all of them are ours.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="pool_shares")
    pool = models.ForeignKey(CapacityPool, on_delete=models.CASCADE, related_name="shares")
    shared_with = models.CharField(max_length=200, help_text="The organisations that share it.")
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    from_quarter = models.DateField(help_text="The first day of the first quarter it holds for.")
    until_quarter = models.DateField(
        null=True, blank=True, help_text="The first day of the last quarter it holds for; blank until further notice."
    )
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PoolShareQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "pool__position", "from_quarter"]
        constraints = [
            models.UniqueConstraint(
                name="pool_share_once_from_a_quarter",
                fields=["pool", "from_quarter"],
                violation_error_message="A share of this pool from that quarter is already recorded. Remove it first.",
            ),
            models.CheckConstraint(
                name="pool_share_is_a_percentage",
                condition=Q(percent__gt=0, percent__lte=100),
                violation_error_message="Enter your share as a percentage, more than 0 and at most 100.",
            ),
            models.CheckConstraint(
                name="pool_share_quarters_are_first_days",
                condition=Q(from_quarter__day=1, from_quarter__month__in=(1, 4, 7, 10))
                & (Q(until_quarter__isnull=True) | Q(until_quarter__day=1, until_quarter__month__in=(1, 4, 7, 10))),
                violation_error_message="A quarter starts on the first of January, April, July or October.",
            ),
            models.CheckConstraint(
                name="pool_share_ends_after_it_starts",
                condition=Q(until_quarter__isnull=True) | Q(until_quarter__gte=F("from_quarter")),
                violation_error_message="The last quarter of a share is before its first. Check both.",
            ),
            models.CheckConstraint(
                name="pool_share_says_with_whom",
                condition=Q(shared_with__regex=r"\S"),
                violation_error_message="Enter the organisations that share the pool with you.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% of {self.pool}"

    @property
    def last_day(self) -> datetime.date | None:
        """The last day it holds for; None until further notice."""
        if self.until_quarter is None:
            return None
        return Quarter(self.until_quarter).next().first_day - datetime.timedelta(days=1)

    def holds_in(self, quarter: Quarter) -> bool:
        return self.from_quarter <= quarter.first_day and (
            self.until_quarter is None or self.until_quarter >= quarter.first_day
        )

    def whole_of(self, days: Decimal) -> Decimal:
        """The days of the whole pool of which ``days`` are ours, to the hundredth in which they are recorded."""
        return (days * 100 / self.percent).quantize(Decimal("0.01"))

    def of(self, days: Decimal) -> Decimal:
        """Our days out of the pool's, to the thousandth that the engine counts in."""
        return (days * self.percent / 100).quantize(Decimal("0.001"))
