"""What an organisation shows of a participation to others: nothing, until it says to whom; then its level, and where it
says so what was decided about it.

A sharing says who may see; what they see is read afresh through views of the database, which give out the level as it
stands (``SharedLevel``), the decision that counts (``decisions.SharedDecision``), and no other column. So nothing that
is shared can be out of date, and what is withdrawn is gone at once.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from partnerships.models.organisations import Organisation
from partnerships.models.ownership import OwnedModel
from partnerships.models.participations import Participation
from partnerships.models.partnerships import Partnership
from partnerships.recording import recorded


class Audience(models.TextChoices):
    MEMBERS = "members", "The partnership’s other members"
    SYSTEM = "system", "The integrated care board"


class SharingQuerySet(models.QuerySet["Sharing"]):
    def in_force(self) -> SharingQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def with_another_board_than(self, board: Organisation | None) -> SharingQuerySet:
        """Still in force, and shared with a board that the organisation has since left: its old board sees nothing."""
        return self.in_force().filter(audience=Audience.SYSTEM).exclude(system=board)

    def withdrawn(self) -> SharingQuerySet:
        return self.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-pk")


@recorded(
    "sharing",
    partnership="participation",
    about=("audience",),
    leave_out=("shared_at", "shared_by", "withdrawn_by"),
)
class Sharing(OwnedModel):
    """One participation's level, shown to one audience from ``shared_at`` until it is withdrawn.

    What is shown is never changed: to show more or less of it, one is withdrawn and another begins.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="sharings")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="sharings")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    system = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The integrated care board that may see it.",
    )
    with_decisions = models.BooleanField(
        "with what is decided", default=False, help_text="Whether they also see what was decided about it."
    )
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SharingQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "participation", "shared_at"]
        constraints = [
            models.UniqueConstraint(
                name="sharing_once_in_force",
                fields=["participation", "audience"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="This partnership is already shared with them.",
            ),
            models.CheckConstraint(
                name="sharing_audience_is_known",
                condition=Q(audience__in=Audience.values),
                violation_error_message="Choose with whom to share from the list.",
            ),
            models.CheckConstraint(
                name="sharing_with_a_system_names_it",
                condition=Q(audience=Audience.SYSTEM, system__isnull=False)
                | (~Q(audience=Audience.SYSTEM) & Q(system__isnull=True)),
                violation_error_message="Name the integrated care board when you share with it, and only then.",
            ),
            models.CheckConstraint(
                name="sharing_withdrawn_by_and_at",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                violation_error_message="Record both who withdrew it and when, or neither.",
            ),
            models.CheckConstraint(
                name="sharing_withdrawn_after_it_was_shared",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("shared_at")),
                violation_error_message="It cannot be withdrawn before it was shared.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.get_audience_display()}"


class SharedLevelQuerySet(models.QuerySet["SharedLevel"]):
    def with_system(self, system: Organisation) -> SharedLevelQuerySet:
        return self.filter(audience=Audience.SYSTEM, system=system).in_order()

    def with_members(self, partnership: Partnership, *, but: Organisation) -> SharedLevelQuerySet:
        """What other members show the members of a partnership."""
        return self.filter(audience=Audience.MEMBERS, partnership=partnership).exclude(organisation=but).in_order()

    def in_order(self) -> SharedLevelQuerySet:
        return self.select_related("organisation", "partnership__kind").order_by(
            "partnership__name", "-commitment", "organisation__name", "pk"
        )


class SharedLevel(models.Model):
    """A level as somebody shows it: rows of a view that shows an organisation only what was shared with it.

    ``commitment`` is the share of the value that the level obtains, 0 to 1: organisations name their levels as they
    like, and this is what can be compared.
    """

    sharing = models.OneToOneField(Sharing, primary_key=True, on_delete=models.DO_NOTHING, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.DO_NOTHING, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.DO_NOTHING, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    system = models.ForeignKey(Organisation, null=True, on_delete=models.DO_NOTHING, related_name="+")
    shared_at = models.DateTimeField()
    level = models.CharField(max_length=60)
    commitment: models.DecimalField[Decimal, Decimal] = models.DecimalField(max_digits=4, decimal_places=3)

    objects = SharedLevelQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "partnerships_sharedlevel"

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.level}"
