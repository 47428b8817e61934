"""What was decided, in which meeting, and from when it holds."""

from decisions.models.decisions import Decision, DecisionQuerySet, Outcome, TakenEffect
from decisions.models.meetings import AgendaItem, Meeting
from decisions.models.shared import SharedDecision

__all__ = ["AgendaItem", "Decision", "DecisionQuerySet", "Meeting", "Outcome", "SharedDecision", "TakenEffect"]
