"""The portfolio as arrays: every option of every participation in one flat list.

Option `start[i] + position` is participation i at that position. A choice is an array of flat options, one
for each participation, in their order. Days are whole thousandths, so sums of days are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.engine.portfolio import CostOfChange, Load, Participation, Portfolio, Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """`start` (n + 1), `floor` (n: first flat option allowed), `days` (options × pools), `load` (options),
    `capacity` (pools), `change` (options: the value that changing today's level loses).
    """

    start: Integers
    floor: Integers
    days: Integers
    load: Integers
    capacity: Integers
    rules: tuple[Rule, ...]
    penalty: Load
    change: Floats
    owner: Integers = field(repr=False)

    @property
    def size(self) -> int:
        """How many participations there are."""
        return len(self.start) - 1

    def options_of(self, participation: int) -> range:
        """The flat options of a participation, lowest level first, mandate or not."""
        return range(int(self.start[participation]), int(self.start[participation + 1]))

    def position(self, participation: int, option: int) -> int:
        """The place of a flat option among the options of its participation."""
        return option - int(self.start[participation])

    @cached_property
    def allowed(self) -> Booleans:
        """Which options the mandates allow."""
        return self.allowed_from(self.floor)

    def allowed_from(self, floor: Integers) -> Booleans:
        """Which options lie at these first flat options or above (one for each participation)."""
        allowed: Booleans = np.arange(len(self.load)) >= floor[self.owner]
        return allowed

    def with_forced(self, allowed: Booleans, forced: Mapping[int, int]) -> Booleans:
        """The allowed options with these participations held at a flat option each."""
        held = allowed.copy()
        for participation, option in forced.items():
            own = self.options_of(participation)
            held[own.start : own.stop] = False
            held[option] = allowed[option]
        return held

    @property
    def greatest_load(self) -> int:
        """The total load with every participation at its heaviest option."""
        return sum(max(int(self.load[option]) for option in self.options_of(i)) for i in range(self.size))


def problem_of(portfolio: Portfolio) -> Problem:
    """The arrays of a portfolio."""
    participations = portfolio.participations
    start = np.zeros(len(participations) + 1, dtype=np.int64)
    start[1:] = np.cumsum([len(participation.options) for participation in participations])
    options = [option for participation in participations for option in participation.options]
    return Problem(
        start=start,
        floor=start[:-1] + np.array([one.floor for one in participations], dtype=np.int64),
        days=np.array([option.days for option in options], dtype=np.int64).reshape(len(options), -1),
        load=np.array([option.load for option in options], dtype=np.int64),
        capacity=np.array([pool.capacity for pool in portfolio.pools], dtype=np.int64),
        rules=portfolio.rules,
        penalty=portfolio.load or Load(),
        change=np.array([cost for one in participations for cost in _cost_of_change(portfolio.cost_of_change, one)]),
        owner=np.repeat(np.arange(len(participations)), np.diff(start)),
    )


def _cost_of_change(cost: CostOfChange, participation: Participation) -> list[float]:
    """For each option what moving there from today's level loses; nothing where there is no level today."""
    if participation.today is None:
        return [0.0] * len(participation.options)
    moves = [position - participation.today for position in range(len(participation.options))]
    return [cost.up * move if move > 0 else cost.down * -move for move in moves]
