"""What a partnership's timeline says of decisions, and of all that follows one: how it was told and answered, what was
promised, what reviews found, and what the plan does about the partnership.

An action for all partnerships stands on no timeline: it is of none in particular. It stands in the history of the plan
(``decisions.plan_history``).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, TruncDate

from decisions.models import (
    Decision,
    Letter,
    LetterReply,
    LetterState,
    PlanAction,
    Promise,
    PromiseMoved,
    Review,
    TakenEffect,
    Telling,
)
from partnerships.models import Organisation
from partnerships.timeline import Kind, Moment, Page, Rows, Source, add_sources


def add_to_timeline() -> None:
    add_sources(
        decision=Source(Kind.DECISIONS, _on(Decision, F("decided_on")), _decided, ("decided_by",)),
        decision_in_effect=Source(Kind.DECISIONS, _on(TakenEffect, TruncDate("taken_at")), _took_effect, ("decision",)),
        review=Source(Kind.REVIEWS, _on(Review, F("reviewed_on")), _reviewed, ("reviewed_by",)),
        letter=Source(Kind.LETTERS, _letters, _letter, ("asked_by",)),
        telling=Source(Kind.LETTERS, _on(Telling, F("told_on")), _told, ("recorded_by",)),
        reply=Source(Kind.LETTERS, _on(LetterReply, F("replied_on")), _answered, ("recorded_by",)),
        promise=Source(Kind.PROMISES, _on(Promise, F("made_on")), _promised, ("recorded_by",)),
        promise_moved=Source(Kind.PROMISES, _on(PromiseMoved, TruncDate("moved_at")), _moved, ("moved_by", "promise")),
        promise_closed=Source(
            Kind.PROMISES, _on(Promise, F("closed_on"), closed_on__isnull=False), _closed, ("closed_by",)
        ),
        plan_action=Source(Kind.PLAN, _on(PlanAction, TruncDate("recorded_at")), _planned, ("recorded_by",)),
        plan_action_ended=Source(
            Kind.PLAN, _on(PlanAction, F("closed_on"), closed_on__isnull=False), _ended, ("closed_by",)
        ),
    )


def _on(model: type[models.Model], day: Any, **conditions: Any) -> Rows:
    def rows(organisation: Organisation, participations: Collection[int]) -> Any:
        owned = {"organisation": organisation, "participation__in": participations, **conditions}
        return model._default_manager.filter(**owned).annotate(day=day)

    return rows


def _letters(organisation: Organisation, participations: Collection[int]) -> Any:
    """Those that left, and those of which nobody can tell whether they did."""
    left = organisation.letters.filter(
        participation__in=participations, state__in=(LetterState.SENT, LetterState.IN_DOUBT)
    )
    return left.annotate(day=TruncDate(Coalesce("sent_at", "taken_at")))


def _decided(row: Decision, day: datetime.date) -> Moment:
    how = row.get_outcome_display().lower()
    title = "Decision undone" if row.is_undone else f"Decided: {row.level_name}, {how}"
    page, did = Page("decisions:decision"), "Undone" if row.is_undone else "Decided"
    return Moment(day, Kind.DECISIONS, title, row.reason, row.who, row.participation_id, page, did)


def _took_effect(row: TakenEffect, day: datetime.date) -> Moment:
    title = f"In effect: {row.decision.level_name}"
    return Moment(day, Kind.DECISIONS, title, "", "", row.participation_id, Page("decisions:decision"))


def _reviewed(row: Review, day: datetime.date) -> Moment:
    title, by = f"Looked at again: {_small(row.get_outcome_display())}", str(row.reviewed_by)
    return Moment(day, Kind.REVIEWS, title, row.found, by, row.participation_id, Page("decisions:decision"), "Reviewed")


def _letter(row: Letter, day: datetime.date) -> Moment:
    to = row.recipient_name or row.email
    title = f"Letter to {to}" if row.state == LetterState.SENT else f"Letter to {to}, in doubt whether it left"
    page, by = Page("decisions:letter"), str(row.asked_by or "")
    return Moment(day, Kind.LETTERS, title, row.subject, by, row.participation_id, page, "Sent")


def _told(row: Telling, day: datetime.date) -> Moment:
    title, text = f"Told of the decision: {row.whom}", f"{row.get_how_display()}, by {row.who}"
    return Moment(day, Kind.LETTERS, title, text, str(row.recorded_by), row.participation_id, Page("decisions:kind_no"))


def _answered(row: LetterReply, day: datetime.date) -> Moment:
    text = "\n".join(filter(None, (row.answer, row.doing and f"What we do about it: {row.doing}")))
    title, by = f"Reply from {row.who}", str(row.recorded_by)
    return Moment(day, Kind.LETTERS, title, text, by, row.participation_id, Page("decisions:kind_no"))


def _promised(row: Promise, day: datetime.date) -> Moment:
    title, by = f"Promised to {row.to_whom}", str(row.recorded_by)
    return Moment(day, Kind.PROMISES, title, row.what, by, row.participation_id, Page("decisions:promise", row.pk))


def _moved(row: PromiseMoved, day: datetime.date) -> Moment:
    title = f"Promise moved from {_day(row.was_due_on)} to {_day(row.due_on)}"
    text, page = f"{row.promise.what}\n{row.reason}", Page("decisions:promise", row.promise_id)
    return Moment(day, Kind.PROMISES, title, text, str(row.moved_by), row.participation_id, page, "Moved")


def _closed(row: Promise, day: datetime.date) -> Moment:
    title, text = f"Promise {_small(row.get_state_display())}", f"{row.what}\n{row.evidence or row.why}"
    page, by = Page("decisions:promise", row.pk), str(row.closed_by)
    return Moment(day, Kind.PROMISES, title, text, by, row.participation_id, page)


def _planned(row: PlanAction, day: datetime.date) -> Moment:
    title = f"Put into the plan: {_small(row.get_characteristic_display())}"
    text = f"{row.what}\nFrom {_day(row.begins_on)} to {_day(row.due_on)}"
    return Moment(day, Kind.PLAN, title, text, str(row.recorded_by), _of(row), Page("decisions:plan_action", row.pk))


def _ended(row: PlanAction, day: datetime.date) -> Moment:
    title, text = f"Action {_small(row.get_state_display())}", f"{row.what}\n{row.came_of_it}"
    return Moment(day, Kind.PLAN, title, text, str(row.closed_by), _of(row), Page("decisions:plan_action", row.pk))


def _of(row: PlanAction) -> int:
    assert row.participation_id is not None  # noqa: S101 - only those of a partnership are read  # nosec B101
    return row.participation_id


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _day(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"
