"""Deeds: what people did that changed no row and matters all the same, such as taking a copy or signing in."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from partnerships.models.organisations import Organisation
from partnerships.models.participations import Participation
from partnerships.models.people import Person


class DeedKind(models.TextChoices):
    """What leaves a line. Whatever answers a file that holds anything of the organisation has been ``EXPORTED``, names
    of its own levels and pools in an empty template, and questions that it wrote, among it. Those that come with the
    service, an open link drawn to be shown, and somebody's own recovery codes leave none.
    """

    EXPORTED = "exported", "downloaded"
    READ_FREE_TEXT = "read_free_text", "read what people wrote in"
    TOOK_LINKS = "took_links", "took the personal links"
    SIGNED_IN = "signed_in", "signed in"
    SIGN_IN_FAILED = "sign_in_failed", "did not get in: wrong email address, password or code"
    SIGNED_OUT = "signed_out", "signed out"
    PASSWORD_CHANGED = "password_changed", "changed their password"
    SECOND_STEP_SET_UP = "second_step_set_up", "set up their second step of signing in"
    SECOND_STEP_REMOVED = "second_step_removed", "took their second step of signing in away"
    RECOVERY_CODES_MADE = "recovery_codes_made", "made new recovery codes"
    SESSIONS_ENDED = "sessions_ended", "signed out their other browsers"
    SIGN_IN_RESET = "sign_in_reset", "had their signing in reset at the server"
    IMPORTED_REGISTER = "imported_register", "imported the register"
    CHANGED_WHO_IS_ASKED = "changed_who_is_asked", "changed who is asked"
    RECORDED_SUCCESSOR = "recorded_successor", "recorded who took over:"


class Deed(models.Model):
    """One deed, of one organisation's record, and nobody ever changes it; it outlives the rows that it speaks of.

    ``organisation`` is blank where it is nobody's: a register for everybody, or a sign-in that names no account.
    """

    # Made here, so that a line which nobody may read can be written: the database gives nothing back.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="deeds"
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=DeedKind.choices)
    what = models.CharField(max_length=200, blank=True, help_text="Of what: the file or the page, in words.")
    rows = models.PositiveIntegerField(null=True, blank=True, help_text="How many rows it gave out or took in.")
    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    done_at = models.DateTimeField(default=timezone.now)
    context = models.JSONField(null=True, blank=True, help_text="The request, task or command, as events have it.")

    class Meta:
        ordering = ["-done_at", "-pk"]
        indexes = [models.Index(name="deed_when", fields=["organisation", "done_at", "id"])]
        constraints = [
            models.CheckConstraint(
                name="deed_kind_is_known",
                condition=models.Q(kind__in=DeedKind.values),
                violation_error_message="Choose a kind of deed from the list.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}".strip()
