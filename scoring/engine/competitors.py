"""The competitors of the recommendation: the next best different portfolios, exactly (the question of PROBE, Lourenço,
Morton and Bana e Costa 2012).

After each portfolio found, what was searched is split into parts that leave just that portfolio out: the first part
differs from it in the first participation, the second agrees there and differs in the second, and so on (Lawler 1972).
The best of all parts is the next best portfolio.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import net_value
from scoring.engine.flip import Flip
from scoring.engine.problem import Booleans, Integers
from scoring.engine.solver import between
from scoring.engine.study import Study

MOST_COMPETITORS = 5


@dataclass(frozen=True, slots=True)
class Competitor:
    """A portfolio and its net value; `lost` is what it gives up against the best."""

    choice: Integers
    value: float
    lost: float


def competitors(study: Study, flipped: Mapping[int, Flip] | None) -> list[Competitor]:
    """The next best portfolios, best first; fewer where there are not so many. `flipped` spares the search of what
    cannot be among them, and stands in for what a search that was cut short has not found.
    """
    best = study.best
    known = {
        tuple(flip.choice.tolist()): net_value(study.problem, study.values.mean, flip.choice)
        for flip in (flipped or {}).values()
        if flip.choice is not None
    }
    parts: list[tuple[float, list[int], Booleans]] = []
    _split(study, best.choice, study.problem.allowed, _least(known.values(), MOST_COMPETITORS), parts)
    for n in range(MOST_COMPETITORS):
        if not parts:
            break
        lower, choice, allowed = heapq.heappop(parts)
        known[tuple(choice)] = -lower
        if n + 1 < MOST_COMPETITORS:
            least = _least([-part[0] for part in parts], MOST_COMPETITORS - n - 1)
            _split(study, np.array(choice), allowed, least, parts)
    known |= {tuple(choice): -lower for lower, choice, _ in parts}
    following = heapq.nsmallest(MOST_COMPETITORS, ((-value, choice) for choice, value in known.items()))
    return [Competitor(np.array(choice), -lower, max(0.0, best.value + lower)) for lower, choice in following]


def tightened(flipped: dict[int, Flip], others: Iterable[Competitor]) -> dict[int, Flip]:
    """The flips with less lost where one of the competitors has the level too, and a search that was cut short had not
    found it.
    """
    closer = dict(flipped)
    for other in others:
        for option in other.choice.tolist():
            loss = closer[option].loss if option in closer else None
            if loss is not None and other.lost < loss:
                closer[option] = Flip(other.lost, other.choice)
    return closer


def _least(values: Iterable[float], count: int) -> float:
    """What a portfolio must be worth to be among the best so many, when there are others of these values."""
    best = heapq.nlargest(count, values)
    return best[-1] if len(best) == count else -math.inf


def _split(
    study: Study,
    choice: Integers,
    allowed: Booleans,
    least: float,
    parts: list[tuple[float, list[int], Booleans]],
) -> None:
    """Solve the parts that leave `choice` out of what is allowed, and add those in which something is worth `least`."""
    problem, agreeing, masks = study.problem, allowed.copy(), []
    for i in range(problem.size):
        own = slice(int(problem.start[i]), int(problem.start[i + 1]))
        if agreeing[own].sum() > 1:
            differing = agreeing.copy()
            differing[choice[i]] = False
            masks.append(differing)
        agreeing[own] = False
        agreeing[choice[i]] = True
    if not masks:
        return
    found = study.solver.solve_many(
        study.values.mean,
        allowed=np.array(masks),
        wanted=between(least, study.best.value),
        on_step=study.progress.step,
    )
    for n in np.flatnonzero(found.feasible):
        heapq.heappush(parts, (-float(found.values[n]), found.choices[n].tolist(), masks[n]))
