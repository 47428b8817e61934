"""One question that follows from a person's points on a list, to be answered before they count.

Points on several objectives, or on several ways of creating value, say more than people notice: whoever gives 100 and
50 says that one whole step is worth two of the other. Reading such a consequence back is the usual check of swing
weights (Keeney and Raiffa 1976; UK Green Book MCDA guide 2024). A ranking has no such question: it states an order and
no ratio, so nothing follows from it that the person has not said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import get_text_list

from partnerships.numbers import plain_number


@dataclass(frozen=True)
class Step:
    """The step from 0 to 100 on one objective or way, what stands at its end, and the points given to it."""

    name: str
    top: str
    points: Decimal


@dataclass(frozen=True)
class Kind:
    """How a list is spoken of: one of it, and what a partnership adds to one or to several that got no points."""

    noun: str
    to_one: str
    to_several: str


OBJECTIVES = Kind("objective", "to it", "to any of them")
WAYS = Kind("way of creating value", "in that way", "in any of those ways")


@dataclass(frozen=True)
class Question:
    """What was given, and what follows from it."""

    given: str
    follows: str


def question_about(steps: Sequence[Step], kind: Kind) -> Question | None:
    """The question for these points on one list; None where there is nothing to compare or no points at all."""
    most = max(steps, key=lambda step: step.points, default=None)
    if most is None or len(steps) < 2 or not most.points:
        return None
    less = [step for step in steps if 0 < step.points < most.points]
    if less:
        return _how_many_times(most, min(less, key=lambda step: abs(most.points / step.points - 2)))
    without = [step.name for step in steps if not step.points]
    if without:
        where = kind.to_one if len(without) == 1 else kind.to_several
        return Question(
            f"You gave no points to {get_text_list(without, 'and')}.",
            f"So whatever a partnership adds {where} counts for nothing.",
        )
    return Question(
        f"You gave every {kind.noun} the same points.",
        f"So {_going(steps[0])} is worth exactly as much to you as {_going(steps[-1])}.",
    )


def _how_many_times(most: Step, less: Step) -> Question:
    """The pair whose ratio is nearest to two: the easiest to judge."""
    return Question(
        f"You gave {most.name} {plain_number(most.points)} and {less.name} {plain_number(less.points)}.",
        f"So {_going(most)} is worth {_times(most.points / less.points)} {_going(less)}.",
    )


def _going(step: Step) -> str:
    return f"going from nothing to the top on {step.name} ({step.top})"


def _times(ratio: Decimal) -> str:
    rounded = round(ratio, 1)
    if rounded == 1:
        return "slightly more to you than"
    if rounded == 2:
        return ("" if ratio == 2 else "about ") + "twice as much to you as"
    return f"{'' if ratio == rounded else 'about '}{plain_number(rounded)} times as much to you as"
