"""Answers: one item of the instrument, one response."""

from __future__ import annotations

import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from diagnostics.instrument.definition import LEAST, MOST
from diagnostics.models.responses import Response
from partnerships.models.ownership import OwnedModel

LONGEST_REASON = 500


class Answer(OwnedModel):
    """``value`` is 1 to 5, or null for "don't know"; an item that was not answered has no row."""

    # Random, so that the order of rows says nothing about who answered when.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_answers"
    )
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=20)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_REASON)])
    answered_on = models.DateField()

    class Meta:
        ordering = ["response", "item"]
        constraints = [
            models.UniqueConstraint(name="answer_once_an_item", fields=["response", "item"]),
            models.CheckConstraint(
                name="answer_1_to_5_or_dont_know",
                condition=Q(value__isnull=True) | Q(value__range=(LEAST, MOST)),
                violation_error_message="Choose one of the answers shown.",
            ),
            models.CheckConstraint(
                name="answer_reason_is_short",
                condition=LessThanOrEqual(Length("reason"), LONGEST_REASON),
                violation_error_message=f"Use {LONGEST_REASON} characters or fewer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.value or 'don’t know'}"
