"""Trying something, saving it under a name, trying it again on the newest recommendation, and deleting it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.access import can_edit, check_can_decide
from partnerships.models import Organisation, Person
from partnerships.saving import save_checked
from scoring import tasks
from scoring.models import Run, WhatIf, WhatIfState
from scoring.what_if import Lever, fingerprint_of, levers_that_apply, to_json


@transaction.atomic
def try_what_if(*, organisation: Organisation, by: Person, run: Run, levers: Sequence[Lever]) -> WhatIf:
    """Have levers pulled on the inputs of a run that is done; the same try sent twice is one.

    Raises ValidationError where nothing is changed, PermissionDenied for somebody who may not.
    """
    check_can_decide(by, organisation)
    if not levers:
        raise ValidationError("Change at least one thing.")
    same = {"base_run": run, "requested_by": by, "fingerprint": fingerprint_of(levers), "name": ""}
    what_if = organisation.what_ifs.filter(**same).select_for_update().first()
    if what_if is None:
        try:
            with transaction.atomic():
                what_if = WhatIf.objects.create(
                    organisation=organisation, levers=to_json(levers), requested_at=timezone.now(), **same
                )
        except IntegrityError:  # the second press of the button came in between
            return organisation.what_ifs.get(**same)
    elif what_if.state == WhatIfState.FAILED:
        _ask_again(what_if, by)
    if what_if.state == WhatIfState.QUEUED:
        transaction.on_commit(partial(tasks.send_what_if, what_if.pk))
    return what_if


@transaction.atomic
def save_what_if(*, what_if: WhatIf, by: Person, name: str) -> WhatIf:
    """Keep a what-if under a name; one that has a name keeps it, whatever a tab that was opened before says.

    Raises ValidationError for a name that is taken, WhatIf.DoesNotExist where somebody deleted it meanwhile.
    """
    check_can_decide(by, what_if.organisation)
    name = " ".join(name.split())
    if not name:
        raise ValidationError("Enter a name, so that you find it again.")
    current = _held(what_if)
    if not current.name:
        current.name, current.saved_by, current.saved_at = name, by, timezone.now()
        save_checked(current)
    return current


@transaction.atomic
def try_on_newest(*, what_if: WhatIf, by: Person, run: Run) -> WhatIf:
    """Work a what-if out again on another run, as far as its levers still name what there is.

    A saved one keeps its name and takes the new answer. Raises ValidationError where none of its levers is left,
    WhatIf.DoesNotExist where somebody deleted it meanwhile.
    """
    check_can_decide(by, what_if.organisation)
    current = _held(what_if)
    levers = levers_that_apply(run.frozen_inputs(), current.pulled)
    if not levers:
        raise ValidationError("Nothing that this what-if changes is there any more. Start a new one.")
    if not current.name or current.adopted_at is not None:  # what was adopted stays as it was
        return try_what_if(organisation=current.organisation, by=by, run=run, levers=levers)
    current.base_run, current.levers, current.fingerprint = run, to_json(levers), fingerprint_of(levers)
    _ask_again(current, by)
    transaction.on_commit(partial(tasks.send_what_if, current.pk))
    return current


@transaction.atomic
def delete_what_if(*, what_if: WhatIf, by: Person) -> None:
    """Delete a saved what-if: a strategy lead any, others their own. One that was adopted stays, as the reason why."""
    check_can_decide(by, what_if.organisation)
    current = _held(what_if)
    if current.saved_by_id != by.pk and not can_edit(by, current.organisation):
        raise PermissionDenied("Only the person who saved this, or a strategy lead, can delete it.")
    if current.adopted_at is not None:
        raise ValidationError("This what-if was adopted. It stays, so that people can see what was changed and why.")
    current.delete()


def _held(what_if: WhatIf) -> WhatIf:
    """The what-if as it is stored now, held until the transaction ends."""
    return WhatIf.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=what_if.pk)


def _ask_again(what_if: WhatIf, by: Person) -> None:
    """Back to the start; whoever still works on it has lost it by the new claim."""
    what_if.state, what_if.claim, what_if.claimed_at = WhatIfState.QUEUED, uuid.uuid4(), None
    what_if.attempts, what_if.failure, what_if.finished_at = 0, "", None
    what_if.result, what_if.kept_value = None, None
    what_if.requested_at, what_if.requested_by, what_if.sent_at = timezone.now(), by, None
    what_if.save()
