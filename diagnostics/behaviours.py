"""Three ways in which collaborations fool themselves, as questions that answers raise: never as a verdict.

A pattern is raised where a third or more of those with a view disagree with a statement that looks for its absence, or,
for a partnership that looks better from above than from below, where the board's view lies over the front line's by
more than chance would do and by enough to matter (``change.step``: an interval for those who were asked has no width
where all of them answered). What raised it stands beside it, with a question that a meeting can ask itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.instrument.breakdown import Breakdown
from diagnostics.instrument.change import step
from diagnostics.instrument.definition import Topic
from diagnostics.results import OVERALL, ItemLine, RoundResults

RAISED_BY = 1 / 3
# A third that was worked out as a share.
ROUNDED = 1e-9
# The pattern that shows as a gap between those who lead and those who do the work, and where the two say they work.
GAP_BEHAVIOUR, ABOVE, BELOW = "lipstick on a pig", "board", "front_line"


@dataclass(frozen=True)
class Gap:
    """Two means that are clearly apart: how the partnership looks from the board and from the front line."""

    above: float
    below: float


@dataclass(frozen=True)
class Behaviour:
    """``items`` are the statements that raised it, ``gap`` the difference between places that did."""

    topic: Topic
    items: Sequence[ItemLine]
    gap: Gap | None


def behaviours(results: RoundResults) -> list[Behaviour]:
    """The patterns that the answers raise, in the instrument's order; only from what the results show anyway."""
    topics = {topic.code: topic for topic in results.instrument.topics}
    raised = []
    for line in results.topics:
        topic = topics[line.code]
        items = [item for item in line.items if item.distribution.share_who_disagreed >= RAISED_BY - ROUNDED]
        gap = _gap(results.by_place) if topic.behaviour == GAP_BEHAVIOUR else None
        if topic.behaviour and (items or gap):
            raised.append(Behaviour(topic, items, gap))
    return raised


def _gap(by_place: Breakdown | None) -> Gap | None:
    shown = {part.code: part.estimates.get(OVERALL) for part in by_place.parts} if by_place else {}
    above, below = shown.get(ABOVE), shown.get(BELOW)
    if above is None or below is None:
        return None
    rise = step(below, above)
    return Gap(above.mean, below.mean) if rise is not None and rise.is_clearly_up else None
