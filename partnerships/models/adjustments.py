"""Days that pools have less or more of than is recorded for them, from one quarter until another, and what for.

Whoever sets days aside for something (a plan, above this floor) says so here, so that the capacity page and each score
count with what is left. What a pool has in a quarter stays as somebody recorded it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerships.models.capacity import CapacityPool, Quarter
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

FIRST_MONTHS = (1, 4, 7, 10)


class AdjustmentKind(models.TextChoices):
    SET_ASIDE = "set_aside", "Set aside"
    FREED = "freed", "Freed"
    CONSIDERED = "considered", "Considered"


@recorded(
    "days set aside or freed",
    partnership="participation",
    moves=True,
    about=("what_for",),
    leave_out=("given_back_by", "recorded_by", "recorded_at"),
)
class CapacityAdjustment(OwnedModel):
    """Days set aside for something, or freed by something, in the pools that ``amounts`` name.

    They count in each quarter from ``from_quarter`` until ``until_quarter`` (blank: until further notice). Once they
    were given back they count in no quarter from that one on; what was spent before stays spent. Days set aside that
    nobody has given back by the end of their last quarter go on counting until somebody does: whatever they are for
    goes on. Without a first quarter nothing counts: days that would be freed, or that are only considered.
    ``participation`` says of which partnership they are, where they are of one alone.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="capacity_adjustments"
    )
    participation = models.ForeignKey(
        "partnerships.Participation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="capacity_adjustments",
    )
    kind = models.CharField(max_length=10, choices=AdjustmentKind.choices)
    what_for = models.CharField("what for", max_length=500)
    from_quarter = models.DateField(null=True, blank=True, help_text="The first day of the first quarter.")
    until_quarter = models.DateField(
        null=True, blank=True, help_text="The first day of the last quarter; blank until further notice."
    )
    given_back_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given_back_on = models.DateField("day on which it was given back", null=True, blank=True)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["organisation", "from_quarter", "pk"]
        constraints = [
            models.CheckConstraint(
                name="adjustment_kind_is_known",
                condition=Q(kind__in=AdjustmentKind.values),
                violation_error_message="Days are set aside, freed or considered.",
            ),
            models.CheckConstraint(
                name="adjustment_says_what_for",
                condition=Q(what_for__regex=r"\S"),
                violation_error_message="Say what the days are set aside for, or what frees them.",
            ),
            models.CheckConstraint(
                name="adjustment_quarters_are_first_days",
                condition=(Q(from_quarter__isnull=True) | Q(from_quarter__day=1, from_quarter__month__in=FIRST_MONTHS))
                & (Q(until_quarter__isnull=True) | Q(until_quarter__day=1, until_quarter__month__in=FIRST_MONTHS)),
                violation_error_message="A quarter starts on the first of January, April, July or October.",
            ),
            models.CheckConstraint(
                name="adjustment_ends_after_it_starts",
                condition=Q(until_quarter__isnull=True)
                | Q(from_quarter__isnull=False, until_quarter__gte=F("from_quarter")),
                violation_error_message="The last quarter is before the first. Check both.",
            ),
            models.CheckConstraint(
                name="adjustment_sets_aside_from_a_quarter",
                condition=~Q(kind=AdjustmentKind.SET_ASIDE) | Q(from_quarter__isnull=False),
                violation_error_message="Say from which quarter the days are set aside.",
            ),
            models.CheckConstraint(
                name="adjustment_considered_never_counts",
                condition=~Q(kind=AdjustmentKind.CONSIDERED) | Q(from_quarter__isnull=True),
                violation_error_message="Days that are only considered do not count in any quarter.",
            ),
            models.CheckConstraint(
                name="adjustment_given_back_by_and_on",
                condition=Q(given_back_by__isnull=True, given_back_on__isnull=True)
                | Q(given_back_by__isnull=False, given_back_on__isnull=False),
                violation_error_message="Record both who gave the days back and when, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what_for}"

    def counts_in(self, quarter: Quarter, today: datetime.date) -> bool:
        """As it is known on that day."""
        if self.from_quarter is None or self.from_quarter > quarter.first_day:
            return False
        if self.given_back_on is not None and self.given_back_on < quarter.next().first_day:
            return False
        if self.until_quarter is None or self.until_quarter >= quarter.first_day:
            return True
        return self.kind == AdjustmentKind.SET_ASIDE and self._was_open_on(today, after=self.until_quarter)

    def _was_open_on(self, today: datetime.date, *, after: datetime.date) -> bool:
        """Whether nobody had given them back by the end of their last quarter, which has gone by."""
        last = self.given_back_on or today
        return Quarter.containing(last).first_day > after

    def is_past_its_end_in(self, quarter: Quarter) -> bool:
        """Whether it counts in a quarter after the last that was meant, if it counts there."""
        return self.until_quarter is not None and self.until_quarter < quarter.first_day

    @property
    def last_day(self) -> datetime.date | None:
        """The last day it counts on; None until further notice."""
        if self.until_quarter is None:
            return None
        return Quarter(self.until_quarter).next().first_day - datetime.timedelta(days=1)


class AdjustedDaysQuerySet(models.QuerySet["AdjustedDays"]):
    def that_may_count(self) -> AdjustedDaysQuerySet:
        """Those that count in some quarter, with what they are for; what was given back, for the time before."""
        return (
            self.filter(adjustment__from_quarter__isnull=False)
            .select_related("adjustment")
            .order_by("adjustment__from_quarter", "pk")
        )


@recorded("days of one pool set aside or freed", partnership="adjustment", about=("adjustment", "pool"))
class AdjustedDays(OwnedModel):
    """Days a quarter of one pool."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="adjusted_days"
    )
    adjustment = models.ForeignKey(CapacityAdjustment, on_delete=models.CASCADE, related_name="amounts")
    pool = models.ForeignKey(CapacityPool, on_delete=models.PROTECT, related_name="adjusted_days")
    days = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])

    objects = AdjustedDaysQuerySet.as_manager()

    class Meta:
        ordering = ["adjustment", "pool__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="adjusted_days_once_a_pool",
                fields=["adjustment", "pool"],
                violation_error_message="The days of this pool are recorded already.",
            ),
            models.CheckConstraint(
                name="adjusted_days_are_some",
                condition=Q(days__gt=0),
                violation_error_message="Enter more than 0 days, or leave the pool empty.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.days} days"


@dataclass(frozen=True)
class Adjusted:
    """What counts in one pool and quarter: days set aside and freed, and the rows that say what for; ``overdue`` are
    those of them whose last quarter has gone by.
    """

    set_aside: Decimal = Decimal(0)
    freed: Decimal = Decimal(0)
    rows: tuple[AdjustedDays, ...] = ()
    overdue: tuple[AdjustedDays, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[AdjustedDays], quarter: Quarter, today: datetime.date) -> Adjusted:
        """Of rows of one pool, as it is known on that day."""
        counted = tuple(row for row in rows if row.adjustment.counts_in(quarter, today))
        overdue = tuple(row for row in counted if row.adjustment.is_past_its_end_in(quarter))
        set_aside = sum((row.days for row in counted if row.adjustment.kind == AdjustmentKind.SET_ASIDE), Decimal(0))
        return cls(set_aside, sum((row.days for row in counted), Decimal(0)) - set_aside, counted, overdue)

    def left_of(self, net: Decimal) -> Decimal:
        """What is left of the days after the reserve; never less than none."""
        return max(net + self.freed - self.set_aside, Decimal(0))


NOTHING_ADJUSTED = Adjusted()
