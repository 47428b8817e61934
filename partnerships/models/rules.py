"""Rules between partnerships: keep at least some of these, one needs another, not both, together they add more."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.text import get_text_list

from partnerships.models.levels import EngagementLevel
from partnerships.models.ownership import OwnedModel
from partnerships.models.participations import Participation
from partnerships.models.partnerships import PartnershipKind
from partnerships.numbers import plain_number
from partnerships.recording import recorded

MOST_POINTS = 100


class RuleKind(models.TextChoices):
    AT_LEAST = "at-least", "Keep at least some of these"
    NEEDS = "needs", "One needs another"
    NOT_BOTH = "not-both", "Not both"
    SYNERGY = "synergy", "Together they add more"


class RuleQuerySet(models.QuerySet["PortfolioRule"]):
    def in_full(self) -> RuleQuerySet:
        """With all that their words need, in a fixed number of queries."""
        return self.select_related(
            "level", "other_level", "partnership_kind", "recorded_by", "organisation"
        ).prefetch_related("members__participation__partnership")

    def naming(self, participation: Participation) -> RuleQuerySet:
        """Those that name a participation, by itself or by the kind of its partnership."""
        named = Q(members__participation=participation) | Q(partnership_kind=participation.partnership.kind_id)
        return self.filter(named).distinct()


@recorded("rule", about=("kind",))
class PortfolioRule(OwnedModel):
    """One rule over an organisation's partnerships; a level in it always means that level or above.

    ``level`` speaks of every member, but in "A needs B" of A alone, where ``other_level`` speaks of B. A rule over all
    partnerships of a kind has no members of its own: which they are is looked up whenever it is used.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="rules")
    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    level = models.ForeignKey(EngagementLevel, on_delete=models.PROTECT, related_name="rules")
    other_level = models.ForeignKey(
        EngagementLevel, null=True, blank=True, on_delete=models.PROTECT, related_name="rules_needing"
    )
    at_least = models.PositiveSmallIntegerField(null=True, blank=True)
    partnership_kind = models.ForeignKey(
        PartnershipKind, null=True, blank=True, on_delete=models.PROTECT, related_name="rules"
    )
    points = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_POINTS)],
        help_text="What they add together, on the value scale of 0 to 100.",
    )
    source = models.CharField(max_length=250, help_text="Where it is written, or why it holds.")
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_kind_is_known",
                condition=Q(kind__in=RuleKind.values),
                violation_error_message="Choose a kind of rule from the list.",
            ),
            models.CheckConstraint(
                name="rule_at_least_has_a_number",
                condition=Q(kind=RuleKind.AT_LEAST, at_least__isnull=False, at_least__gte=1)
                | (~Q(kind=RuleKind.AT_LEAST) & Q(at_least__isnull=True)),
                violation_error_message="Enter how many to keep, 1 or more.",
            ),
            models.CheckConstraint(
                name="rule_over_a_kind_says_how_many",
                condition=Q(kind=RuleKind.AT_LEAST) | Q(partnership_kind__isnull=True),
                violation_error_message="Only a rule that says how many to keep can be over all of a kind.",
            ),
            models.CheckConstraint(
                name="rule_needs_has_both_levels",
                condition=Q(kind=RuleKind.NEEDS, other_level__isnull=False)
                | (~Q(kind=RuleKind.NEEDS) & Q(other_level__isnull=True)),
                violation_error_message="Choose the level at which the other partnership is needed.",
            ),
            models.CheckConstraint(
                name="rule_synergy_has_points",
                condition=Q(kind=RuleKind.SYNERGY, points__isnull=False, points__gt=0, points__lte=MOST_POINTS)
                | (~Q(kind=RuleKind.SYNERGY) & Q(points__isnull=True)),
                violation_error_message="Enter the points that they add together, more than 0 and at most 100.",
            ),
            models.CheckConstraint(
                name="rule_has_a_reason",
                condition=Q(source__regex=r"\S"),
                violation_error_message="Enter where the rule is written, or why it holds.",
            ),
        ]

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> str:
        names = [member.participation.partnership.display_name for member in self.members.all()]
        if self.kind == RuleKind.AT_LEAST:
            among = f"the kind “{self.partnership_kind}”" if self.partnership_kind else get_text_list(names, "and")
            return f"Keep at least {self.at_least} of {among} at {self.level} or above"
        if self.kind == RuleKind.NEEDS:
            return f"{names[0]} at {self.level} or above needs {names[1]} at {self.other_level} or above"
        if self.kind == RuleKind.NOT_BOTH:
            return f"Not both {names[0]} and {names[1]} at {self.level} or above"
        many = "point" if self.points == 1 else "points"
        added = f"{plain_number(self.points)} {many}"
        return f"{names[0]} and {names[1]} together add {added} when both are at {self.level} or above"


class PastRule(OwnedModel):
    """What a rule said until somebody removed or changed it, in the words of that day; nobody edits it.

    Words and not ids: names and levels change later, and a level that only the past speaks of may be removed.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="past_rules")
    words = models.TextField()
    source = models.CharField(max_length=250)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
    became = models.TextField(blank=True, help_text="What the rule says since; blank where it was removed.")

    class Meta:
        ordering = ["organisation", "-ended_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="past_rule_keeps_its_words",
                condition=Q(words__regex=r"\S", source__regex=r"\S"),
                violation_error_message="Keep what the rule said, and why.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_removed(self) -> bool:
        return not self.became


@recorded("place in a rule", partnership="participation", about=("rule",), leave_out=("position",))
class RuleMember(OwnedModel):
    """One participation that a rule names; in "A needs B" the first is A."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="rule_members")
    rule = models.ForeignKey(PortfolioRule, on_delete=models.CASCADE, related_name="members")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="rule_members")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rule", "position"]
        constraints = [
            models.UniqueConstraint(
                name="rule_member_once",
                fields=["rule", "participation"],
                violation_error_message="A rule names each partnership once. Choose different ones.",
            ),
            models.UniqueConstraint(
                name="rule_member_position_once",
                fields=["rule", "position"],
                violation_error_message="Two partnerships cannot stand at the same place of a rule.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} in rule {self.rule_id}"
