"""What the entries of a relationship record have in common: whose they are, of which participation, by whom and when.

The record says what an organisation knows about working together in one partnership: what went well, where they differ,
what each gave and lost. It is the organisation's own account and stands on its participation, never on the partnership
that others see too. Nothing in it enters a score.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from partnerships.models.ownership import OwnedModel


class RecordEntry(OwnedModel):
    """One entry. ``FACTS`` are what people fill in: what a form asks for, and what a version is worked out from."""

    FACTS: ClassVar[tuple[str, ...]] = ()

    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
