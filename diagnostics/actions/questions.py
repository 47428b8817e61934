"""Making a version of the questions, and choosing which one new surveys ask.

A draft gathers the changes, by hand or from a file; publishing it ends it. A survey keeps the version it was started
with, whatever is chosen later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from diagnostics.instrument import (
    Instrument,
    InstrumentError,
    instrument,
    load,
    shipped_versions,
    versions_about_partnerships,
)
from diagnostics.instrument.difference import difference
from diagnostics.instrument.loading import as_document
from diagnostics.instrument.own import added, asked_otherwise, check_own, left_out, reworded
from diagnostics.models import InstrumentChoice, InstrumentVersion
from diagnostics.models.instrument_versions import instrument_of
from diagnostics.questions import (
    asked_before,
    draft_of,
    questions_in_use,
    questions_to_change,
    state_of,
    version_in_use,
)
from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.editing import check_version
from partnerships.models import Organisation, Person
from partnerships.saving import save_checked

UNDER_WAY = "There is a new version under way already. Publish or discard it first."


@contextmanager
def in_words() -> Iterator[None]:
    """What the instrument refuses is told to whoever tried it."""
    try:
        yield
    except InstrumentError as problem:
        raise ValidationError(str(problem)) from problem


@transaction.atomic
def change_item(
    *, organisation: Organisation, code: str, text: str, same_question: bool, by: Person, expected_version: str
) -> InstrumentVersion:
    """Word an item otherwise in the draft: the same question keeps its code, another one gets a code of its own.

    Raises ValidationError, or ChangedMeanwhile where ``expected_version`` is not the state of the questions now.
    """
    made = _held(organisation, by, expected_version)
    with in_words():
        if same_question:
            return _keep(organisation, reworded(made, code, text), by)
        return _keep(organisation, asked_otherwise(made, code, text, taken=_taken(organisation, made)), by)


@transaction.atomic
def add_item(
    *, organisation: Organisation, about: str, text: str, by: Person, expected_version: str
) -> InstrumentVersion:
    """Ask one more in the draft, about an atom or a topic. Raises ValidationError or ChangedMeanwhile."""
    made = _held(organisation, by, expected_version)
    with in_words():
        return _keep(organisation, added(made, about, text, taken=_taken(organisation, made)), by)


@transaction.atomic
def leave_item_out(*, organisation: Organisation, code: str, by: Person, expected_version: str) -> InstrumentVersion:
    """Ask one item no more in the draft. Raises ValidationError where too few would stay, or ChangedMeanwhile."""
    made = _held(organisation, by, expected_version)
    with in_words():
        return _keep(organisation, left_out(made, code), by)


@transaction.atomic
def draft_from_file(*, organisation: Organisation, made: Instrument, by: Person) -> InstrumentVersion:
    """Begin a draft with questions that somebody sent. Raises ValidationError where they cannot be taken."""
    check_can_edit(by, organisation)
    hold(organisation)
    if draft_of(organisation):
        raise ValidationError(UNDER_WAY)
    with in_words():
        check_own(made, instrument())
        if not difference(questions_in_use(organisation), made):
            raise ValidationError("This file asks what your surveys ask already. Nothing would change.")
        return _keep(organisation, made, by)


@transaction.atomic
def publish_draft(
    *, organisation: Organisation, note: str, use_it: bool, by: Person, expected_version: str
) -> InstrumentVersion:
    """End the draft: from now on it stays as it is. Raises ValidationError or ChangedMeanwhile."""
    check_can_edit(by, organisation)
    hold(organisation)
    draft = draft_of(organisation)
    if draft is None:
        raise ValidationError("Somebody else published or discarded this version meanwhile.")
    check_version(expected_version, state_of(draft.instrument))
    if not difference(questions_in_use(organisation), draft.instrument):
        raise ValidationError("This version asks what your surveys ask already. Change something, or discard it.")
    draft.note, draft.published_at, draft.published_by = note, timezone.now(), by
    save_checked(draft)
    if use_it:
        choose_version(organisation=organisation, version=draft.version, by=by)
    return draft


@transaction.atomic
def discard_draft(*, organisation: Organisation, by: Person) -> None:
    """Drop the draft, which nobody was asked. Where there is none, nothing happens."""
    check_can_edit(by, organisation)
    hold(organisation)
    organisation.instrument_versions.drafts().delete()


@transaction.atomic
def choose_version(*, organisation: Organisation, version: str, by: Person) -> InstrumentChoice:
    """Have new surveys ask this version. Raises ValidationError for one that is not published here."""
    check_can_edit(by, organisation)
    hold(organisation)
    draft = draft_of(organisation)
    if version in set(shipped_versions()) - set(versions_about_partnerships()):
        raise ValidationError("These questions are about your organisation, and a survey asks about a partnership.")
    with in_words():
        instrument_of(organisation.pk, version)
    if draft and draft.version == version:
        raise ValidationError("Publish this version before surveys ask it.")
    choice = InstrumentChoice.objects.filter(organisation=organisation).first()
    choice = choice or InstrumentChoice(organisation=organisation)
    choice.version, choice.set_by, choice.set_at = version, by, timezone.now()
    save_checked(choice)
    return choice


def _held(organisation: Organisation, by: Person, expected_version: str) -> Instrument:
    """What is to be changed, kept as it is until this transaction ends."""
    check_can_edit(by, organisation)
    hold(organisation)
    made = questions_to_change(organisation)
    check_version(expected_version, state_of(made))
    return made


def _taken(organisation: Organisation, made: Instrument) -> frozenset[str]:
    return frozenset({*asked_before(organisation), *made.item_by_code})


def _keep(organisation: Organisation, made: Instrument, by: Person) -> InstrumentVersion:
    """Write the draft, and begin one where there is none. Raises InstrumentError for words that no file may have."""
    draft = draft_of(organisation) or InstrumentVersion(
        organisation=organisation,
        version=_next_version(organisation),
        based_on=version_in_use(organisation),
        created_by=by,
    )
    draft.document = as_document(replace(made, version=draft.version))
    load(draft.document)
    save_checked(draft)
    return draft


def _next_version(organisation: Organisation) -> str:
    """The organisation's code and a number: no other organisation has it, so a file says where it comes from."""
    return f"{slugify(organisation.code)}-{organisation.instrument_versions.count() + 1}"
