"""What was decided, in which meeting, from when it holds, and how it is told; what was promised, and found since;
and the plan to become a better partner."""

from decisions.models.capacity_options import CapacityOption
from decisions.models.decisions import Decision, DecisionQuerySet, Outcome, TakenEffect
from decisions.models.kind_noes import ChecklistItem, HowTold, KindNo, KindOfNo, LetterReply, Telling, ToldOf
from decisions.models.letters import KindOfLetter, Letter, LetterState, LetterTemplate, Trouble, WhyHeld
from decisions.models.meetings import AgendaItem, Draft, Meeting
from decisions.models.plan import Characteristic, PlanAction, PlanState
from decisions.models.practices import Practice, PracticeState
from decisions.models.promises import Promise, PromiseMoved, PromiseQuerySet, PromiseState
from decisions.models.reminders import DueKind, DueReminder
from decisions.models.reviews import Review, ReviewOutcome
from decisions.models.shared import SharedDecision

__all__ = [
    "AgendaItem",
    "CapacityOption",
    "Characteristic",
    "ChecklistItem",
    "Decision",
    "DecisionQuerySet",
    "Draft",
    "DueKind",
    "DueReminder",
    "HowTold",
    "KindNo",
    "KindOfLetter",
    "KindOfNo",
    "Letter",
    "LetterReply",
    "LetterState",
    "LetterTemplate",
    "Meeting",
    "Outcome",
    "PlanAction",
    "PlanState",
    "Practice",
    "PracticeState",
    "Promise",
    "PromiseMoved",
    "PromiseQuerySet",
    "PromiseState",
    "Review",
    "ReviewOutcome",
    "SharedDecision",
    "TakenEffect",
    "Telling",
    "ToldOf",
    "Trouble",
    "WhyHeld",
]
