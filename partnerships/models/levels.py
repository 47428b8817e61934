"""Engagement levels: how much of ourselves we give a partnership, from nothing to everything it needs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


@recorded("engagement level", about=("name",), leave_out=("code",))
class EngagementLevel(OwnedModel):
    """One rung of an organisation's ladder; position 0 is taking no part and has no days, value or load."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="engagement_levels"
    )
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    share_of_value = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        help_text="The share of a partnership's value that this level obtains, 0 to 1.",
    )
    share_of_days = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        help_text="Days at this level as a share of the top level's, used where nobody has estimated them.",
    )
    load = models.PositiveSmallIntegerField(help_text="Attention and interfaces, in points; not days.")

    class Meta:
        ordering = ["organisation", "position"]
        constraints = [
            models.UniqueConstraint(
                name="level_code_once",
                fields=["organisation", "code"],
                violation_error_message="You already have a level with this name.",
            ),
            models.UniqueConstraint(
                name="level_position_once",
                fields=["organisation", "position"],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two levels cannot stand at the same place of the ladder.",
            ),
            models.CheckConstraint(
                name="level_shares_between_0_and_1",
                condition=Q(share_of_value__range=(0, 1), share_of_days__range=(0, 1)),
                violation_error_message="Enter shares between 0 and 1.",
            ),
            models.CheckConstraint(
                name="level_bottom_is_nothing",
                condition=~Q(position=0) | Q(share_of_value=0, share_of_days=0, load=0),
                violation_error_message="The lowest level means taking no part: its shares and load are 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
