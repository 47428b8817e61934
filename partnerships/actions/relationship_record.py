"""Writing the relationship record: an entry is added, changed and removed, whatever its kind.

What each kind asks for stands on its model (``FACTS``), and its rules in the database. A difference goes through states
besides (``actions.differences``). Nothing here sets off a scoring: the record is for people to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_fill_in
from partnerships.actions.participations import locked
from partnerships.editing import check_version, entry_version
from partnerships.models import Participation, Person
from partnerships.models.record_entries import RecordEntry
from partnerships.saving import save_checked

E = TypeVar("E", bound=RecordEntry)
GONE = "Somebody else removed this meanwhile. Copy what you want to keep of your words, and add it anew."


@transaction.atomic
def add_entry(*, participation: Participation, by: Person, model: type[E], facts: Mapping[str, Any]) -> E:
    """Put an entry on the record of a participation.

    What the same person has said in the same words already is a form sent twice, and stays one entry. Raises
    ValidationError where a rule is broken.
    """
    check_can_fill_in(by, participation.organisation)
    current = locked(participation)  # one at a time: the second of a form sent twice waits for the first
    owned = {"organisation": current.organisation, "participation": current, "recorded_by": by}
    sent_before: E | None = model._default_manager.filter(**owned, **facts).first()
    if sent_before is not None:
        return sent_before
    entry = model(**owned, recorded_at=timezone.now(), **facts)
    save_checked(entry)
    return entry


@transaction.atomic
def change_entry(*, entry: E, by: Person, facts: Mapping[str, Any], expected_version: str | None = None) -> E:
    """Change what an entry says; who said it first stays. Raises ValidationError, also where somebody removed it, or
    ChangedMeanwhile.
    """
    check_can_fill_in(by, entry.organisation)
    current = held(entry)
    if expected_version is not None:
        check_version(expected_version, entry_version(current))
    for fact, value in facts.items():
        setattr(current, fact, value)
    save_checked(current)
    return current


@transaction.atomic
def remove_entry(*, entry: RecordEntry, by: Person, expected_version: str | None = None) -> bool:
    """Take an entry off the record; False where somebody did before. Raises ChangedMeanwhile.

    What it said stays with the changes that administrators see.
    """
    check_can_fill_in(by, entry.organisation)
    current = type(entry)._default_manager.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if current is None:
        return False
    if expected_version is not None:
        check_version(expected_version, entry_version(current))
    current.delete()
    return True


def held(entry: E) -> E:
    """The entry as it is stored now, held until the transaction ends. Raises ValidationError where it is gone."""
    rows = type(entry)._default_manager.select_for_update(of=("self",)).select_related("organisation")
    current: E | None = rows.filter(pk=entry.pk).first()
    if current is None:
        raise ValidationError(GONE)
    return current
