"""A spreadsheet somebody uploaded, kept between its preview and the import that the person then asks for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partnerships.models.ownership import OwnedModel


class ImportPreview(OwnedModel):
    """The cells of one uploaded file, as text; importing it sets ``used_at``, which can happen once."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="import_previews"
    )
    file_name = models.CharField(max_length=255)
    headers = models.JSONField(help_text="The first row's cells: a list of text.")
    rows = models.JSONField(help_text="Each further row: its number in the file, and its cells as text.")
    capacity_headers = models.JSONField(default=list, blank=True, help_text="The same of a table of capacity.")
    capacity_rows = models.JSONField(default=list, blank=True)
    answers = models.JSONField(
        default=dict, blank=True, help_text="By a row's number, which partnership its name means, or “another”."
    )
    uploaded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    used_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_preview_used_by_and_at",
                condition=Q(used_by__isnull=True, used_at__isnull=True)
                | Q(used_by__isnull=False, used_at__isnull=False),
                violation_error_message="Record both who imported the file and when, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
