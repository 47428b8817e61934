"""Reminders of promises, actions of the plan and reviews: who was reminded of what, and whether that is certain."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.models.decisions import Decision
from decisions.models.plan import PlanAction
from decisions.models.promises import Promise
from partnerships.models.ownership import OwnedModel


class DueKind(models.TextChoices):
    BEFORE = "before", "A week before a promise or an action is due"
    OVERDUE = "overdue", "Once a promise or an action is overdue"
    REVIEW = "review", "When a decision is to be looked at again"


class DueReminder(OwnedModel):
    """One reminder to one person, written down and committed before it is sent, so that nobody gets it twice.

    ``day`` is the one that it was about: what is due on another day now is reminded of again. ``sent`` once a mail
    server has taken the letter; where it stays false nobody can tell whether it left, and it is not sent again.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="due_reminders"
    )
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    action = models.ForeignKey(PlanAction, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=7, choices=DueKind.choices)
    day = models.DateField(help_text="When it was due, or to be looked at again.")
    to = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField()
    sent = models.BooleanField(default=False)

    class Meta:
        ordering = ["taken_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="due_reminder_of_promise_once",
                fields=["promise", "kind", "day", "to"],
                violation_error_message="This person has been reminded of this promise.",
            ),
            models.UniqueConstraint(
                name="due_reminder_of_action_once",
                fields=["action", "kind", "day", "to"],
                violation_error_message="This person has been reminded of this action.",
            ),
            models.UniqueConstraint(
                name="due_reminder_of_review_once",
                fields=["decision", "day", "to"],
                violation_error_message="This person has been reminded of this review.",
            ),
            models.CheckConstraint(
                name="due_reminder_kind_is_known",
                condition=Q(kind__in=DueKind.values),
                violation_error_message="Choose a reminder from the list.",
            ),
            models.CheckConstraint(
                name="due_reminder_of_one_thing",
                condition=Q(kind=DueKind.REVIEW, decision__isnull=False, promise__isnull=True, action__isnull=True)
                | ~Q(kind=DueKind.REVIEW)
                & (
                    Q(decision__isnull=True, promise__isnull=False, action__isnull=True)
                    | Q(decision__isnull=True, promise__isnull=True, action__isnull=False)
                ),
                violation_error_message="A reminder is of a promise, of an action of the plan or of a review.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.day:%-d %B %Y}"
