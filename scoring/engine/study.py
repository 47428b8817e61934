"""One run in the making: the portfolio, its values, the solver, the best choice, and how far the work has
come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scoring.engine.arithmetic import synergy_and_penalty
from scoring.engine.compiled import values_over_draws
from scoring.engine.portfolio import Portfolio
from scoring.engine.problem import Floats, Integers, Problem
from scoring.engine.solver import Solution, Solver
from scoring.engine.value import OptionValues

OnProgress = Callable[[int, int], None]


class Progress:
    """Counts units of work done and tells whoever asked."""

    def __init__(self, total: int, tell: OnProgress | None) -> None:
        self.total, self.done, self.tell = total, 0, tell

    def step(self, count: int = 1) -> None:
        """`count` more units are done."""
        self.done = min(self.total, self.done + count)
        if self.tell is not None:
            self.tell(self.done, self.total)


class Study:
    """What the outputs share: `best` is the recommended choice, `optima` the best choice in each draw."""

    def __init__(
        self,
        portfolio: Portfolio,
        problem: Problem,
        values: OptionValues,
        solver: Solver,
        best: Solution,
        progress: Progress,
    ) -> None:
        self.portfolio = portfolio
        self.problem = problem
        self.values = values
        self.solver = solver
        self.best = best
        self.progress = progress
        self.optima: list[Solution] = []

    def solve_draws(self) -> None:
        """Fill `optima`: each draw starts from the best choice found so far for its values."""
        pool = ChoicePool(self.problem)
        pool.add(self.best.choice)
        for values in self.values.draws:
            solution = self.solver.solve(values, start=pool.nearest(values))
            assert solution is not None  # noqa: S101 - the values of a draw do not change what is feasible
            pool.add(solution.choice)
            self.optima.append(solution)
            self.progress.step()

    def values_of(self, choice: Integers) -> Floats:
        """The net value of one choice in every draw."""
        drawn: Floats = values_over_draws(self.values.draws, choice)
        return drawn + synergy_and_penalty(self.problem, choice)

    def names(self, participations: Sequence[int]) -> list[str]:
        """The names of participations by their places."""
        return [self.portfolio.participations[i].name for i in participations]


class ChoicePool:
    """Earlier optima, to start the next solve from the one that is worth most at its values."""

    MOST = 64

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.choices: list[Integers] = []
        self.rest: list[float] = []
        self.seen: set[bytes] = set()

    def add(self, choice: Integers) -> None:
        """Keep a choice, unless it is known or the pool is full."""
        key = choice.tobytes()
        if key not in self.seen and len(self.choices) < self.MOST:
            self.seen.add(key)
            self.choices.append(choice)
            self.rest.append(synergy_and_penalty(self.problem, choice))

    def nearest(self, values: Floats) -> Integers:
        """The pool's best choice at these values; the pool must not be empty."""
        worth = values[np.array(self.choices)].sum(axis=1) + np.array(self.rest)
        return self.choices[int(np.argmax(worth))]
