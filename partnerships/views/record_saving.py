"""Saving the form of an entry, and where to go then: a difference goes through states, all else is just written."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from partnerships.actions.differences import add_difference, change_difference
from partnerships.actions.relationship_record import add_entry, change_entry
from partnerships.forms.relationship_record import DifferenceForm, RecordForm
from partnerships.models import Difference, MeasurePoint, OutcomeMeasure, Participation, Person, RecordNote
from partnerships.models.record_entries import RecordEntry
from partnerships.relationship_entries import model_of


def add_with(form: RecordForm, participation: Participation, by: Person) -> RecordEntry:
    if isinstance(form, DifferenceForm):
        return add_difference(participation=participation, by=by, facts=form.difference())
    facts: dict[str, Any] = form.facts()
    model = model_of(form.chapter)
    if model is RecordNote:
        facts["kind"] = form.chapter.kind
    return add_entry(participation=participation, by=by, model=model, facts=facts)


def change_with(form: RecordForm, entry: RecordEntry, by: Person) -> RecordEntry:
    version = form.cleaned_data["version"]
    if isinstance(form, DifferenceForm) and isinstance(entry, Difference):
        return change_difference(difference=entry, by=by, facts=form.difference(), expected_version=version)
    return change_entry(entry=entry, by=by, facts=form.facts(), expected_version=version)


def page_of(entry: RecordEntry, code: str, slug: str) -> str:
    """Where an entry is shown: a measure has a page of its own with its figures, all else stands on the record's."""
    if isinstance(entry, OutcomeMeasure):
        return reverse("partnerships:measure", args=[code, slug, entry.pk])
    if isinstance(entry, MeasurePoint):
        return reverse("partnerships:measure", args=[code, slug, entry.measure_id])
    return reverse("partnerships:record", args=[code, slug])
