"""Differences between partners: put on the table, worked on and settled; each step leaves a line of its history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_fill_in
from partnerships.actions.participations import locked
from partnerships.actions.relationship_record import held
from partnerships.editing import check_version, entry_version
from partnerships.models import Difference, DifferenceChange, DifferenceState, Participation, Person
from partnerships.models.differences import TRANSITIONS
from partnerships.saving import save_checked


@dataclass(frozen=True)
class DifferenceFacts:
    """What a difference says: where we differ, since when, how it stands, and what is done about it or was.

    ``settled_on`` is only of one that is settled.
    """

    what: str
    raised_on: datetime.date
    state: DifferenceState
    how: str = ""
    settled_on: datetime.date | None = None


@transaction.atomic
def add_difference(*, participation: Participation, by: Person, facts: DifferenceFacts) -> Difference:
    """Put a difference on the table, in whichever state it is. The same once more, by the same person, changes nothing.

    Raises ValidationError.
    """
    check_can_fill_in(by, participation.organisation)
    current = locked(participation)
    sent_before: Difference | None = current.differences.filter(recorded_by=by, **vars(facts)).first()
    if sent_before is not None:
        return sent_before
    difference = Difference(
        organisation=current.organisation,
        participation=current,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    return _write(difference, by, facts, was="")


@transaction.atomic
def change_difference(
    *, difference: Difference, by: Person, facts: DifferenceFacts, expected_version: str | None = None
) -> Difference:
    """Change what a difference says and how it stands. Raises ValidationError where the state cannot follow, where a
    rule is broken or somebody removed it, or ChangedMeanwhile.
    """
    check_can_fill_in(by, difference.organisation)
    current = held(difference)
    if expected_version is not None:
        check_version(expected_version, entry_version(current))
    was = DifferenceState(current.state)
    if facts.state != was and facts.state not in TRANSITIONS[was]:
        text = f"A difference that is {was.label.lower()} cannot become {facts.state.label.lower()}."
        raise ValidationError({"state": text})
    return _write(current, by, facts, was=was)


def _write(difference: Difference, by: Person, facts: DifferenceFacts, *, was: str) -> Difference:
    """Save it; a new state is a step of its history."""
    for fact, value in vars(facts).items():
        setattr(difference, fact, value)
    save_checked(difference)
    if was != facts.state:
        DifferenceChange.objects.create(
            organisation=difference.organisation,
            difference=difference,
            was=was,
            became=facts.state,
            how=facts.how,
            changed_by=by,
            changed_at=timezone.now(),
        )
    return difference
