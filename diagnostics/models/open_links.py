"""Open links: one link of a survey for several people, without a name."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from diagnostics.models.rounds import Round
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

MOST_SEATS = 2000


@recorded(
    "open link",
    added="offered",
    partnership="participation",
    fields=["id", "organisation", "participation", "seats", "link_number", "is_withdrawn"],
)
class OpenLink(OwnedModel):
    """The open link of a survey, which is given to so many people and can be used by no more.

    Only a keyed hash of its secret is kept, and only while it works. ``taken`` counts who has started with it: which
    seat each of them has, stands nowhere (``diagnostics.seats``).
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_open_links"
    )
    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="open_link")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="survey_open_links")
    seats = models.PositiveSmallIntegerField("people it is given to")
    taken = models.PositiveSmallIntegerField(default=0, help_text="How many have started with it.")
    link_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    link_number = models.PositiveSmallIntegerField("times it was replaced", default=0)
    is_withdrawn = models.BooleanField("withdrawn", default=False)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.CheckConstraint(
                name="open_link_for_somebody",
                condition=Q(seats__gte=1, seats__lte=MOST_SEATS),
                violation_error_message=f"Enter how many people have the open link: from 1 to {MOST_SEATS}.",
            ),
            models.CheckConstraint(
                name="open_link_taken_by_no_more",
                condition=Q(taken__lte=F("seats")),
                violation_error_message="As many people have started with this link as it was given to.",
            ),
            models.CheckConstraint(
                name="open_link_withdrawn_leads_nowhere",
                condition=Q(is_withdrawn=False) | Q(link_hash__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"The open link of {self.round_id}"

    @property
    def is_used_up(self) -> bool:
        return self.taken >= self.seats
