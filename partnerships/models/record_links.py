"""Documents and pages about a partnership, kept elsewhere: a title and an address. The service never opens them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partnerships.models.participations import Participation
from partnerships.models.record_entries import RecordEntry
from partnerships.recording import recorded


@recorded("link", partnership="participation", about=("title",))
class RecordLink(RecordEntry):
    FACTS = ("title", "address")

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="record_links")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="record_links")
    title = models.CharField(max_length=160)
    address = models.URLField("web address", max_length=600)

    class Meta:
        ordering = ["participation", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="record_link_has_a_title",
                condition=Q(title__regex=r"\S"),
                violation_error_message="Say what the link leads to.",
            ),
            models.CheckConstraint(
                name="record_link_is_https",
                condition=Q(address__regex=r"^https://[^\s/]+"),
                violation_error_message="Enter a web address that begins with https://.",
            ),
            models.UniqueConstraint(
                name="record_link_once",
                fields=["participation", "address"],
                violation_error_message="This link is on the record already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
