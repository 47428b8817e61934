"""Answers: one item of the instrument, one response."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping
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
    def add(
        self, key: str, given: Mapping[str, tuple[int | None, str]], *, link_hash: str, on: datetime.date
    ) -> set[str]:
        """Keep a value and a reason by item code where the response of that key has none yet; returns those items.

        For what is saved most often, in one statement that needs no transaction around it and that PostgreSQL plans
        once a connection (migration 0025): it holds the survey and the
        response as ``Response.objects.held`` does, and keeps nothing where the survey takes no answers, where these are
        sent in, or where the link leads there no more.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT diagnostics_add_answers(%s, %s, %s, %s::text[], %s::smallint[], %s::text[])",
                [key, link_hash, on, *_columns(given)],
            )
            return {item for (item,) in cursor.fetchall()}

    def put(
        self,
        response: Response,
        given: Mapping[str, tuple[int | None, str]],
        *,
        over: Mapping[str, Standing],
        on: datetime.date,
    ) -> dict[str, Standing]:
        """Keep a value and a reason by item code, each only where what stands is ``over``; else it is left as it is.

        Returns what stands instead, by item, where that is neither. For a response that is locked, so that nothing
        comes between one look and the next. Statements are apart since each is cheap to plan, and mostly one is needed.
        """
        new = {item: one for item, one in given.items() if not over[item]}
        changed = {item: one for item, one in given.items() if over[item]}
        kept: set[str] = set()
        with connections[self.db].cursor() as cursor:
            if new:
                cursor.execute(
                    "INSERT INTO diagnostics_answer "
                    "(id, organisation_id, response_id, item, value, reason, answered_on) "
                    "SELECT gen_random_uuid(), %s, %s, given.item, given.value, given.reason, %s "
                    "FROM unnest(%s::text[], %s::smallint[], %s::text[]) AS given (item, value, reason) "
                    "ON CONFLICT (response_id, item) DO NOTHING RETURNING item",
                    [response.organisation_id, response.key, on, *_columns(new)],
                )
                kept |= {item for (item,) in cursor.fetchall()}
            if changed:
                before: dict[str, Any] = {item: over[item] for item in changed}
                cursor.execute(
                    "UPDATE diagnostics_answer AS answer SET value = given.value, reason = given.reason, "
                    "answered_on = %s FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::smallint[], %s::text[]) "
                    "AS given (item, value, reason, over_value, over_reason) "
                    "WHERE answer.response_id = %s AND answer.item = given.item "
                    "AND (answer.value, answer.reason) IS NOT DISTINCT FROM (given.over_value, given.over_reason) "
                    "RETURNING answer.item",
                    [on, *_columns(changed), *_columns(before)[1:], response.key],
                )
                kept |= {item for (item,) in cursor.fetchall()}
        left = sorted(given.keys() - kept)
        stands = self.standing(response.key, left) if left else {}
        return {item: stands.get(item, ()) for item in left if stands.get(item, ()) != given[item]}

    def standing(self, key: str, items: Collection[str]) -> dict[str, Standing]:
        """What the response of that key has for these items; an item that is not answered is left out."""
        rows = self.filter(response=key, item__in=items).order_by()
        return {item: (value, reason) for item, value, reason in rows.values_list("item", "value", "reason")}


def _columns(answers: Mapping[str, tuple[int | None, str]]) -> list[list[Any]]:
    """Items, values and reasons, in one order."""
    items = sorted(answers)
    return [items, [answers[item][0] for item in items], [answers[item][1] for item in items]]


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
