"""What-ifs: a list of levers, and what the inputs of a run are once they are pulled. Values in, values out; no Django.

from scoring.what_if import Days, Held, apply, lever_from

levers = [Days("executive", 40), Held("stroke-network", "decline")]
changed = apply(document, levers, hurts_from=20, adds_nothing_at=40)
"""

from scoring.what_if.applying import apply, keep_as_recommended, levers_that_apply
from scoring.what_if.levers import (
    Attention,
    Days,
    Duty,
    Held,
    Lever,
    NoTippingPoint,
    Weights,
    fingerprint_of,
    in_order,
    lever_from,
    to_json,
)

__all__ = [
    "Attention",
    "Days",
    "Duty",
    "Held",
    "Lever",
    "NoTippingPoint",
    "Weights",
    "apply",
    "fingerprint_of",
    "in_order",
    "keep_as_recommended",
    "lever_from",
    "levers_that_apply",
    "to_json",
]
