"""The tipping point: the best net value at exactly each total load, with the rules kept and the day limits
lifted.

The curve rises while another partnership adds more than it disturbs the rest, and falls after its highest
point.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.engine.study import Study

MOST_POINTS = 250


@dataclass(frozen=True, slots=True)
class LoadPoint:
    """A total load and the best value at it, after the penalty (`net`) and before (`gross`)."""

    load: int
    net: float
    gross: float


def loads_to_try(study: Study) -> list[int]:
    """Every load from the least to the greatest, or evenly spaced ones where there are very many."""
    problem = study.problem
    allowed = [list(problem.options_of(i))[int(problem.floor[i] - problem.start[i]) :] for i in range(problem.size)]
    least = sum(min(int(problem.load[option]) for option in options) for options in allowed)
    most = sum(max(int(problem.load[option]) for option in options) for options in allowed)
    step = max(1, -(-(most - least) // MOST_POINTS))
    return sorted({*range(least, most + 1, step), most})


def load_curve(study: Study) -> list[LoadPoint]:
    """The points of the curve that some portfolio reaches, by rising load."""
    points = []
    loads = loads_to_try(study)
    for load, solution in zip(loads, study.solver.solve_by_load(study.values.mean, loads), strict=True):
        study.progress.step()
        if solution is not None:
            points.append(LoadPoint(load, solution.value, solution.value + study.problem.penalty.penalty(load)))
    return points


def highest(points: list[LoadPoint]) -> LoadPoint | None:
    """The highest point; of equals the one with the least load."""
    return max(points, key=lambda point: (point.net, -point.load), default=None)
