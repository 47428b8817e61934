"""Promises: recording one, moving its day, handing it to somebody else, and closing it with what became of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.far_days import too_far
from decisions.models import Decision, Promise, PromiseMoved, PromiseState
from decisions.models.promises import TRANSITIONS
from partnerships.access import can_read, check_can_decide, check_can_read
from partnerships.actions.participations import locked
from partnerships.editing import check_version, version_of
from partnerships.models import Participation, Person
from partnerships.saving import save_checked


@dataclass(frozen=True)
class Promised:
    """What is promised: in words, to whom, who sees to it, when it was said and by when it is done."""

    what: str
    made_to: str
    owner: Person
    made_on: datetime.date
    due_on: datetime.date
    to_others: bool = False


def promise_version(promise: Promise) -> str:
    """A short name for exactly what stands of a promise now, which tells whether somebody changed it meanwhile."""
    return version_of([promise.state, promise.due_on, promise.owner_id, promise.evidence, promise.why])


@transaction.atomic
def make_promise(
    *, participation: Participation, by: Person, promised: Promised, decision: Decision | None = None
) -> Promise:
    """Put a promise on record, with the decision that it came with if it did. The same once more changes nothing.

    Raises ValidationError with what to do.
    """
    check_can_decide(by, participation.organisation)
    current = locked(participation)
    same = current.promises.open().filter(
        what=promised.what,
        due_on=promised.due_on,
        owner=promised.owner,
        made_to=promised.made_to,
        to_others=promised.to_others,
        recorded_by=by,
    )
    if (found := same.first()) is not None:
        return found
    _check(current, promised)
    promise = Promise(
        organisation=current.organisation,
        participation=current,
        decision=decision,
        what=promised.what,
        made_to=promised.made_to,
        to_others=promised.to_others,
        owner=promised.owner,
        made_on=promised.made_on,
        due_on=promised.due_on,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    save_checked(promise)
    return promise


def _check(participation: Participation, promised: Promised) -> None:
    today = timezone.localdate()
    errors: dict[str, str] = {}
    if promised.made_on > today:
        errors["made_on"] = "This day has not come yet. Enter the day on which it was promised."
    if promised.due_on < today:
        errors["due_on"] = "This day has passed. Enter today or a day that is still to come."
    elif far := too_far(promised.due_on, today):
        errors["due_on"] = far
    if not can_read(promised.owner, participation.organisation):
        errors["owner"] = f"{promised.owner} has no access here any more. Choose somebody else."
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def move_promise(*, promise: Promise, by: Person, due_on: datetime.date, reason: str, expected_version: str) -> Promise:
    """Have it due on another day; both days and the reason stay on record. Raises ValidationError, or
    ChangedMeanwhile.
    """
    check_can_decide(by, promise.organisation)
    current = _held(promise)
    last = current.moves.first()
    if last is not None and (last.due_on, last.reason, last.moved_by_id) == (due_on, reason, by.pk):
        return current
    _check_open(current, expected_version)
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": "This day has passed. Enter today or a day that is still to come."})
    if far := too_far(due_on, timezone.localdate()):
        raise ValidationError({"due_on": far})
    moved = PromiseMoved(
        organisation=current.organisation,
        participation=current.participation,
        promise=current,
        was_due_on=current.due_on,
        due_on=due_on,
        reason=reason,
        moved_by=by,
        moved_at=timezone.now(),
    )
    save_checked(moved)
    current.due_on = due_on
    save_checked(current)
    return current


@transaction.atomic
def hand_over_promise(*, promise: Promise, by: Person, owner: Person, expected_version: str) -> Promise:
    """Have somebody else see to it. Raises ValidationError, or ChangedMeanwhile."""
    check_can_decide(by, promise.organisation)
    current = _held(promise)
    if current.owner_id == owner.pk:
        return current
    _check_open(current, expected_version)
    if not can_read(owner, current.organisation):
        raise ValidationError({"owner": f"{owner} has no access here any more. Choose somebody else."})
    current.owner = owner
    save_checked(current)
    return current


@transaction.atomic
def close_promise(
    *,
    promise: Promise,
    by: Person,
    state: PromiseState,
    closed_on: datetime.date,
    expected_version: str,
    evidence: str = "",
    why: str = "",
) -> Promise:
    """Say what became of it: who sees to a promise may, and who may decide. The same once more changes nothing.

    Raises ValidationError, or ChangedMeanwhile.
    """
    check_can_close(by, promise)
    current = _held(promise)
    closed = (current.state, current.evidence, current.why, current.closed_by_id)
    if closed == (state, evidence, why, by.pk):
        return current
    _check_open(current, expected_version)
    if state not in TRANSITIONS[PromiseState(current.state)]:
        raise ValidationError("Say whether it was kept, was not kept, or is withdrawn.")
    if closed_on > timezone.localdate():
        raise ValidationError({"closed_on": "This day has not come yet. Enter the day on which it was done."})
    current.state, current.evidence, current.why = state, evidence, why
    current.closed_by, current.closed_on = by, closed_on
    save_checked(current)
    return current


def can_close(person: Person, promise: Promise, *, may_decide: bool) -> bool:
    """Whether somebody may say what became of it; ``may_decide`` is what their role says."""
    return may_decide or promise.owner_id == person.pk


def check_can_close(by: Person, promise: Promise) -> None:
    """Raises PermissionDenied; who sees to a promise needs no more than to belong here still."""
    if promise.owner_id == by.pk:
        check_can_read(by, promise.organisation)
    else:
        check_can_decide(by, promise.organisation)


def _held(promise: Promise) -> Promise:
    """The promise as it is stored now, held until this transaction ends."""
    rows = Promise.objects.select_for_update(of=("self",)).select_related("organisation", "participation")
    return rows.get(pk=promise.pk)


def _check_open(promise: Promise, expected_version: str) -> None:
    check_version(expected_version, promise_version(promise))
    if not promise.is_open:
        raise ValidationError("This promise is closed already. If it is promised again, record that as a new promise.")
