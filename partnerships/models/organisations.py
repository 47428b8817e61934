"""Organisations as the registers name them, with dated names and successors."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q

from partnerships.models.registers import RegisterSource
from partnerships.naming import readable_name
from partnerships.over_all_organisations import ids_of


class OrganisationKind(models.TextChoices):
    TRUST = "trust", "NHS trust"
    ICB = "icb", "Integrated care board"
    SUB_ICB = "sub_icb", "Sub-ICB location"
    COUNCIL = "council", "Council"
    PRACTICE = "practice", "GP practice"
    UNIT = "unit", "Hospital unit"
    OTHER = "other", "Other organisation"


def gone_by(day: datetime.date, through: str = "") -> Q:
    """What is true of an organisation gone by ``day``: closed in a register, or legally succeeded, or a unit of one.

    A register can call an organisation active for months after its merger, so the successor's legal date counts.
    ``through`` leads to the organisation from another model ("organisation__"), so that the database looks at each
    once, by its key, whatever it believes about the size of its tables just after an import.
    """
    unit = Q(**{f"{through}kind": OrganisationKind.UNIT})
    return (
        Q(**{f"{through}closed_on__lte": day})
        | Q(**{f"{through}succeeded_on__lte": day})
        | (unit & Q(**{f"{through}parent__closed_on__lte": day}))
        | (unit & Q(**{f"{through}parent__succeeded_on__lte": day}))
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def closed_on_or_before(self, day: datetime.date) -> OrganisationQuerySet:
        return self.filter(gone_by(day))

    def open_on(self, day: datetime.date) -> OrganisationQuerySet:
        return self.exclude(pk__in=self.model._default_manager.closed_on_or_before(day).values("pk"))

    def using_the_service(self) -> OrganisationQuerySet:
        """Organisations that have somebody who may act for them, or had."""
        return self.filter(pk__in=ids_of("partnerships_organisations_in_use"))

    def matching(self, words: str) -> OrganisationQuerySet:
        """Organisations whose code is ``words`` or whose present or earlier name contains every one of them."""
        found = self
        for word in words.split():
            found = found.filter(Q(code__iexact=word) | Q(names__name__icontains=word))
        return found.distinct()


class Organisation(models.Model):
    """A body that can take part in partnerships; ``code`` is its ODS code, or ours for an invented one."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200, blank=True, help_text="Blank where a register gives a code without a name.")
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices, default=OrganisationKind.OTHER)
    source = models.CharField(
        max_length=20,
        choices=RegisterSource.choices,
        default=RegisterSource.PERSON,
        help_text="The register whose word counts for this organisation.",
    )
    as_of = models.DateField(null=True, blank=True, help_text="The date of the newest register that spoke of it.")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    icb_code = models.CharField(max_length=12, blank=True, help_text="The ICB it counts towards.")
    region_code = models.CharField(max_length=12, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    succeeded_on = models.DateField(null=True, blank=True, help_text="The legal date of the succession.")
    is_invented = models.BooleanField(default=False, help_text="Made up for the demonstration; every page says so.")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                name="organisation_code_is_capitals",
                condition=Q(code__regex=r"^[A-Z0-9]+$"),
                violation_error_message="Enter a code of capital letters and digits, such as RH5.",
            ),
            models.CheckConstraint(
                name="organisation_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="The closing date is before the opening date. Check both dates.",
            ),
            models.CheckConstraint(
                name="organisation_successor_has_a_date",
                condition=Q(successor__isnull=True, succeeded_on__isnull=True)
                | Q(successor__isnull=False, succeeded_on__isnull=False),
                violation_error_message="Enter both the successor and the date it legally took over, or neither.",
            ),
            models.CheckConstraint(
                name="organisation_does_not_succeed_itself",
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                violation_error_message="An organisation cannot succeed itself. Choose the one that took over.",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return readable_name(self.name) or self.code

    @property
    def ended_with(self) -> Organisation:
        """The organisation whose end is this one's: itself, or, for a unit that no register closes, its trust."""
        if self.kind == OrganisationKind.UNIT and self.parent and not (self.closed_on or self.succeeded_on):
            return self.parent
        return self

    def gone_since(self) -> datetime.date | None:
        """The day it closed or was legally succeeded, whichever a record has first; for a unit also its parent's."""
        days = [day for day in (self.closed_on, self.succeeded_on) if day]
        if self.kind == OrganisationKind.UNIT and self.parent:
            parent_day = self.parent.gone_since()
            days += [parent_day] if parent_day else []
        return min(days, default=None)


class OrganisationName(models.Model):
    """A name an organisation has had, and between which days; the current one has no last day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    valid_from = models.DateField(null=True, blank=True, help_text="Blank: since before the first register we hold.")
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20, choices=RegisterSource.choices, default=RegisterSource.PERSON)

    class Meta:
        ordering = ["organisation", F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                name="organisation_has_one_current_name",
                fields=["organisation"],
                condition=Q(valid_until__isnull=True),
                violation_error_message="This organisation already has a current name. Give that one a last day first.",
            ),
            models.CheckConstraint(
                name="organisation_name_ends_after_it_starts",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message="The name's last day is before its first. Check both dates.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
