"""How fast the engine is, against HiGHS in the same process on the same draws.

`engine-draws-N`: draws a second, of 1,000 at N partnerships, 3 levels and 3 pools: the best portfolio of each, proven,
and the acceptability counted. The reference is HiGHS on a sample of those draws, its model kept hot, one solve a draw,
at the tolerances it comes with and a relative gap of 1e-4, only its solve timed. The answers are compared.
`engine-everything-60`: seconds for everything that a run works out, against the 1,000 draws alone. Each figure is the
median of several seeds. Processor time of one core on both sides.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from scoring.engine.acceptability import acceptability
from scoring.engine.arithmetic import net_value
from scoring.engine.document import read_document
from scoring.engine.highs import HighsModel, Limits
from scoring.engine.result import result_of
from scoring.engine.run import findings_of, study_of
from scoring.engine.study import Study
from scoring.engine.warm import warm
from tests.benchmarks import report
from tests.benchmarks._engine_family import USUAL, Variation, family

QUICK = True
DRAWS = 1000
SEEDS = (1, 2, 3)
GAP = 1e-4
AS_IT_COMES = {
    "mip_rel_gap": GAP,
    "mip_feasibility_tolerance": 1e-6,
    "primal_feasibility_tolerance": 1e-7,
    "dual_feasibility_tolerance": 1e-7,
}


def main() -> None:
    """Print one line a figure."""
    warm()
    draws_against_highs("engine-draws-60", 60, sample=8, required=1000)
    draws_against_highs("engine-draws-200", 200, sample=3, required=400)
    everything_against_draws()


def study(document: dict[str, Any]) -> Study:
    """The document read, its values drawn, and the mean portfolio solved."""
    subject = study_of(read_document(document))
    assert subject is not None
    return subject


def seconds_of(work: Callable[[], object]) -> float:
    """Processor time of a piece of work: both sides use one core, and others may use the machine."""
    started = time.process_time()
    work()
    return time.process_time() - started


def draws_against_highs(
    name: str, size: int, *, sample: int, required: float, variation: Variation = USUAL, seeds: Sequence[int] = SEEDS
) -> None:
    """Print one figure: the seed with the median ratio."""
    figures = []
    for seed in seeds:
        subject = study(family(size, DRAWS, seed, variation))
        measured = seconds_of(subject.solve_draws) + seconds_of(partial(acceptability, subject))
        reference = seconds_of_highs(subject, sample)
        figures.append((reference / measured, measured, reference))
    _, measured, reference = statistics.median_low(figures)
    report(name, measured=DRAWS / measured, reference=DRAWS / reference, at_least=required)


def seconds_of_highs(subject: Study, sample: int) -> float:
    """What HiGHS would take for all draws, by a sample of them, whose answers are compared."""
    optima, problem = subject.optima, subject.problem
    assert optima is not None
    worst = float(np.max(optima.gaps / np.abs(optima.values)))
    assert worst <= GAP, f"a draw was proven only to {worst}"
    solver = HighsModel(problem)
    for name, setting in AS_IT_COMES.items():
        solver.solver.setOptionValue(name, setting)
    limits = Limits(capacity=problem.capacity, allowed=problem.allowed)
    spent = 0.0
    for n in np.linspace(0, DRAWS - 1, sample).astype(int).tolist():
        values = subject.values.draws[n]
        started = time.process_time()
        answer = solver.solve(values, limits)
        spent += time.process_time() - started
        assert answer is not None
        assert abs(net_value(problem, values, answer.choice) - optima.values[n]) <= GAP * abs(optima.values[n])
    return spent / sample * DRAWS


def everything(subject: Study) -> dict[str, Any]:
    """All that a run works out, written down."""
    return result_of(subject, findings_of(subject))


def everything_against_draws() -> None:
    """Print how many times the draws alone everything takes, reading the document left out of both."""
    figures = []
    for seed in SEEDS:
        alone = study(family(60, DRAWS, seed))
        draws = seconds_of(alone.solve_draws)
        subject = study(family(60, DRAWS, seed))
        measured = seconds_of(partial(everything, subject))
        figures.append((measured / draws, measured, draws))
    _, measured, draws = statistics.median_high(figures)
    report("engine-everything-60", measured=measured, reference=draws, at_most=8)


if __name__ == "__main__":
    main()
