"""Student's t for whole degrees of freedom, from its finite series: no table, no approximation.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
"""

from __future__ import annotations

import math
from functools import cache

HALVINGS = 80


def within(t: float, degrees: int) -> float:
    """The chance that a t variable of ``degrees`` (1 or more) lies between -t and t, for t of 0 or more."""
    if degrees < 1:
        raise ValueError("A t distribution has at least one degree of freedom.")
    angle = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2 == 1
    total = 0.0
    term = cosine if odd else 1.0
    power = 1 if odd else 0
    while power <= degrees - 2:
        total += term
        power += 2
        term *= cosine * cosine * (power - 1) / power
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


@cache
def two_sided(confidence: float, degrees: int) -> float:
    """The t that ``confidence`` of the distribution lies within, for example 2.776 for 0.95 and 4 degrees."""
    if not 0 < confidence < 1:
        raise ValueError("Confidence lies between 0 and 1.")
    low, high = 0.0, 2.0
    while within(high, degrees) < confidence:
        high *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, degrees) < confidence else (low, middle)
    return (low + high) / 2
