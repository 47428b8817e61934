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

from diagnostics.instrument import Instrument, InstrumentError, instrument, load, shipped_versions, versions_like
from diagnostics.instrument.difference import difference
from diagnostics.instrument.loading import as_document
from diagnostics.instrument.naming import unnamed
from diagnostics.instrument.own import added, asked_otherwise, check_own, left_out, reworded
from diagnostics.models import InstrumentChoice, InstrumentVersion, Subject
from diagnostics.models.instrument_versions import instrument_of
from diagnostics.questions import (
    NEWEST,
    OTHER_SIDE,
    as_kept,
    codes_given,
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
ABOUT_SOMETHING_ELSE = {
    Subject.PARTNERSHIP: "These questions are about your organisation, and a survey asks about a partnership.",
    Subject.BY_PARTNERS: "These questions are not those that partners are asked about your organisation.",
    Subject.BY_US: "These questions are not those that your own people are asked about your organisation.",
}
# What new versions of each are called, after the organisation's code.
CALLED = {Subject.PARTNERSHIP: "", Subject.BY_PARTNERS: "-by-partners", Subject.BY_US: "-by-us"}


@contextmanager
def in_words() -> Iterator[None]:
    """What the instrument refuses is told to whoever tried it."""
    try:
        yield
    except InstrumentError as problem:
        raise ValidationError(str(problem)) from problem


@transaction.atomic
def change_item(
    *,
    organisation: Organisation,
    code: str,
    text: str,
    same_question: bool,
    by: Person,
    expected_version: str,
    subject: Subject = Subject.PARTNERSHIP,
) -> InstrumentVersion:
    """Word an item otherwise in the draft: the same question keeps its code, another one gets a code of its own.

    Raises ValidationError, or ChangedMeanwhile where ``expected_version`` is not the state of the questions now.
    """
    made = _held(organisation, subject, by, expected_version)
    text = _kept(text, organisation, subject)
    with in_words():
        if same_question:
            return _keep(organisation, subject, reworded(made, code, text), by)
        return _keep(organisation, subject, asked_otherwise(made, code, text, taken=codes_given(organisation)), by)


@transaction.atomic
def add_item(
    *,
    organisation: Organisation,
    about: str,
    text: str,
    by: Person,
    expected_version: str,
    subject: Subject = Subject.PARTNERSHIP,
    same_as: str = "",
) -> InstrumentVersion:
    """Ask one more in the draft, about an atom or a topic; or, where partners and we are asked, the same question as
    the other side is: ``same_as`` is its code, and it is about what that is about.

    Raises ValidationError or ChangedMeanwhile.
    """
    made = _held(organisation, subject, by, expected_version)
    if same_as:
        about = _about_on_the_other_side(organisation, subject, made, same_as)
    text = _kept(text, organisation, subject)
    with in_words():
        more = added(made, about, text, taken=codes_given(organisation), code=same_as)
        return _keep(organisation, subject, more, by)


@transaction.atomic
def leave_item_out(
    *,
    organisation: Organisation,
    code: str,
    by: Person,
    expected_version: str,
    subject: Subject = Subject.PARTNERSHIP,
) -> InstrumentVersion:
    """Ask one item no more in the draft. Raises ValidationError where too few would stay, or ChangedMeanwhile."""
    made = _held(organisation, subject, by, expected_version)
    with in_words():
        return _keep(organisation, subject, left_out(made, code), by)


@transaction.atomic
def draft_from_file(
    *, organisation: Organisation, made: Instrument, by: Person, subject: Subject = Subject.PARTNERSHIP
) -> InstrumentVersion:
    """Begin a draft with questions that somebody sent. Raises ValidationError where they cannot be taken."""
    check_can_edit(by, organisation)
    hold(organisation)
    if draft_of(organisation, subject):
        raise ValidationError(UNDER_WAY)
    made = as_kept(made, organisation, subject)
    with in_words():
        check_own(made, instrument(NEWEST[subject]))
        if not difference(questions_in_use(organisation, subject), made):
            raise ValidationError("This file asks what your surveys ask already. Nothing would change.")
        return _keep(organisation, subject, made, by)


@transaction.atomic
def publish_draft(
    *,
    organisation: Organisation,
    note: str,
    use_it: bool,
    by: Person,
    expected_version: str,
    subject: Subject = Subject.PARTNERSHIP,
) -> InstrumentVersion:
    """End the draft: from now on it stays as it is. Raises ValidationError or ChangedMeanwhile."""
    check_can_edit(by, organisation)
    hold(organisation)
    draft = draft_of(organisation, subject)
    if draft is None:
        raise ValidationError("Somebody else published or discarded this version meanwhile.")
    check_version(expected_version, state_of(draft.instrument))
    if not difference(questions_in_use(organisation, subject), draft.instrument):
        raise ValidationError("This version asks what your surveys ask already. Change something, or discard it.")
    draft.note, draft.published_at, draft.published_by = note, timezone.now(), by
    save_checked(draft)
    if use_it:
        choose_version(organisation=organisation, version=draft.version, by=by, subject=subject)
    return draft


@transaction.atomic
def discard_draft(*, organisation: Organisation, by: Person, subject: Subject = Subject.PARTNERSHIP) -> None:
    """Drop the draft, which nobody was asked. Where there is none, nothing happens."""
    check_can_edit(by, organisation)
    hold(organisation)
    organisation.instrument_versions.drafts().filter(subject=subject).delete()


@transaction.atomic
def choose_version(
    *, organisation: Organisation, version: str, by: Person, subject: Subject = Subject.PARTNERSHIP
) -> InstrumentChoice:
    """Have new surveys of this subject ask this version. Raises ValidationError for one that is not published here, or
    about something else.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    draft = draft_of(organisation, subject)
    if draft and draft.version == version:
        raise ValidationError("Publish this version before surveys ask it.")
    with in_words():
        instrument_of(organisation.pk, version)
    if version not in versions_like(NEWEST[subject]):
        own = organisation.instrument_versions.published().filter(version=version, subject=subject)
        if version in shipped_versions() or not own.exists():
            raise ValidationError(ABOUT_SOMETHING_ELSE[subject])
    choice = InstrumentChoice.objects.filter(organisation=organisation, subject=subject).first()
    choice = choice or InstrumentChoice(organisation=organisation, subject=subject)
    choice.version, choice.set_by, choice.set_at = version, by, timezone.now()
    save_checked(choice)
    return choice


def _held(organisation: Organisation, subject: Subject, by: Person, expected_version: str) -> Instrument:
    """What is to be changed, kept as it is until this transaction ends."""
    check_can_edit(by, organisation)
    hold(organisation)
    made = questions_to_change(organisation, subject)
    check_version(expected_version, state_of(made))
    return made


def _kept(text: str, organisation: Organisation, subject: Subject) -> str:
    return unnamed(text, organisation.display_name) if subject == Subject.BY_PARTNERS else text


def _about_on_the_other_side(organisation: Organisation, subject: Subject, made: Instrument, code: str) -> str:
    """What a question is about that the other side is asked and this one is not."""
    other = questions_to_change(organisation, OTHER_SIDE[subject]) if subject in OTHER_SIDE else made
    found = other.item_by_code.get(code)
    if found is None or code in made.item_by_code:
        raise ValidationError("The questions of the other side have changed meanwhile. Look at them again.")
    return found.atom or found.topic


def _keep(organisation: Organisation, subject: Subject, made: Instrument, by: Person) -> InstrumentVersion:
    """Write the draft, and begin one where there is none. Raises InstrumentError for words that no file may have."""
    draft = draft_of(organisation, subject) or InstrumentVersion(
        organisation=organisation,
        subject=subject,
        version=_next_version(organisation, subject),
        based_on=version_in_use(organisation, subject),
        created_by=by,
    )
    draft.document = as_document(replace(made, version=draft.version))
    load(draft.document)
    save_checked(draft)
    return draft


def _next_version(organisation: Organisation, subject: Subject) -> str:
    """The organisation's code and a number: no other organisation has it, so a file says where it comes from."""
    number = organisation.instrument_versions.filter(subject=subject).count() + 1
    return f"{slugify(organisation.code)}{CALLED[subject]}-{number}"
