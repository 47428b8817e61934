"""Invitations to act for an organisation: who is asked, as what, until when, and what became of it."""

from __future__ import annotations

import datetime
import enum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from partnerships.models.ownership import OwnedModel
from partnerships.models.people import Person, Role
from partnerships.recording import recorded


class InvitationState(enum.Enum):
    """What an invitation can be, by the word that templates compare with."""

    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class AccessInvitationQuerySet(models.QuerySet["AccessInvitation"]):
    def waiting(self) -> AccessInvitationQuerySet:
        """Those neither accepted nor withdrawn; they may be too old to be accepted, and can be sent again."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


# Neither the link, whose hash is a secret of its own, nor who did what, which each line says.
INVITED = (
    "id",
    "organisation",
    "email",
    "roles",
    "last_day",
    "is_handed_over",
    "expires_at",
    "accepted_at",
    "withdrawn_at",
)


@recorded("invitation", about=("email",), fields=INVITED)
class AccessInvitation(OwnedModel):
    """Somebody asked by e-mail. Only a keyed hash of the link's secret is kept, so that nobody can read the link here.

    ``is_handed_over`` is true where the link was shown to the administrator, since no e-mail could bring it: then
    nobody has proved that the address is the person's own.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="access_invitations"
    )
    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    last_day = models.DateField(null=True, blank=True, help_text="The last day of these roles; blank for no end.")
    link_hash = models.CharField(max_length=64, unique=True)
    is_handed_over = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AccessInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "email"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                name="access_invitation_once_waiting",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                violation_error_message="This address has an invitation already. Send it again, or withdraw it first.",
            ),
            models.CheckConstraint(
                name="access_invitation_roles_are_known",
                condition=Q(roles__len__gte=1) & Q(roles__contained_by=Role.values),
                violation_error_message="Choose at least one role from the list.",
            ),
            models.CheckConstraint(
                name="access_invitation_expires_after_it_is_sent",
                condition=Q(expires_at__gt=F("invited_at")),
                violation_error_message="The last moment to accept is before the invitation. Send it again.",
            ),
            models.CheckConstraint(
                name="access_invitation_accepted_by_and_at",
                condition=Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                violation_error_message="Record both who accepted and when, or neither.",
            ),
            models.CheckConstraint(
                name="access_invitation_withdrawn_by_and_at",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                violation_error_message="Record both who withdrew it and when, or neither.",
            ),
            models.CheckConstraint(
                name="access_invitation_ends_in_one_way",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message="An invitation that was accepted cannot be withdrawn. End the person’s roles.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        if self.has_no_day_left or self.expires_at <= timezone.now():
            return InvitationState.EXPIRED
        return InvitationState.WAITING

    @property
    def has_no_day_left(self) -> bool:
        """Whether the roles in it are over, so that accepting it would give nothing."""
        return self.last_day is not None and self.last_day < timezone.localdate()

    @property
    def works_until(self) -> datetime.date:
        """The last day on which it can be accepted, here: never one after the last day of the roles in it."""
        deadline = timezone.localdate(self.expires_at)
        return deadline if self.last_day is None else min(deadline, self.last_day)

    @property
    def role_labels(self) -> list[str]:
        return [role.label for role in Role if role in self.roles]
