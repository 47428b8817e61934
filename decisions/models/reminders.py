"""Reminders of promises, of the plan, of reviews and letters: who was reminded of what, and whether that is certain."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.models.decisions import Decision
from decisions.models.kind_noes import KindNo
from decisions.models.letters import Letter
from decisions.models.plan import PlanAction
from decisions.models.practices import Practice
from decisions.models.promises import Promise
from partnerships.models.ownership import OwnedModel


class DueKind(models.TextChoices):
    BEFORE = "before", "A week before a promise, an action or the end of a practice is due"
    OVERDUE = "overdue", "Once a promise, an action or the end of a practice is overdue"
    REVIEW = "review", "When a decision is to be looked at again"
    LETTER = "letter", "When a letter to a partner reaches nobody"
    CHANGED = "changed", "When a partner still holds a no that is none any more"


# What a reminder may be of, by the name of its column.
ABOUT: dict[str, type[models.Model]] = {
    "promise": Promise,
    "action": PlanAction,
    "practice": Practice,
    "decision": Decision,
    "letter": Letter,
    "kind_no": KindNo,
}


def _of(column: str, *kinds: DueKind) -> Q:
    """That a reminder of these kinds is of this, and of nothing else."""
    return Q(kind__in=kinds, **{f"{one}__isnull": one != column for one in ABOUT})


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
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    kind_no = models.ForeignKey(KindNo, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
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
                name="due_reminder_of_practice_once",
                fields=["practice", "kind", "day", "to"],
                violation_error_message="This person has been reminded of this practice.",
            ),
            models.UniqueConstraint(
                name="due_reminder_of_review_once",
                fields=["decision", "day", "to"],
                violation_error_message="This person has been reminded of this review.",
            ),
            models.UniqueConstraint(
                name="due_reminder_of_letter_once",
                fields=["letter", "day", "to"],
                violation_error_message="This person has been reminded of this letter.",
            ),
            models.UniqueConstraint(
                name="due_reminder_of_change_once",
                fields=["kind_no", "day", "to"],
                violation_error_message="This person has been reminded to tell this partner.",
            ),
            models.CheckConstraint(
                name="due_reminder_kind_is_known",
                condition=Q(kind__in=DueKind.values),
                violation_error_message="Choose a reminder from the list.",
            ),
            models.CheckConstraint(
                name="due_reminder_of_one_thing",
                condition=_of("promise", DueKind.BEFORE, DueKind.OVERDUE)
                | _of("action", DueKind.BEFORE, DueKind.OVERDUE)
                | _of("practice", DueKind.BEFORE, DueKind.OVERDUE)
                | _of("decision", DueKind.REVIEW)
                | _of("letter", DueKind.LETTER)
                | _of("kind_no", DueKind.CHANGED),
                violation_error_message=(
                    "A reminder is of a promise, an action, a practice, a review, a letter or an old no."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.day:%-d %B %Y}"
