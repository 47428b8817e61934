"""Invitations: who is asked. What they answered is not here and cannot be found from here."""

from __future__ import annotations

from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Lower

from diagnostics.models.joined import one_of_each
from diagnostics.models.rounds import Round
from partnerships.models.ownership import OwnedModel


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> InvitationQuerySet:
        """Those who have not sent in their answers."""
        return self.filter(completed=False)

    def of_people(self) -> InvitationQuerySet:
        """Those asked by name and address."""
        return self.filter(seat_batch=None)

    def seats(self) -> InvitationQuerySet:
        """Those of nobody: what an open link gives out (``diagnostics.seats``)."""
        return self.filter(seat_batch__isnull=False)

    def with_link(self, link_hash: str) -> Invitation | None:
        """The one that a link leads to, with its round.

        In SQL, as is what else stands in the way of every answer that is saved: making such a statement out of a
        query set takes several times as long as running it.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT invited.*, asked.* FROM diagnostics_invitation AS invited "
                "JOIN diagnostics_round AS asked ON asked.id = invited.round_id WHERE invited.link_hash = %s",
                [link_hash],
            )
            found = one_of_each(cursor, Invitation, Round, using=self.db)
        if found is None:
            return None
        invitation: Invitation
        invitation, invitation.round = found
        return invitation


class Invitation(OwnedModel):
    """One person asked in one round. Only a keyed hash of the link's secret is kept, so nobody can read the link.

    Or a seat for somebody who starts with an open link, and whose name and address nobody knows.

    A link that is shown to be handed out begins the survey once (``diagnostics.handed_access``): its hash stands in
    ``handed_hash``, beside that of the link with which its person then goes on, which nobody else is shown.

    ``completed`` follows what was sent in with a delay, for several people at once (``diagnostics.completion``).
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_invitations"
    )
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    works_for = models.CharField("organisation they work for", max_length=120, blank=True)
    role = models.CharField(max_length=120, blank=True)
    link_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    link_number = models.PositiveSmallIntegerField(default=0, help_text="How often the link has been replaced.")
    handed_hash = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text="Of the link that was shown to be handed out, with which its person begins once.",
    )
    link_by_letter = models.BooleanField(
        default=False,
        help_text="Whether a letter brings the link, since the survey opened by itself and nobody gave it otherwise.",
    )
    completed = models.BooleanField(default=False)
    email_failed_on = models.DateField(
        null=True, blank=True, help_text="When a mail server refused the address for good."
    )
    seat_batch = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of a seat: lower batches are given out first. Empty for a person."
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["round", "name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "round",
                name="invitation_once_a_round",
                condition=Q(seat_batch__isnull=True),
                violation_error_message="This email address is already invited to this survey.",
            ),
            models.CheckConstraint(
                name="invitation_completed_had_a_link",
                condition=Q(completed=False) | Q(link_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_by_letter_to_somebody",
                condition=Q(link_by_letter=False) | Q(link_hash__isnull=False, seat_batch__isnull=True),
                violation_error_message="A link comes by letter to somebody who is asked by name, and has one.",
            ),
            models.CheckConstraint(
                name="invitation_handed_out_to_somebody",
                condition=Q(handed_hash__isnull=True)
                | Q(link_hash__isnull=False, seat_batch__isnull=True, link_by_letter=False),
                violation_error_message="A link is handed out, or comes by letter, to somebody who is asked by name.",
            ),
            models.CheckConstraint(
                name="invitation_of_somebody_or_of_nobody",
                condition=(Q(seat_batch__isnull=True) & ~Q(email=""))
                | Q(seat_batch__isnull=False, name="", email="", works_for="", role="", email_failed_on=None),
                violation_error_message="Enter an email address for everybody who is asked by name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "Somebody with the open link"

    @property
    def is_handed_out(self) -> bool:
        """Whether their link was shown to be handed out: they begin with that one, and go on with one of their own."""
        return self.handed_hash is not None

    @property
    def is_seat(self) -> bool:
        """Whether it is of nobody: for somebody who starts with an open link."""
        return self.seat_batch is not None
