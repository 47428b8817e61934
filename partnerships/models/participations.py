"""Participation: one organisation's part in one partnership, in its own words, with what it costs in days."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerships.models.capacity import CapacityPool
from partnerships.models.levels import EngagementLevel
from partnerships.models.ownership import OwnedModel
from partnerships.models.partnerships import Partnership
from partnerships.recording import recorded


class ParticipationState(models.TextChoices):
    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"


# From which state to which, said once; actions.change_state reads it.
TRANSITIONS: dict[ParticipationState, frozenset[ParticipationState]] = {
    ParticipationState.DRAFT: frozenset({ParticipationState.ACTIVE, ParticipationState.ENDED}),
    ParticipationState.ACTIVE: frozenset({ParticipationState.ENDED}),
    ParticipationState.ENDED: frozenset({ParticipationState.ACTIVE}),
}


class Stage(models.TextChoices):
    FORMING = "forming", "Forming"
    STORMING = "storming", "Storming"
    NORMING = "norming", "Norming"
    PERFORMING = "performing", "Performing"
    ENDING = "ending", "Coming to an end"


class GovernanceForm(models.TextChoices):
    INFORMAL = "informal", "Informal, nothing signed"
    MEMORANDUM = "memorandum", "Memorandum of understanding"
    ALLIANCE = "alliance", "Alliance agreement"
    PRIME_CONTRACTOR = "prime_contractor", "Prime contractor or lead provider"
    COMMITTEES_IN_COMMON = "committees_in_common", "Committees in common"
    JOINT_COMMITTEE = "joint_committee", "Joint committee"
    JOINT_VENTURE = "joint_venture", "Joint venture"
    GROUP = "group", "Group or shared board"
    STATUTORY = "statutory", "Set up in law"


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def live(self) -> ParticipationQuerySet:
        """Drafts and active ones: what the organisation is in, or is thinking of."""
        return self.exclude(state=ParticipationState.ENDED)

    def with_merged(self, participation: Participation) -> ParticipationQuerySet:
        """The record and those that were merged into it."""
        return self.filter(Q(pk=participation.pk) | Q(merged_into=participation)).select_related("partnership")

    def active(self) -> ParticipationQuerySet:
        return self.filter(state=ParticipationState.ACTIVE)

    def chosen_by(
        self, *, kind: str = "", sponsor: str = "", stage: str = "", state: str = ""
    ) -> ParticipationQuerySet:
        """Those that every given filter lets through: a kind's code, a sponsor's name, a stage, a state."""
        wanted = {"partnership__kind__code": kind, "sponsor": sponsor, "stage": stage, "state": state}
        return self.filter(**{field: value for field, value in wanted.items() if value})

    def without_days(self) -> ParticipationQuerySet:
        """Those for which nobody has estimated any days."""
        return self.filter(days_needed__isnull=True)

    def for_list(self) -> ParticipationQuerySet:
        """Everything a row of the portfolio's table needs, in a fixed number of queries."""
        return self.select_related("partnership__kind", "level", "mandate_level").prefetch_related(
            "days_needed__pool", "days_needed__level", "value_ratings"
        )

    def for_export(self) -> ParticipationQuerySet:
        """Everything that a spreadsheet of the portfolio holds, in a fixed number of queries."""
        return self.for_list().prefetch_related("partnership__memberships__organisation")


@recorded("record", partnership="self")
class Participation(OwnedModel):
    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="participations"
    )
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="participations")
    state = models.CharField(max_length=8, choices=ParticipationState.choices, default=ParticipationState.DRAFT)

    purpose = models.TextField(blank=True)
    patient_benefit = models.TextField("benefit to patients", blank=True)
    end_goal = models.TextField(blank=True)
    what_it_is_not = models.TextField("what it is not", blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    governance_form = models.CharField(max_length=24, choices=GovernanceForm.choices, blank=True)
    sponsor = models.CharField(max_length=120, blank=True, help_text="The executive who answers for it.")
    lead = models.CharField(max_length=120, blank=True, help_text="The person who does the work of it.")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    level = models.ForeignKey(
        EngagementLevel, null=True, blank=True, on_delete=models.PROTECT, related_name="participations_today"
    )
    mandate_level = models.ForeignKey(
        EngagementLevel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations_required",
        help_text="The least level that law or contract requires of us.",
    )
    mandate_source = models.CharField(max_length=250, blank=True, help_text="Where that duty is written.")
    harm_of_declining = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="What we or patients would lose by leaving, on the value scale of 0 to 100.",
    )
    harm_reviewed_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    harm_reviewed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="The record that goes on in place of this one, which was of the same partnership.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "partnership__name"]
        constraints = [
            models.UniqueConstraint(
                name="participation_once",
                fields=["organisation", "partnership"],
                violation_error_message="This partnership is already in your portfolio.",
            ),
            models.CheckConstraint(
                name="participation_active_has_patient_benefit",
                condition=~Q(state=ParticipationState.ACTIVE) | Q(patient_benefit__regex=r"\S"),
                violation_error_message="Say how patients benefit. A partnership cannot be active without it.",
            ),
            models.CheckConstraint(
                name="participation_active_has_a_level",
                condition=~Q(state=ParticipationState.ACTIVE) | Q(level__isnull=False),
                violation_error_message="Choose today's level of engagement.",
            ),
            models.CheckConstraint(
                name="participation_mandate_has_a_source",
                condition=Q(mandate_level__isnull=True, mandate_source="")
                | (Q(mandate_level__isnull=False) & Q(mandate_source__regex=r"\S")),
                violation_error_message="Enter both the level a duty requires and where it is written, or neither.",
            ),
            models.CheckConstraint(
                name="participation_harm_between_0_and_100",
                condition=Q(harm_of_declining__range=(0, 100)),
                violation_error_message="Enter the harm of leaving as a number from 0 to 100.",
            ),
            models.CheckConstraint(
                name="participation_harm_reviewed_by_and_at",
                condition=Q(harm_reviewed_by__isnull=True, harm_reviewed_at__isnull=True)
                | Q(harm_reviewed_by__isnull=False, harm_reviewed_at__isnull=False),
                violation_error_message="Record both who reviewed the harm of leaving and when, or neither.",
            ),
            models.CheckConstraint(
                name="participation_merged_has_ended",
                condition=Q(merged_into__isnull=True) | Q(state=ParticipationState.ENDED),
                violation_error_message="What is merged into another record has ended. Undo the merge first.",
            ),
            models.CheckConstraint(
                name="participation_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="Choose another record to merge this one into.",
            ),
            models.CheckConstraint(
                name="participation_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="The end date is before the start date. Check both dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership.display_name} ({self.organisation_id})"


DAYS_IN_ORDER = "Enter days so that low is no more than likely, and likely no more than high."


@recorded("days", partnership="participation", about=("pool", "level"))
class DaysNeeded(OwnedModel):
    """Days a quarter that one level of one participation needs from one pool, as low, likely and high estimates."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="days_needed")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="days_needed")
    level = models.ForeignKey(EngagementLevel, on_delete=models.PROTECT, related_name="days_needed")
    pool = models.ForeignKey(CapacityPool, on_delete=models.PROTECT, related_name="days_needed")
    low = models.DecimalField(max_digits=7, decimal_places=2)
    likely = models.DecimalField(max_digits=7, decimal_places=2)
    high = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        ordering = ["participation", "level__position", "pool__position"]
        verbose_name_plural = "days needed"
        constraints = [
            models.UniqueConstraint(
                name="days_needed_once",
                fields=["participation", "level", "pool"],
                violation_error_message="Days for this level and pool are already recorded.",
            ),
            models.CheckConstraint(
                name="days_needed_low_likely_high",
                condition=Q(low__gte=0) & Q(likely__gte=F("low")) & Q(high__gte=F("likely")),
                violation_error_message=DAYS_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.likely} days"
