"""How readiness follows from a survey: the constants, as one version, kept as data beside the instrument.

A rule that has been used is never changed: other weights are another version, so that a run can say by which rule its
readiness was worked out, and an earlier one can be worked out again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from diagnostics.instrument.definition import InstrumentError
from diagnostics.instrument.loading import instrument, shipped

FORMAT = "readiness-rule/1"
VERSIONS = Path(__file__).parent / "readiness_rules"
CURRENT_RULE = "readiness-1"


@dataclass(frozen=True)
class ReadinessRule:
    """``least`` is p_min; ``weights`` are q by characteristic, all of them named, summing to 1.

    ``within_floor`` is the least standard deviation of one person's view and ``between_floor`` the least between
    partnerships, both as shares of the scale: half a point of four, and the smallest spread of any domain between
    59 partnerships in Valentijn and others (2015), 0.27 of three points.
    """

    version: str
    least: float
    weights: Mapping[str, float]
    within_floor: float
    between_floor: float


@cache
def readiness_rule(version: str = CURRENT_RULE) -> ReadinessRule:
    """The rule of that version, as shipped. Raises InstrumentError where there is none."""
    return load_rule(shipped(VERSIONS, version, "readiness rule"))


def load_rule(document: Any) -> ReadinessRule:
    """The rule that ``document`` (parsed JSON) describes. Raises InstrumentError, naming the part at fault."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InstrumentError(f"format: expected {FORMAT!r}.")
    given = {name: value for name, value in document.items() if name != "format"}
    known = {field.name for field in fields(ReadinessRule)}
    if given.keys() != known:
        raise InstrumentError(f"{', '.join(sorted(given.keys() ^ known))} is missing or not known.")
    weights = given["weights"]
    characteristics = {one.code for one in instrument().characteristics}
    if not isinstance(weights, dict) or weights.keys() != characteristics:
        raise InstrumentError(f"weights: expected one for each of {', '.join(sorted(characteristics))}.")
    for name, share in (*weights.items(), *((name, given[name]) for name in known - {"version", "weights"})):
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise InstrumentError(f"{name}: expected a number from 0 to 1, not {share!r}.")
    if not math.isclose(sum(weights.values()), 1):
        raise InstrumentError(f"weights: they sum to {sum(weights.values()):.6g}, and must sum to 1.")
    return ReadinessRule(**given)
