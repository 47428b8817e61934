"""The plan to become a better partner: adding an action, changing it, and saying that it began, is done or stops.

The days of an action are set aside on the ground floor as long as it is planned or under way, from the quarter in which
it begins to the one in which it is due, and past that until somebody ends it, who gives them back from that quarter on;
what the quarters before took stays spent.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.far_days import FARTHEST
from decisions.models import Characteristic, PlanAction, PlanState
from partnerships.access import can_read, check_can_decide, check_can_read
from partnerships.actions.adjustments import DaysAdjusted, change_adjustment, give_back_days, record_adjustment
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, version_of
from partnerships.models import AdjustmentKind, CapacityAdjustment, Organisation, Participation, Person, Quarter
from partnerships.saving import save_checked


@dataclass(frozen=True)
class Planned:
    """What is done about which characteristic, in which partnership (None: everywhere), who sees to it, between which
    days, and how many days a quarter it takes, by the id of a pool.
    """

    characteristic: Characteristic
    what: str
    owner: Person
    begins_on: datetime.date
    due_on: datetime.date
    participation: Participation | None = None
    days: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def adjusted(self) -> DaysAdjusted:
        first, last = Quarter.containing(self.begins_on), Quarter.containing(self.due_on)
        return DaysAdjusted(self.what, self.days, first, last, self.participation)


def is_far(day: datetime.date) -> bool:
    """Whether nobody means this day."""
    return abs(day - timezone.localdate()) > FARTHEST


def days_of(adjustment: CapacityAdjustment | None) -> dict[int, Decimal]:
    """Days a quarter by the id of a pool."""
    return {} if adjustment is None else {row.pool_id: row.days for row in adjustment.amounts.all()}


def plan_version(action: PlanAction) -> str:
    """A short name for exactly what stands of an action now, which tells whether somebody changed it meanwhile."""
    facts = [action.state, action.participation_id, action.characteristic, action.what, action.owner_id]
    days = sorted(days_of(action.adjustment).items())
    return version_of([*facts, action.begins_on, action.due_on, action.came_of_it, days])


@transaction.atomic
def add_action(*, organisation: Organisation, by: Person, planned: Planned) -> PlanAction:
    """Put an action into the plan and set its days aside. The same once more changes nothing.

    Raises ValidationError with what to do.
    """
    check_can_decide(by, organisation)
    hold(organisation)
    if (found := _same(organisation, by, planned)) is not None:
        return found
    _check(organisation, planned)
    if planned.due_on < timezone.localdate():
        raise ValidationError({"due_on": "This day has passed. Enter today or a day that is still to come."})
    action = PlanAction(organisation=organisation, recorded_by=by, recorded_at=timezone.now())
    _write(action, planned, by)
    return action


@transaction.atomic
def change_action(*, action: PlanAction, by: Person, planned: Planned, expected_version: str) -> PlanAction:
    """Have it say this instead; its days follow. Raises ValidationError, or ChangedMeanwhile."""
    check_can_decide(by, action.organisation)
    current = _held(action)
    _check_open(current, expected_version)
    _check(current.organisation, planned, already=current.participation_id)
    _write(current, planned, by)
    return current


@transaction.atomic
def move_action(
    *, action: PlanAction, by: Person, state: PlanState, expected_version: str, came_of_it: str = ""
) -> PlanAction:
    """Say that it began, is done or stops: who sees to an action may, and who may decide. Once it has ended its days
    are given back. The same once more changes nothing. Raises ValidationError, or ChangedMeanwhile.
    """
    if action.owner_id == by.pk:
        check_can_read(by, action.organisation)
    else:
        check_can_decide(by, action.organisation)
    current = _held(action)
    ended_by = None if state == PlanState.UNDER_WAY else by.pk
    if (current.state, current.came_of_it, current.closed_by_id) == (state, came_of_it, ended_by):
        return current
    _check_open(current, expected_version)
    if state not in current.may_become:
        raise ValidationError("Say that it has begun first; then that it is done or stopped.")
    current.state = state
    if not current.is_open:
        today = timezone.localdate()
        current.came_of_it, current.closed_by, current.closed_on = came_of_it, by, today
        if current.adjustment is not None:
            give_back_days(adjustment=current.adjustment, by=by, on=today)
    save_checked(current)
    return current


def can_move(person: Person, action: PlanAction, *, may_decide: bool) -> bool:
    """Whether somebody may say how far it is; ``may_decide`` is what their role says."""
    return may_decide or action.owner_id == person.pk


def _same(organisation: Organisation, by: Person, planned: Planned) -> PlanAction | None:
    """What the first press of a button that was pressed twice added."""
    rows = organisation.plan_actions.open().filter(
        recorded_by=by,
        participation=planned.participation,
        characteristic=planned.characteristic,
        what=planned.what,
        owner=planned.owner,
        begins_on=planned.begins_on,
        due_on=planned.due_on,
    )
    return next((one for one in rows.for_list() if days_of(one.adjustment) == dict(planned.days)), None)


def _check(organisation: Organisation, planned: Planned, *, already: int | None = None) -> None:
    errors: dict[str, str] = {}
    if not can_read(planned.owner, organisation):
        errors["owner"] = f"{planned.owner} has no access here any more. Choose somebody else."
    if planned.due_on - planned.begins_on > FARTHEST:  # a sum could lie beyond the last year that there is
        errors["due_on"] = "This is more than five years after it begins. Check the year."
    if planned.due_on < planned.begins_on:
        errors["due_on"] = "An action cannot be due before it begins. Enter that day or a later one."
    if is_far(planned.begins_on):
        errors["begins_on"] = "This is more than five years from today. Check the year."
    here = planned.participation
    if here is not None and here.pk != already and not organisation.participations.active().filter(pk=here.pk).exists():
        errors["participation"] = "Choose one of your active partnerships, or the whole organisation."
    if errors:
        raise ValidationError(errors)


def _write(action: PlanAction, planned: Planned, by: Person) -> None:
    action.participation, action.characteristic = planned.participation, planned.characteristic
    action.what, action.owner = planned.what, planned.owner
    action.begins_on, action.due_on = planned.begins_on, planned.due_on
    if action.adjustment is not None:
        change_adjustment(adjustment=action.adjustment, by=by, adjusted=planned.adjusted)
    elif planned.days:
        action.adjustment = record_adjustment(
            organisation=action.organisation, by=by, kind=AdjustmentKind.SET_ASIDE, adjusted=planned.adjusted
        )
    save_checked(action)


def _held(action: PlanAction) -> PlanAction:
    """The action as it is stored now, held until this transaction ends; first its organisation, as in adding one."""
    hold(action.organisation)
    rows = PlanAction.objects.select_for_update(of=("self",)).select_related("organisation", "adjustment__organisation")
    return rows.get(pk=action.pk)


def _check_open(action: PlanAction, expected_version: str) -> None:
    check_version(expected_version, plan_version(action))
    if not action.is_open:
        raise ValidationError("This action has ended already. If it goes on, add it as a new one.")
