"""Practices to remove: proposing one, changing it, and saying that it stopped, which frees its days, or is kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.actions.plan import days_of, is_far
from decisions.models import Practice, PracticeState
from decisions.models.practices import TRANSITIONS
from partnerships.access import can_read, check_can_decide
from partnerships.actions.adjustments import DaysAdjusted, change_adjustment, give_back_days, record_adjustment
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, version_of
from partnerships.models import AdjustmentKind, Organisation, Person, Quarter
from partnerships.saving import save_checked


@dataclass(frozen=True)
class Proposed:
    """What we do, why it gets in the way, who sees to it that it stops, by when, and the days a quarter that this frees
    by the id of a pool.
    """

    what: str
    why_it_costs: str
    owner: Person
    stop_by: datetime.date
    days: Mapping[int, Decimal]

    @property
    def adjusted(self) -> DaysAdjusted:
        """Counted in no quarter yet."""
        return DaysAdjusted(f"Stopped: {self.what}", self.days)


def practice_version(practice: Practice) -> str:
    """A short name for exactly what stands of a practice now, which tells whether somebody changed it meanwhile."""
    facts = [practice.state, practice.what, practice.why_it_costs, practice.owner_id, practice.stop_by]
    return version_of([*facts, practice.came_of_it, sorted(days_of(practice.adjustment).items())])


@transaction.atomic
def propose_practice(*, organisation: Organisation, by: Person, proposed: Proposed) -> Practice:
    """Put a practice on the list of what could stop. The same once more changes nothing.

    Raises ValidationError with what to do.
    """
    check_can_decide(by, organisation)
    hold(organisation)
    same = organisation.practices.proposed().filter(
        what=proposed.what, why_it_costs=proposed.why_it_costs, owner=proposed.owner, recorded_by=by
    )
    if (found := same.filter(stop_by=proposed.stop_by).first()) is not None:
        return found
    _check(organisation, proposed)
    if proposed.stop_by < timezone.localdate():
        raise ValidationError({"stop_by": "This day has passed. Enter today or a day that is still to come."})
    practice = Practice(organisation=organisation, recorded_by=by, recorded_at=timezone.now())
    practice.adjustment = record_adjustment(
        organisation=organisation, by=by, kind=AdjustmentKind.FREED, adjusted=proposed.adjusted
    )
    _write(practice, proposed)
    return practice


@transaction.atomic
def change_practice(*, practice: Practice, by: Person, proposed: Proposed, expected_version: str) -> Practice:
    """Have it say this instead. Raises ValidationError, or ChangedMeanwhile."""
    check_can_decide(by, practice.organisation)
    current = _held(practice)
    check_version(expected_version, practice_version(current))
    if not current.is_open:
        raise ValidationError("This practice has been stopped or kept. Propose it again if that changes.")
    _check(current.organisation, proposed)
    change_adjustment(adjustment=current.adjustment, by=by, adjusted=proposed.adjusted)
    _write(current, proposed)
    return current


@transaction.atomic
def close_practice(
    *, practice: Practice, by: Person, state: PracticeState, expected_version: str, came_of_it: str = ""
) -> Practice:
    """Say that it stopped, and its days are free from this quarter on; or that it is kept, which takes them back.

    The same once more changes nothing. Raises ValidationError, or ChangedMeanwhile.
    """
    check_can_decide(by, practice.organisation)
    current = _held(practice)
    if (current.state, current.came_of_it, current.closed_by_id) == (state, came_of_it, by.pk):
        return current
    check_version(expected_version, practice_version(current))
    if state not in TRANSITIONS[PracticeState(current.state)]:
        raise ValidationError("It is kept already. Propose it again to have it stopped.")
    today = timezone.localdate()
    if state == PracticeState.KEPT:
        give_back_days(adjustment=current.adjustment, by=by, on=today)
    else:
        adjusted = DaysAdjusted(
            current.adjustment.what_for, days_of(current.adjustment), first=Quarter.containing(today)
        )
        change_adjustment(adjustment=current.adjustment, by=by, adjusted=adjusted)
    current.state, current.came_of_it, current.closed_by, current.closed_on = state, came_of_it, by, today
    save_checked(current)
    return current


def _check(organisation: Organisation, proposed: Proposed) -> None:
    errors: dict[str, str] = {}
    if not can_read(proposed.owner, organisation):
        errors["owner"] = f"{proposed.owner} has no access here any more. Choose somebody else."
    if is_far(proposed.stop_by):
        errors["stop_by"] = "This is more than five years from today. Check the year."
    if not proposed.days:
        errors["__all__"] = "Enter the days that stopping it would free, in at least one pool."
    if errors:
        raise ValidationError(errors)


def _write(practice: Practice, proposed: Proposed) -> None:
    practice.what, practice.why_it_costs = proposed.what, proposed.why_it_costs
    practice.owner, practice.stop_by = proposed.owner, proposed.stop_by
    save_checked(practice)


def _held(practice: Practice) -> Practice:
    """The practice as it is stored now, held until this transaction ends; first its organisation, as in adding one."""
    hold(practice.organisation)
    rows = Practice.objects.select_for_update(of=("self",)).select_related("organisation", "adjustment__organisation")
    return rows.get(pk=practice.pk)
