"""Reminders: who was reminded of which survey, and whether that is certain. Of people and links, never of answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from diagnostics.models.invitations import Invitation
from partnerships.models.ownership import OwnedModel


class ReminderKind(models.TextChoices):
    """The first is no reminder: it brings the link, of a survey that opened by itself, and nobody chooses it."""

    FIRST = "first", "The invitation"
    HALFWAY = "halfway", "Halfway to the last day"
    BEFORE_LAST_DAY = "before_last_day", "Two days before the last day"


KINDS_TO_CHOOSE = (ReminderKind.HALFWAY, ReminderKind.BEFORE_LAST_DAY)


class Reminder(OwnedModel):
    """One reminder to one person, written down and committed before it is sent, so that nobody gets it twice.

    ``sent`` once a mail server has taken it. Where it stays false the worker or the connection died in the middle, and
    nobody can tell whether the letter left: it is not sent again. A day and no time of day, as everywhere here.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_reminders"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20, choices=ReminderKind.choices)
    last_day = models.DateField(help_text="The last day to answer that it was about.")
    taken_on = models.DateField()
    sent = models.BooleanField(default=False)

    class Meta:
        ordering = ["invitation", "taken_on", "kind"]
        constraints = [
            models.UniqueConstraint(
                name="reminder_once",
                fields=["invitation", "kind", "last_day"],
                violation_error_message="This person has had this reminder.",
            ),
            models.UniqueConstraint(
                name="reminder_first_once",
                fields=["invitation"],
                condition=Q(kind=ReminderKind.FIRST),
                violation_error_message="This person has had the invitation. More time does not send it again.",
            ),
            models.CheckConstraint(
                name="reminder_kind_is_known",
                condition=Q(kind__in=ReminderKind.values),
                violation_error_message="Choose a reminder from the list.",
            ),
            models.CheckConstraint(
                name="reminder_by_the_last_day",
                condition=Q(taken_on__lte=models.F("last_day")),
                violation_error_message="The last day to answer has passed, so nobody can be reminded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.invitation}"
