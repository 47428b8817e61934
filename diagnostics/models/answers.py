"""Answers: one item of the instrument, one response."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping

from django.core.validators import MaxLengthValidator
from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from diagnostics.instrument.definition import LEAST, MOST
from diagnostics.models.responses import Response
from partnerships.models.ownership import OwnedModel

LONGEST_REASON = 500


class AnswerQuerySet(models.QuerySet["Answer"]):
    def put(
        self, response: Response, given: Mapping[str, tuple[int | None, str]], *, on: datetime.date
    ) -> dict[str, tuple[int | None, str]]:
        """Keep a value and a reason by item code, over what the response had there; returns what that was.

        One statement, which sees what was there as it was before it.
        """
        items = sorted(given)
        values, reasons = [given[item][0] for item in items], [given[item][1] for item in items]
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "WITH kept AS ("
                "INSERT INTO diagnostics_answer (id, organisation_id, response_id, item, value, reason, answered_on) "
                "SELECT gen_random_uuid(), %s, %s, given.item, given.value, given.reason, %s "
                "FROM unnest(%s::text[], %s::smallint[], %s::text[]) AS given (item, value, reason) "
                "ON CONFLICT (response_id, item) DO UPDATE SET value = excluded.value, reason = excluded.reason, "
                "answered_on = excluded.answered_on) "
                "SELECT item, value, reason FROM diagnostics_answer WHERE response_id = %s AND item = ANY(%s)",
                [response.organisation_id, response.key, on, items, values, reasons, response.key, items],
            )
            return {item: (value, reason) for item, value, reason in cursor.fetchall()}


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

    objects = AnswerQuerySet.as_manager()

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
