"""Answers: one item of the instrument, one response."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from diagnostics.instrument.definition import LEAST, MOST
from diagnostics.models.responses import Response
from partnerships.models.ownership import OwnedModel

LONGEST_REASON = 500


# A value and a reason, () where there is no answer.
Standing = tuple[()] | tuple[int | None, str]


class AnswerQuerySet(models.QuerySet["Answer"]):
    def put(
        self,
        response: Response,
        given: Mapping[str, tuple[int | None, str]],
        *,
        over: Mapping[str, Standing | None],
        on: datetime.date,
    ) -> dict[str, Standing]:
        """Keep a value and a reason by item code, each only over what it is given for: ``over``, None for anything.

        Returns what stands instead, by item, where that is something else; it is left as it is. One statement, for a
        response that is locked, so that nothing comes between the look and the writing.
        """
        items = sorted(given)
        before = [over[item] for item in items]
        facts: list[list[Any]] = [
            items,
            [given[item][0] for item in items],
            [given[item][1] for item in items],
            [one is None for one in before],
            [bool(one) for one in before],
            [one[0] if one else None for one in before],
            [one[1] if one else "" for one in before],
        ]
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "WITH given AS (SELECT * FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::boolean[], "
                "%s::boolean[], %s::smallint[], %s::text[]) "
                "AS given (item, value, reason, over_anything, over_some, over_value, over_reason)), "
                "stood AS (SELECT given.*, answer.id IS NOT NULL AS stands, answer.value AS stands_value, "
                "coalesce(answer.reason, '') AS stands_reason FROM given LEFT JOIN diagnostics_answer answer "
                "ON answer.response_id = %s AND answer.item = given.item), "
                "kept AS (INSERT INTO diagnostics_answer "
                "(id, organisation_id, response_id, item, value, reason, answered_on) "
                "SELECT gen_random_uuid(), %s, %s, item, value, reason, %s FROM stood WHERE over_anything "
                "OR (stands, stands_value, stands_reason) IS NOT DISTINCT FROM (over_some, over_value, over_reason) "
                "ON CONFLICT (response_id, item) DO UPDATE SET value = excluded.value, reason = excluded.reason, "
                "answered_on = excluded.answered_on RETURNING item) "
                "SELECT item, stands, stands_value, stands_reason FROM stood WHERE item NOT IN (SELECT item FROM kept) "
                "AND (stands, stands_value, stands_reason) IS DISTINCT FROM (true, value, reason)",
                [*facts, response.key, response.organisation_id, response.key, on],
            )
            return {item: (value, reason) if stands else () for item, stands, value, reason in cursor.fetchall()}


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
