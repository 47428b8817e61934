"""Responses: one person's answers in a round, without the person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from diagnostics.models.rounds import Round
from partnerships.models.ownership import OwnedModel


class ResponseQuerySet(models.QuerySet["Response"]):
    def submitted(self) -> ResponseQuerySet:
        return self.filter(submitted_on__isnull=False)


class Response(OwnedModel):
    """The key is a keyed hash of the secret in the respondent's link; it carries no number that tells an order.

    There is deliberately no invitation, no person, no address and no time of day. On closing the round the key is
    replaced by a random one, and then not even the link leads here.
    """

    key = models.CharField(max_length=64, primary_key=True)
    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_responses"
    )
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="responses")
    place = models.CharField(max_length=20, blank=True, help_text="Where they work: a code of the instrument.")
    started_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["round", "key"]
        constraints = [
            models.CheckConstraint(
                name="response_submitted_after_it_started",
                condition=Q(submitted_on__isnull=True) | Q(submitted_on__gte=models.F("started_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"A response in {self.round_id}"
