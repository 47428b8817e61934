"""Promises beside each other: what is overdue, what is due soon, and how many each owner has."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from decisions.models import Promise, PromiseState
from partnerships.models import Organisation, Person
from partnerships.people import who_can
from partnerships.roles import READ
from scoring.words import count_of


@dataclass(frozen=True)
class OfOwner:
    """How many promises one person sees to; ``has_left`` where they have no access here any more."""

    owner: Person
    overdue: int
    soon: int
    later: int
    has_left: bool


@dataclass(frozen=True)
class Promises:
    """Those of an organisation, or of one owner; ``by_owner`` is of everybody, who has most overdue first."""

    overdue: Sequence[Promise]
    soon: Sequence[Promise]
    later: Sequence[Promise]
    closed: Sequence[Promise]
    by_owner: Sequence[OfOwner]
    here: frozenset[int]

    @property
    def sentence(self) -> str:
        """The sentence that matters."""
        number_open = len(self.overdue) + len(self.soon) + len(self.later)
        if not number_open:
            return "No promise is open."
        late = f"{len(self.overdue)} overdue" if self.overdue else "none is overdue"
        return f"{count_of(number_open, 'promise is', 'promises are')} open, {late}."

    @property
    def are_any(self) -> bool:
        return bool(self.overdue or self.soon or self.later or self.closed)


def promises_of(organisation: Organisation, *, day: datetime.date, owner: int | None = None) -> Promises:
    """Two queries, however many there are."""
    every = list(organisation.promises.for_list())
    here = frozenset(one.pk for one in who_can(organisation, READ))
    shown = [one for one in every if owner is None or one.owner_id == owner]
    closed = [one for one in shown if one.state != PromiseState.OPEN]
    return Promises(
        overdue=[one for one in shown if one.is_overdue_on(day)],
        soon=[one for one in shown if one.is_due_soon_on(day)],
        later=[one for one in shown if one.is_open and not one.is_overdue_on(day) and not one.is_due_soon_on(day)],
        closed=sorted(closed, key=lambda one: (one.closed_on or day, one.pk), reverse=True),
        by_owner=_by_owner([one for one in every if one.is_open], day, here),
        here=here,
    )


def _by_owner(promises: Iterable[Promise], day: datetime.date, here: frozenset[int]) -> list[OfOwner]:
    theirs: dict[Person, list[Promise]] = {}
    for one in promises:
        theirs.setdefault(one.owner, []).append(one)
    rows = [
        OfOwner(
            owner,
            overdue=sum(one.is_overdue_on(day) for one in some),
            soon=sum(one.is_due_soon_on(day) for one in some),
            later=sum(not one.is_overdue_on(day) and not one.is_due_soon_on(day) for one in some),
            has_left=owner.pk not in here,
        )
        for owner, some in theirs.items()
    ]
    return sorted(rows, key=lambda row: (-row.overdue, -row.soon, str(row.owner).casefold()))
