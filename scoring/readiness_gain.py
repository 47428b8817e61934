"""What it would be worth to make a partnership readier: value gained if its readiness rose to an attainable level.

The best value with a level forced is linear in that level's own value, which is linear in readiness; so the flips and
values that a run has stored give the gain exactly, as solving the whole portfolio again would (the same reasoning as in
``scoring.engine.thresholds``). A test solves again and compares. Nothing has to be added to a run for it, and a run of
last year answers too.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.engine.advice import ATTAINABLE_READINESS, LEAST_GAIN
from scoring.findings import Findings, Json


@dataclass(frozen=True)
class ReadinessGain:
    """One partnership: its readiness ``now``, the attainable one (``to``), and the value that all the portfolio gains.

    ``level`` is the level at which it would then be best, and ``turns_at`` the readiness from which that is so; both
    are None where it would be best at the level that it has now, and only be worth more there.
    """

    id: str
    now: float
    to: float
    gain: float
    level: str | None
    turns_at: float | None


def readiness_gains(findings: Findings) -> list[ReadinessGain]:
    """The largest gain first; without partnerships that are as ready as is attainable, or would gain nothing."""
    found = [gain for one in findings.partnerships if (gain := _gain(one)) is not None]
    return sorted(found, key=lambda one: (-one.gain, one.id))


def gain_of_rise(findings: Findings, identifier: str, rise: float) -> ReadinessGain | None:
    """The same for one partnership whose readiness rises by so much, and by no more than is attainable."""
    one = next((one for one in findings.partnerships if one["id"] == identifier), None)
    if one is None or one["readiness"] is None:
        return None
    return _gain(one, min(ATTAINABLE_READINESS, one["readiness"]["mean"] + rise))


def _gain(one: Json, to: float = ATTAINABLE_READINESS) -> ReadinessGain | None:
    readiness, full, flips = one["readiness"], one["values_at_full_readiness"], one["flip"]
    if readiness is None or full is None or flips is None or readiness["mean"] >= to:
        return None
    now = readiness["mean"]
    rise = to - now
    per_unit = {level: (full[level] - value) / (1 - now) for level, value in one["values"].items()}
    losses = {level: loss for level, loss in flips.items() if loss is not None} | {one["level"]: 0.0}
    worth = {level: per_unit[level] * rise - loss for level, loss in losses.items()}
    level = max(worth, key=lambda code: (worth[code], code == one["level"]))
    if worth[level] <= LEAST_GAIN:
        return None
    if level == one["level"]:
        return ReadinessGain(one["id"], now, to, worth[level], None, None)
    # Another level may come in on the way, so it is the last of the others that it has to pass.
    passes = ((losses[level] - losses[code], per_unit[level] - per_unit[code]) for code in losses)
    turns_at = now + max(loss / steeper for loss, steeper in passes if steeper > 0)
    return ReadinessGain(one["id"], now, to, worth[level], level, turns_at)
