"""What a run is, what it recommended, what somebody tried instead, and how much attention is too much."""

from scoring.models.explanations import Explanation
from scoring.models.json_text import JsonText, JsonTextField
from scoring.models.nights import Night, NightProgress
from scoring.models.recommendations import Confidence, Label, Recommendation
from scoring.models.runs import OPEN_STATES, TRANSITIONS, Run, RunChange, RunQuerySet, RunState, RunTrigger
from scoring.models.tipping_point import TippingPoint
from scoring.models.what_ifs import WhatIf, WhatIfState

__all__ = [
    "OPEN_STATES",
    "TRANSITIONS",
    "Confidence",
    "Explanation",
    "JsonText",
    "JsonTextField",
    "Label",
    "Night",
    "NightProgress",
    "Recommendation",
    "Run",
    "RunChange",
    "RunQuerySet",
    "RunState",
    "RunTrigger",
    "TippingPoint",
    "WhatIf",
    "WhatIfState",
]
