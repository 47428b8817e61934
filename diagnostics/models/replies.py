"""Replies: what an organisation tells its partners it heard from them, and what it does about it.

What is being written and what partners read are apart: publishing takes a copy, and partners read that copy alone. They
find it by a token that nobody can guess; whoever has the address may read it, as with anything that is published.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from diagnostics.models.invitations import Invitation
from diagnostics.models.rounds import Round
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

LONGEST_PART = 1000


def new_token() -> str:
    """256 bits for an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Under which the database finds a reply for somebody who holds its address; the token is as good as random."""
    return hashlib.sha256(f"diagnostics.reply {token}".encode()).hexdigest()


class Progress(models.TextChoices):
    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"


class PartnerReplyQuerySet(models.QuerySet["PartnerReply"]):
    def public(self) -> PartnerReplyQuerySet:
        """Those that partners can read now."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


# The address is no news, and the copy repeats what the lines say.
@recorded(
    "reply to partners",
    added="began",
    partnership="participation",
    about=["opening"],
    fields=["id", "organisation", "participation", "opening", "shows_means", "published_at", "withdrawn_at"],
)
class PartnerReply(OwnedModel):
    """One to each survey of partners. ``published`` is what partners read; the rest is being written.

    ``letters_waiting`` while people are still to be told of the last publishing, which is number ``publishing``.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="partner_replies"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="partner_replies")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="reply")
    token = models.CharField(max_length=64, unique=True, editable=False, default=new_token)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    opening = models.TextField("what you say first", blank=True, validators=[MaxLengthValidator(LONGEST_PART)])
    shows_means = models.BooleanField("partners’ means are shown", default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    published = models.JSONField(null=True, blank=True)
    publishing = models.PositiveSmallIntegerField(default=0, help_text="How often it has been published.")
    letters_waiting = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PartnerReplyQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="reply_opening_is_short",
                condition=LessThanOrEqual(Length("opening"), LONGEST_PART),
                violation_error_message=f"Use {LONGEST_PART} characters or fewer.",
            ),
            models.CheckConstraint(
                name="reply_published_by_and_at",
                condition=Q(published_at__isnull=True, published_by__isnull=True, published__isnull=True, publishing=0)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    published__isnull=False,
                    publishing__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="reply_withdrawn_by_and_at",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, published_at__isnull=False),
                violation_error_message="Only a reply that was published can be withdrawn.",
            ),
            models.CheckConstraint(
                name="reply_letters_of_what_is_public",
                condition=Q(letters_waiting=False) | Q(published_at__isnull=False, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Reply to partners in {self.participation}"

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


@recorded("part of a reply to partners", partnership="reply", about=["characteristic"])
class ReplyLine(OwnedModel):
    """What was heard of one characteristic, and what is done about it."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="reply_lines")
    reply = models.ForeignKey(PartnerReply, on_delete=models.CASCADE, related_name="lines")
    characteristic = models.CharField(max_length=20)
    heard = models.TextField("what you heard", validators=[MaxLengthValidator(LONGEST_PART)])
    doing = models.TextField("what you do about it", validators=[MaxLengthValidator(LONGEST_PART)])
    progress = models.CharField(max_length=9, choices=Progress.choices, default=Progress.PLANNED)
    on_day = models.DateField("by when, or since when", null=True, blank=True)

    class Meta:
        ordering = ["reply", "characteristic"]
        constraints = [
            models.UniqueConstraint(
                name="reply_line_once_a_characteristic",
                fields=["reply", "characteristic"],
                violation_error_message="Somebody has written about this characteristic meanwhile. Look again.",
            ),
            models.CheckConstraint(
                name="reply_line_progress_is_known",
                condition=Q(progress__in=Progress.values),
                violation_error_message="Choose how far it is.",
            ),
            models.CheckConstraint(
                name="reply_line_is_short",
                condition=LessThanOrEqual(Length("heard"), LONGEST_PART)
                & LessThanOrEqual(Length("doing"), LONGEST_PART),
                violation_error_message=f"Use {LONGEST_PART} characters or fewer.",
            ),
            models.CheckConstraint(
                name="reply_line_says_something",
                condition=~Q(heard="") & ~Q(doing=""),
                violation_error_message="Enter what you heard and what you do about it.",
            ),
        ]

    def __str__(self) -> str:
        return self.characteristic


class ReplyLetter(OwnedModel):
    """One letter to one person about one publishing; written down before it is sent, so that nobody gets it twice."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="reply_letters"
    )
    reply = models.ForeignKey(PartnerReply, on_delete=models.CASCADE, related_name="letters")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="reply_letters")
    publishing = models.PositiveSmallIntegerField()
    taken_on = models.DateField()
    sent = models.BooleanField(default=False)

    class Meta:
        ordering = ["reply", "publishing", "invitation"]
        constraints = [
            models.UniqueConstraint(
                name="reply_letter_once",
                fields=["reply", "invitation", "publishing"],
                violation_error_message="This person has had this letter.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.publishing}"
