"""An organisation's own versions of the questions, and which version its new surveys ask.

A version is a draft until it is published. From then on the database lets nobody change it or delete it (the trigger
``keep_published_questions``): what people were asked stays what it was, and who wants other questions makes another
version. The versions that come with the service are files (``diagnostics/instrument/versions``) and have no rows here.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from diagnostics.instrument import Instrument, InstrumentError, instrument, load, shipped_versions
from diagnostics.models.subjects import Subject
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

LONGEST_NOTE = 300


class InstrumentVersionQuerySet(models.QuerySet["InstrumentVersion"]):
    def published(self) -> InstrumentVersionQuerySet:
        """Newest first."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "-pk")

    def drafts(self) -> InstrumentVersionQuerySet:
        """At most one an organisation."""
        return self.filter(published_at__isnull=True)


# The questions themselves are not copied into the record: once published they never change, and stay here.
@recorded(
    "version of the survey questions",
    added="began",
    about=["version"],
    fields=["id", "organisation", "subject", "version", "based_on", "note", "published_at"],
)
class InstrumentVersion(OwnedModel):
    """``document`` is the instrument as ``diagnostics.instrument.load`` reads it; ``note`` says why it was made.

    It is asked in surveys of its ``subject`` alone.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="instrument_versions"
    )
    subject = models.CharField(
        "what it asks about", max_length=11, choices=Subject.choices, default=Subject.PARTNERSHIP
    )
    version = models.CharField(max_length=60)
    based_on = models.CharField(max_length=60)
    document = models.JSONField()
    note = models.CharField("why", max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="instrument_version_once", fields=["organisation", "version"]),
            models.UniqueConstraint(
                name="instrument_version_one_draft",
                fields=["organisation", "subject"],
                condition=Q(published_at__isnull=True),
                violation_error_message="There is a new version under way already. Publish or discard it first.",
            ),
            models.CheckConstraint(
                name="instrument_version_published_by_and_at",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="instrument_version_published_says_why",
                condition=Q(published_at__isnull=True) | ~Q(note=""),
                violation_error_message="Enter why the questions change.",
            ),
            models.CheckConstraint(
                name="instrument_version_subject_is_known",
                condition=Q(subject__in=Subject.values),
                violation_error_message="Choose what the questions are about.",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def instrument(self) -> Instrument:
        return loaded(self.document)


@recorded("questions that new surveys ask", added="chose")
class InstrumentChoice(OwnedModel):
    """The version that an organisation's new surveys of a subject ask; where there is no row, the newest that is
    shipped.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="instrument_choices"
    )
    subject = models.CharField(
        "what it asks about", max_length=11, choices=Subject.choices, default=Subject.PARTNERSHIP
    )
    version = models.CharField(max_length=60)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["organisation", "subject"]
        constraints = [
            models.UniqueConstraint(name="instrument_choice_once", fields=["organisation", "subject"]),
            models.CheckConstraint(
                name="instrument_choice_subject_is_known",
                condition=Q(subject__in=Subject.values),
                violation_error_message="Choose what the questions are about.",
            ),
        ]

    def __str__(self) -> str:
        return self.version


def loaded(document: Any) -> Instrument:
    """The instrument of a row's document; the same document is read once."""
    return _loaded(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=200)
def _loaded(text: str) -> Instrument:
    return load(json.loads(text))


def instrument_of(organisation_id: int, version: str) -> Instrument:
    """The questions of that version: shipped, or the organisation's own. Raises InstrumentError for any other."""
    if version in shipped_versions():
        return instrument(version)
    rows = InstrumentVersion.objects.filter(organisation=organisation_id, version=version)
    document = rows.values_list("document", flat=True).first()
    if document is None:
        raise InstrumentError(f"There is no instrument with the version {version!r}.")
    return loaded(document)


def document_of_round() -> Subquery:
    """For a query of rounds: the document of the own version that each asks; null where it asks a shipped one."""
    own = InstrumentVersion.objects.filter(
        organisation=OuterRef("organisation"), version=OuterRef("instrument_version")
    )
    return Subquery(own.values("document")[:1])
