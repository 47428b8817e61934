"""What value means here: objectives, the ways of creating value, each person's weights, and the ratings."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerships.models.ownership import OwnedModel
from partnerships.models.participations import Participation
from partnerships.recording import recorded

SCALE = [MinValueValidator(-100), MaxValueValidator(100)]
POINTS = [MinValueValidator(0), MaxValueValidator(100)]


class Criterion(OwnedModel):
    """What objectives and ways share: a name, and the named top of the range on which people weigh them. 0 is what no
    partnership would add.
    """

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=250, blank=True)
    top_of_range = models.CharField(
        max_length=250, help_text="What 100 means here, so that people weigh the same thing."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["organisation", "position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def range_in_words(self) -> str:
        """Both ends of the range: a step can only be weighed by who knows where it leads."""
        return f"From nothing at all (0) to: {self.top_of_range} (100)"


@recorded("objective", about=("name",), leave_out=("code",))
class Objective(Criterion):
    """Something the organisation is trying to achieve."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="objectives")

    class Meta(Criterion.Meta):
        constraints = [
            models.UniqueConstraint(
                name="objective_code_once",
                fields=["organisation", "code"],
                violation_error_message="You already have an objective with this name.",
            )
        ]


@recorded("way of creating value", about=("name",), leave_out=("code",))
class WayOfCreatingValue(Criterion):
    """A way a collaboration creates value; the first list is derived from the sources and can be edited."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="ways_of_creating_value"
    )

    class Meta(Criterion.Meta):
        verbose_name_plural = "ways of creating value"
        constraints = [
            models.UniqueConstraint(
                name="way_code_once",
                fields=["organisation", "code"],
                violation_error_message="You already have a way of creating value with this name.",
            )
        ]


@recorded("weight of an objective", about=("decision_maker", "objective"))
class ObjectiveWeight(OwnedModel):
    """How much one decision maker cares about the step from 0 to 100 on an objective, in points out of 100."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="objective_weights"
    )
    decision_maker = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="weights")
    points = models.DecimalField(max_digits=5, decimal_places=2, validators=POINTS)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation", "decision_maker", "objective"]
        constraints = [
            models.UniqueConstraint(
                name="objective_weight_once",
                fields=["decision_maker", "objective"],
                violation_error_message="You have already weighed this objective.",
            ),
            models.CheckConstraint(
                name="objective_weight_0_to_100",
                condition=Q(points__range=(0, 100)),
                violation_error_message="Enter points from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective}: {self.points}"


@recorded("weight of a way of creating value", about=("decision_maker", "way"))
class WayWeight(OwnedModel):
    """The same for a way of creating value, used within every objective."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="way_weights")
    decision_maker = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    way = models.ForeignKey(WayOfCreatingValue, on_delete=models.CASCADE, related_name="weights")
    points = models.DecimalField(max_digits=5, decimal_places=2, validators=POINTS)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation", "decision_maker", "way"]
        constraints = [
            models.UniqueConstraint(
                name="way_weight_once",
                fields=["decision_maker", "way"],
                violation_error_message="You have already weighed this way of creating value.",
            ),
            models.CheckConstraint(
                name="way_weight_0_to_100",
                condition=Q(points__range=(0, 100)),
                violation_error_message="Enter points from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way}: {self.points}"


@recorded("rank of an objective", about=("decision_maker", "objective"))
class ObjectiveRank(OwnedModel):
    """An objective's place for a decision maker who ranks the objectives and gives no points; ties share a place.

    A person has either points or ranks on objectives, never both: a ranking says less, and is not turned into numbers.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="objective_ranks"
    )
    decision_maker = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="ranks")
    place = models.PositiveSmallIntegerField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation", "decision_maker", "place", "objective__position"]
        constraints = [
            models.UniqueConstraint(
                name="objective_rank_once",
                fields=["decision_maker", "objective"],
                violation_error_message="You have already ranked this objective.",
            ),
            models.CheckConstraint(
                name="objective_rank_counts_from_1",
                condition=Q(place__gte=1),
                violation_error_message="Rank the objectives from 1, the most important.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.objective}"


@recorded("rank of a way of creating value", about=("decision_maker", "way"))
class WayRank(OwnedModel):
    """The same for a way of creating value, used within every objective."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="way_ranks")
    decision_maker = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    way = models.ForeignKey(WayOfCreatingValue, on_delete=models.CASCADE, related_name="ranks")
    place = models.PositiveSmallIntegerField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation", "decision_maker", "place", "way__position"]
        constraints = [
            models.UniqueConstraint(
                name="way_rank_once",
                fields=["decision_maker", "way"],
                violation_error_message="You have already ranked this way of creating value.",
            ),
            models.CheckConstraint(
                name="way_rank_counts_from_1",
                condition=Q(place__gte=1),
                violation_error_message="Rank the ways of creating value from 1, the most important.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.way}"


ALL_OR_NONE = "Enter low, likely and high, or leave all three blank until it is rated."
RATING_IN_ORDER = "Enter ratings from -100 to 100, with low, likely and high in that order."


@recorded("value rating", partnership="participation", about=("objective", "way"))
class ValueRating(OwnedModel):
    """What a partnership adds to one objective in one way, compared with no partnership, if it works.

    A row exists only for a claimed cell. A claimed cell that nobody has rated yet has no numbers, and the engine treats
    it as wide rather than as zero.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="value_ratings"
    )
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="value_ratings")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="ratings")
    way = models.ForeignKey(WayOfCreatingValue, on_delete=models.PROTECT, related_name="ratings")
    low = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, validators=SCALE)
    likely = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, validators=SCALE)
    high = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, validators=SCALE)
    evidence = models.TextField(blank=True, help_text="What this rests on: a measure, a report, or judgement.")
    rated_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["participation", "objective__position", "way__position"]
        constraints = [
            models.UniqueConstraint(
                name="rating_once",
                fields=["participation", "objective", "way"],
                violation_error_message="This objective and way are already rated for this partnership.",
            ),
            models.CheckConstraint(
                name="rating_all_or_no_numbers",
                condition=Q(low__isnull=True, likely__isnull=True, high__isnull=True)
                | Q(low__isnull=False, likely__isnull=False, high__isnull=False),
                violation_error_message=ALL_OR_NONE,
            ),
            models.CheckConstraint(
                name="rating_low_likely_high",
                condition=Q(low__isnull=True)
                | (Q(low__gte=-100) & Q(likely__gte=F("low")) & Q(high__gte=F("likely")) & Q(high__lte=100)),
                violation_error_message=RATING_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective} by {self.way}: {self.likely}"
