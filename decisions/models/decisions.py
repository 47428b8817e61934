"""Decisions: lines that are added and never edited. What was decided anew stands in a line of its own, after the first.

A decision keeps the recommendation as it stood. Which one counts is the last of its chain. Where the last line undid a
decision, the one before that stands again, which the line names, or none where there was none; all stay on record.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from decisions.models.meetings import Meeting
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded
from scoring.models import Confidence, Label, Run


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", "As recommended"
    OVERRULED = "overruled", "Otherwise than recommended"
    UNDONE = "undone", "Undone"


# Which line may follow which about one partnership, None where there is none yet; said once, and the actions read it.
FOLLOWS: dict[Outcome | None, frozenset[Outcome]] = {
    None: frozenset({Outcome.ACCEPTED, Outcome.OVERRULED}),
    Outcome.ACCEPTED: frozenset({Outcome.ACCEPTED, Outcome.OVERRULED, Outcome.UNDONE}),
    Outcome.OVERRULED: frozenset({Outcome.ACCEPTED, Outcome.OVERRULED, Outcome.UNDONE}),
    # Undoing once more takes back the decision that stands again.
    Outcome.UNDONE: frozenset({Outcome.ACCEPTED, Outcome.OVERRULED, Outcome.UNDONE}),
}


class DecisionQuerySet(models.QuerySet["Decision"]):
    def last_words(self) -> DecisionQuerySet:
        """The last of each chain, also where it undid the one before."""
        return self.filter(superseded_by__isnull=True)

    def current(self) -> DecisionQuerySet:
        """Those that count: one a partnership at most, the last or the one that stands again."""
        undoing = Decision.objects.filter(stands_again=OuterRef("pk"), superseded_by__isnull=True)
        last = Q(superseded_by__isnull=True) & ~Q(outcome=Outcome.UNDONE)
        return self.filter(last | Q(Exists(undoing)))

    def not_in_effect_by(self, day: datetime.date) -> DecisionQuerySet:
        """Those whose day has come, and whose level nobody has put on the partnership yet.

        None while a meeting is under way, whoever decided: every new level has the portfolio scored again, and what a
        meeting decides on stands still until it ends. Where nobody ends it, it stands still until that day is over.
        """
        under_way = Meeting.objects.held_today(day).filter(organisation=OuterRef("organisation"))
        over = Q(meeting__isnull=True) | Q(meeting__ended_at__isnull=False) | Q(recorded_at__date__lt=day)
        due = self.current().filter(over, applies_from__lte=day, taken_effect__isnull=True)
        return due.filter(~Exists(under_way))

    def with_look_again(self) -> DecisionQuerySet:
        """Adds ``look_again_on``: the day that the last review says, else the decision's own; where a review found that
        it has to be decided again (``has_to_be_decided``), the day of that review.
        """
        reviews = apps.get_model("decisions.Review")._default_manager.filter(decision=OuterRef("pk"))
        last = reviews.filter(followed_by__isnull=True)
        added = {
            "look_again_on": Coalesce(
                Subquery(last.values(day=Coalesce("review_on", "reviewed_on"))[:1]), F("review_on")
            ),
            "has_to_be_decided": Exists(last.filter(review_on__isnull=True)),
        }
        return self.annotate(**added)

    def that_go_on(self) -> DecisionQuerySet:
        """Those that count and are looked at again: one a partnership at most. Of a record that is merged into another
        it is the last, where nothing is decided about that one; else what is decided there counts.
        """
        goes_on = OuterRef("participation__merged_into")
        there = Decision.objects.filter(participation=goes_on).current()
        beside = Decision.objects.filter(participation__merged_into=goes_on, pk__gt=OuterRef("pk")).current()
        last_of_merged = ~Exists(there) & ~Exists(beside)
        return self.current().filter(Q(participation__merged_into__isnull=True) | last_of_merged)

    def to_review_by(self, day: datetime.date) -> DecisionQuerySet:
        return self.that_go_on().with_look_again().filter(Q(look_again_on__lte=day))

    def with_what_became(self) -> DecisionQuerySet:
        """Adds ``counts``, whether it counts now, and ``was_undone``, whether somebody took it back."""
        undoing = Decision.objects.filter(outcome=Outcome.UNDONE)
        directly = undoing.filter(supersedes=OuterRef("pk"))
        once_it_stood_again = undoing.filter(supersedes__stands_again=OuterRef("pk"))
        now = Decision.objects.filter(pk=OuterRef("pk")).current()
        added = {"counts": Exists(now), "was_undone": Exists(directly) | Exists(once_it_stood_again)}
        return self.annotate(**added)

    def for_list(self) -> DecisionQuerySet:
        """Everything a row of the list needs, in one query; those to look at again soonest first."""
        people = self.select_related(
            "participation__partnership",
            "participation__merged_into__partnership",
            "decided_by",
            "recorded_by",
            "taken_effect",
        )
        return people.with_look_again().order_by(F("look_again_on"), "participation__partnership__name", "pk")


# What was decided and how; who recorded it and when, the line says itself, and its run has no name.
KEPT = (
    "id",
    "organisation",
    "participation",
    "outcome",
    "level_name",
    "cost",
    "reason",
    "recommended_name",
    "decided_by",
    "decided_in",
    "decided_on",
    "applies_from",
    "review_on",
)


@recorded("decision", added="recorded", partnership="participation", about=("level_name",), fields=KEPT, changes=False)
class Decision(OwnedModel):
    """What somebody or a meeting decided about one partnership.

    ``cost`` is what the portfolio loses, in points, against the level that was recommended, by the engine: negative
    where it gains, blank where it loses nothing or where no portfolio has that level. Levels are words of that day: a
    ladder may be edited later.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="decisions")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="decisions")
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    stands_again = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines_that_let_it_stand",
        help_text="Of a line that undoes: the decision that counts from then on, if there was one before.",
    )
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    level_code = models.CharField(max_length=30, blank=True)
    level_name = models.CharField("level decided", max_length=40, blank=True)
    cost = models.DecimalField("points that it costs", max_digits=10, decimal_places=3, null=True, blank=True)
    reason = models.TextField(blank=True)

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="decisions")
    was_out_of_date = models.BooleanField(default=False, help_text="Decided although something had changed since.")
    recommended_code = models.CharField(max_length=30)
    recommended_name = models.CharField("level recommended", max_length=40)
    recommended_label = models.CharField(max_length=16, choices=Label.choices)
    recommended_confidence = models.CharField(max_length=10, choices=Confidence.choices)
    recommended_reason = models.TextField()

    decided_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_in = models.CharField("meeting that decided", max_length=120, blank=True)
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    decided_on = models.DateField("day on which it was decided")
    applies_from = models.DateField("day from which it holds", null=True, blank=True)
    review_on = models.DateField("day to look again", null=True, blank=True)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Added by ``with_look_again``.
    look_again_on: datetime.date
    has_to_be_decided: bool
    # Added by ``with_what_became``.
    counts: bool
    was_undone: bool

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="decision_first_once",
                fields=["participation"],
                condition=Q(supersedes__isnull=True),
                violation_error_message="Somebody else has decided this meanwhile. Look at their decision first.",
            ),
            models.CheckConstraint(
                name="decision_outcome_is_known",
                condition=Q(outcome__in=Outcome.values),
                violation_error_message="A decision accepts, overrules or undoes.",
            ),
            models.CheckConstraint(
                name="decision_undone_has_no_level",
                condition=Q(outcome=Outcome.UNDONE, level_code="", applies_from=None, review_on=None)
                & Q(supersedes__isnull=False)
                | ~Q(outcome=Outcome.UNDONE)
                & ~Q(level_code="")
                & Q(applies_from__isnull=False, review_on__isnull=False),
                violation_error_message="Choose a level, from when it holds and when to look again.",
            ),
            models.CheckConstraint(
                name="decision_stands_again_by_undoing",
                condition=Q(stands_again__isnull=True) | Q(outcome=Outcome.UNDONE),
                violation_error_message="An earlier decision stands again only where a later one is undone.",
            ),
            models.CheckConstraint(
                name="decision_accepted_is_what_was_recommended",
                condition=~Q(outcome=Outcome.ACCEPTED) | Q(level_code=F("recommended_code")),
                violation_error_message="An accepted recommendation has the level that was recommended.",
            ),
            models.CheckConstraint(
                name="decision_overruled_is_something_else",
                condition=~Q(outcome=Outcome.OVERRULED)
                | (~Q(level_code=F("recommended_code")) & Q(reason__regex=r"\S")),
                violation_error_message="Say why you decide otherwise than recommended.",
            ),
            models.CheckConstraint(
                name="decision_by_somebody_or_in_a_meeting",
                condition=Q(decided_by__isnull=False, decided_in="")
                | Q(decided_by__isnull=True, decided_in__regex=r"\S"),
                violation_error_message="Name the person who decided, or the meeting, and not both.",
            ),
            models.CheckConstraint(
                name="decision_reviewed_after_it_was_taken",
                condition=Q(review_on__isnull=True) | Q(review_on__gt=F("decided_on")),
                violation_error_message="Enter a day to look again that lies after the decision.",
            ),
            models.CheckConstraint(
                name="decision_applies_once_it_is_taken",
                condition=Q(applies_from__isnull=True) | Q(applies_from__gte=F("decided_on")),
                violation_error_message="The level cannot hold from before it was decided.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.level_name}".rstrip(": ")

    @property
    def goes_on_at(self) -> Participation:
        """The record at which it is looked at again: its own, or the one into which that is merged."""
        found: Participation = self.participation
        return found.merged_into or found

    @property
    def who(self) -> str:
        return self.decided_in or str(self.decided_by)

    @property
    def is_undone(self) -> bool:
        """Whether it takes back the one before, and decides nothing itself."""
        return self.outcome == Outcome.UNDONE

    @property
    def gain(self) -> Decimal:
        """Points that the portfolio gains with it against what was recommended; 0 where it costs something."""
        return max(Decimal(0), -(self.cost or Decimal(0)))

    @property
    def in_place_of(self) -> Decision | None:
        """The decision that counted until this line: what it takes the place of, or takes back."""
        before = self.supersedes
        return before.stands_again if before is not None and before.is_undone else before


@recorded(
    "decided level",
    added="put into effect",
    partnership="participation",
    about=("decision",),
    leave_out=("taken_at", "level_before"),
    changes=False,
)
class TakenEffect(OwnedModel):
    """That a decision's level was put on its partnership, once; what somebody changes there later stays.

    It is on the record of changes, where the new level alone would be a change by nobody: the schedule puts it there.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="taken_effect")
    taken_at = models.DateTimeField()
    level_before = models.CharField(max_length=30, blank=True, help_text="The code of the level that it replaced.")

    class Meta:
        ordering = ["decision"]

    def __str__(self) -> str:
        return f"{self.decision_id} at {self.taken_at:%-d %B %Y}"
