"""What a run is, what it recommended, and the assumption it makes about too much of a good thing."""

from scoring.models.nights import Night, NightProgress
from scoring.models.recommendations import Confidence, Label, Recommendation
from scoring.models.runs import OPEN_STATES, TRANSITIONS, Run, RunChange, RunState, RunTrigger
from scoring.models.tipping_point import TippingPoint

__all__ = [
    "OPEN_STATES",
    "TRANSITIONS",
    "Confidence",
    "Label",
    "Night",
    "NightProgress",
    "Recommendation",
    "Run",
    "RunChange",
    "RunState",
    "RunTrigger",
    "TippingPoint",
]
