"""The history of a participation's state: who made it active, ended it or brought it back, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from partnerships.models.ownership import OwnedModel
from partnerships.models.participations import Participation, ParticipationState


class ParticipationStateChange(OwnedModel):
    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="participation_state_changes"
    )
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="state_changes")
    was = models.CharField(max_length=8, choices=ParticipationState.choices)
    became = models.CharField(max_length=8, choices=ParticipationState.choices)
    changed_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["participation", "changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="state_change_changes_something",
                condition=~Q(was=F("became")),
                violation_error_message="It is in this state already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_was_display()} to {self.get_became_display()}"
