"""Headings of a table, no two of which are the same: a spreadsheet repairs a file whose columns it cannot tell apart.

They repeat what people called their pools, levels and objectives, so that two may well be one.
"""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_HEADING = 255  # that a spreadsheet's own table takes


def told_apart(headings: Iterable[str]) -> list[str]:
    """Each as a table takes it; one that came before, in whatever capitals, gets a number.

    >>> told_apart(["Pool", "pool", "Pool (2)"])
    ['Pool', 'pool (2)', 'Pool (2) (2)']
    """
    taken: set[str] = set()
    told: list[str] = []
    for heading in headings:
        told.append(_free(heading, taken))
        taken.add(told[-1].casefold())
    return told


def _free(heading: str, taken: set[str]) -> str:
    found, number = heading[:LONGEST_HEADING], 1
    while found.casefold() in taken:
        number += 1
        ending = f" ({number})"
        found = heading[: LONGEST_HEADING - len(ending)] + ending
    return found
