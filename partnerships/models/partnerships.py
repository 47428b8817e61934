"""Partnerships as everybody sees them: a name, a kind, its members, and the register it came from."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q

from partnerships.models.organisations import Organisation, gone_by
from partnerships.models.registers import RegisterSource
from partnerships.naming import readable_name
from partnerships.recording import NOT_LOADING, recorded


class PartnershipKind(models.Model):
    """A kind of partner body, kept as data: the list changes with each reorganisation of the NHS."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=250)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def of_registers(self) -> PartnershipQuerySet:
        return self.exclude(source=RegisterSource.PERSON)

    def primary_care_networks_in(self, icb_codes: Collection[str]) -> PartnershipQuerySet:
        return self.filter(source=RegisterSource.PRIMARY_CARE_NETWORKS, icb_code__in=icb_codes)

    def live_on(self, day: datetime.date) -> PartnershipQuerySet:
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def of_member(self, organisation: Organisation, day: datetime.date) -> PartnershipQuerySet:
        """Live partnerships in which a register, or a person, has ``organisation`` or one of its units on ``day``."""
        return (
            self.live_on(day)
            .filter(
                Q(memberships__organisation=organisation) | Q(memberships__organisation__parent=organisation),
                Q(memberships__left_on__isnull=True) | Q(memberships__left_on__gt=day),
            )
            .distinct()
        )


@recorded(
    "public record",
    partnership="self",
    leave_out=("slug", "source", "as_of", "recorded_by"),
    shared=True,
    only=NOT_LOADING,
)
class Partnership(models.Model):
    """A partnership that one or more organisations take part in. Most have no code; those of a register do."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.ForeignKey(PartnershipKind, on_delete=models.PROTECT, related_name="partnerships")
    source = models.CharField(max_length=20, choices=RegisterSource.choices, default=RegisterSource.PERSON)
    register_code = models.CharField(max_length=20, blank=True)
    icb_code = models.CharField(max_length=12, blank=True, help_text="The ICB whose area it lies in.")
    sub_icb_code = models.CharField(max_length=12, blank=True, help_text="The sub-ICB location whose area it lies in.")
    postcode = models.CharField(max_length=10, blank=True)
    as_of = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recorded_partnerships",
        help_text="The organisation that added it; blank where a register did.",
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="partnership_register_code_once",
                fields=["source", "register_code"],
                condition=~Q(register_code=""),
                violation_error_message="A partnership with this register code is already recorded.",
            ),
            models.CheckConstraint(
                name="partnership_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="The end date is before the start date. Check both dates.",
            ),
            models.CheckConstraint(
                name="partnership_has_an_origin",
                condition=Q(source=RegisterSource.PERSON, register_code="", recorded_by__isnull=False)
                | (~Q(source=RegisterSource.PERSON) & ~Q(register_code="") & Q(recorded_by__isnull=True)),
                violation_error_message="A partnership comes from a register, with its code, or from an organisation.",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return readable_name(self.name)


class IsAmong(Func):
    """Whether a key is among those of an array, which the database makes first and once."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = models.BooleanField()


class MembershipQuerySet(models.QuerySet["PartnershipMembership"]):
    def current_on(self, day: datetime.date) -> MembershipQuerySet:
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def of_organisation(self, organisation: Organisation) -> MembershipQuerySet:
        """Those of an organisation, of its units, and of the organisations it took over from with their units.

        Asked in one condition over both tables, the database may go through every membership for each organisation when
        it knows nothing of their size, just after an import.
        """
        taken_over = Organisation.objects.filter(successor=organisation)
        ours = Organisation.objects.filter(
            Q(pk=organisation.pk)
            | Q(parent=organisation)
            | Q(successor=organisation)
            | Q(parent__in=taken_over.values("pk"))
        )
        return self.filter(IsAmong("organisation_id", ArraySubquery(ours.values("pk"))))

    def of_gone_organisations(self, day: datetime.date) -> MembershipQuerySet:
        """Current memberships in live partnerships whose organisation has closed or been succeeded by ``day``."""
        return (
            self.current_on(day)
            .filter(
                gone_by(day, through="organisation__"),
                Q(partnership__ended_on__isnull=True) | Q(partnership__ended_on__gt=day),
            )
            .select_related("partnership", "organisation__successor", "organisation__parent__successor")
            .order_by("partnership__name", "organisation__code", "pk")
        )


@recorded(
    "member",
    partnership="partnership",
    about=("organisation",),
    leave_out=("source", "as_of"),
    shared=True,
    only=NOT_LOADING,
)
class PartnershipMembership(models.Model):
    """One organisation's membership of a partnership, between two days."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    is_lead = models.BooleanField(default=False)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20, choices=RegisterSource.choices, default=RegisterSource.PERSON)
    as_of = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "organisation"]
        constraints = [
            models.UniqueConstraint(
                name="membership_once_from_a_day",
                fields=["partnership", "organisation", "joined_on"],
                nulls_distinct=False,
                violation_error_message="This organisation is already a member from that day.",
            ),
            models.UniqueConstraint(
                name="membership_one_lead",
                fields=["partnership"],
                condition=Q(is_lead=True, left_on__isnull=True),
                violation_error_message="This partnership already has a lead. Choose one organisation as the lead.",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message="The day they left is before the day they joined. Check both dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.partnership}"
