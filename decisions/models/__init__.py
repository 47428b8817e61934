"""What was decided, in which meeting, from when it holds, what was promised, and what was found since."""

from decisions.models.decisions import Decision, DecisionQuerySet, Outcome, TakenEffect
from decisions.models.meetings import AgendaItem, Meeting
from decisions.models.promises import Promise, PromiseMoved, PromiseQuerySet, PromiseState
from decisions.models.reminders import DueKind, DueReminder
from decisions.models.reviews import Review, ReviewOutcome
from decisions.models.shared import SharedDecision

__all__ = [
    "AgendaItem",
    "Decision",
    "DecisionQuerySet",
    "DueKind",
    "DueReminder",
    "Meeting",
    "Outcome",
    "Promise",
    "PromiseMoved",
    "PromiseQuerySet",
    "PromiseState",
    "Review",
    "ReviewOutcome",
    "SharedDecision",
    "TakenEffect",
]
