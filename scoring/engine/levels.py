"""One order of levels over a whole portfolio, where the document does not give it.

Options are listed from the lowest level up, so each partnership is a chain; the order is the one that all
chains allow, first come first where they leave a choice. Where chains contradict each other there is no
common order, and every partnership keeps its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.engine.portfolio import Level, Participation


def level_order(participations: Sequence[Participation]) -> tuple[Level, ...]:
    """The levels named by the options, lowest first; empty where no one order fits every partnership."""
    chains = sorted(
        {tuple(option.level for option in participation.options) for participation in participations},
        key=lambda chain: (-len(chain), chain),
    )
    below: dict[str, set[str]] = {}
    for chain in chains:
        for place, level in enumerate(chain):
            below.setdefault(level, set()).update(chain[:place])
    order: list[str] = []
    while len(order) < len(below):
        ready = [level for level in below if level not in order and below[level] <= set(order)]
        if not ready:
            return ()
        order.append(ready[0])
    return tuple(Level(identifier, identifier) for identifier in order)
