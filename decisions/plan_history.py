"""What happened in the plan, newest first: what was put into it, what came of it, and what has moved since.

Actions for the whole organisation and practices to remove are of no partnership in particular, so they stand on no
partnership's timeline; those of a partnership stand on both.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from decisions.effect import Effect, effects_of
from decisions.models import PlanAction, Practice
from partnerships.models import Organisation, Partnership, Person

A_PAGE = 30


@dataclass(frozen=True)
class Happened:
    """One thing on one day, and who recorded it. ``where`` is the partnership, None for the whole organisation;
    ``effect`` what has moved since an action began, said once, where it was last heard of.
    """

    day: datetime.date
    title: str
    text: str
    by: Person
    about: PlanAction | Practice
    where: Partnership | None = None
    effect: Effect | None = None

    @property
    def page(self) -> str:
        return "decisions:plan_action" if isinstance(self.about, PlanAction) else "decisions:practice"


@dataclass(frozen=True)
class PlanHistory:
    moments: tuple[Happened, ...]
    number: int
    has_older: bool


def history_of(organisation: Organisation, *, page: int = 1) -> PlanHistory:
    """A page of it, in a fixed number of queries, however long the plan is."""
    actions = list(organisation.plan_actions.for_list().select_related("recorded_by", "closed_by"))
    effects = effects_of(organisation, actions)
    practices = organisation.practices.select_related("owner", "recorded_by", "closed_by")
    found = [one for action in actions for one in _of_action(action, effects[action.pk])]
    found += [one for practice in practices for one in _of_practice(practice)]
    found.sort(key=lambda one: (one.day, one.about.recorded_at, one.title), reverse=True)
    start = (page - 1) * A_PAGE
    return PlanHistory(tuple(found[start : start + A_PAGE]), page, len(found) > start + A_PAGE)


def _of_action(action: PlanAction, effect: Effect) -> Iterator[Happened]:
    where = action.participation.partnership if action.participation else None
    said = f"{action.owner} sees to it, from {_day(action.begins_on)} to {_day(action.due_on)}."
    title, heard = f"Put into the plan: {action.what}", effect if action.is_open else None
    yield Happened(timezone.localdate(action.recorded_at), title, said, action.recorded_by, action, where, heard)
    if action.closed_on is not None and action.closed_by is not None:
        title = f"{action.get_state_display()}: {action.what}"
        yield Happened(action.closed_on, title, action.came_of_it, action.closed_by, action, where, effect)


def _of_practice(practice: Practice) -> Iterator[Happened]:
    said = f"{practice.owner} sees to it that it stops by {_day(practice.stop_by)}."
    title = f"To be stopped: {practice.what}"
    yield Happened(timezone.localdate(practice.recorded_at), title, said, practice.recorded_by, practice)
    if practice.closed_on is not None and practice.closed_by is not None:
        title = f"{practice.get_state_display()}: {practice.what}"
        yield Happened(practice.closed_on, title, practice.came_of_it, practice.closed_by, practice)


def _day(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"
