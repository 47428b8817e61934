"""One run in the making: the portfolio, its values, the solver, the best choice, and how far the work has
come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scoring.engine.arithmetic import synergy_and_penalty
from scoring.engine.compiled import values_over_draws
from scoring.engine.portfolio import Portfolio
from scoring.engine.problem import Floats, Integers, Problem
from scoring.engine.solver import ROUGH, Solution, Solutions, Solver
from scoring.engine.value import OptionValues

OnProgress = Callable[[int, int], None]
MOST_TELLINGS = 200  # telling may cost more than solving


class Progress:
    """Counts units of work done and tells whoever asked."""

    def __init__(self, total: int, tell: OnProgress | None) -> None:
        self.total, self.done, self.tell = total, 0, tell

    def step(self, count: int = 1) -> None:
        """`count` more units are done."""
        before = self.done
        self.done = min(self.total, before + count)
        told = before * MOST_TELLINGS // self.total == self.done * MOST_TELLINGS // self.total
        if self.tell is not None and not told:
            self.tell(self.done, self.total)

    def end(self) -> None:
        """All is done, whatever of it turned out not to be needed."""
        self.step(self.total - self.done)


class Study:
    """What the outputs share: `best` is the recommended choice, `optima` those of the draws."""

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
        self.optima: Solutions | None = None

    def solve_draws(self) -> None:
        """Fill `optima`, where there are draws."""
        if len(self.values.draws):
            self.optima = self.solver.solve_many(self.values.draws, patience=ROUGH, on_step=self.progress.step)

    def values_of(self, choice: Integers) -> Floats:
        """The net value of one choice in every draw."""
        drawn: Floats = values_over_draws(self.values.draws, choice)
        return drawn + synergy_and_penalty(self.problem, choice)

    def names(self, participations: Sequence[int]) -> list[str]:
        """The names of participations by their places."""
        return [self.portfolio.participations[i].name for i in participations]
