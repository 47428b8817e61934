"""A run from document to result: read, check that something fits, solve, work out the outputs, say it in
words.
"""

from __future__ import annotations

from typing import Any

from scoring.engine.acceptability import acceptability
from scoring.engine.advice import advise, candidates_to_build, gather_evidence, mandates_to_price
from scoring.engine.document import read_document
from scoring.engine.feasibility import diagnose
from scoring.engine.flip import flips
from scoring.engine.frontier import SHARES, frontier
from scoring.engine.load_curve import load_curve, loads_to_try
from scoring.engine.portfolio import Portfolio
from scoring.engine.price_of_a_day import prices
from scoring.engine.problem import problem_of
from scoring.engine.regret import regret
from scoring.engine.result import Findings, infeasible_result, result_of
from scoring.engine.solver import Solver
from scoring.engine.study import OnProgress, Progress, Study
from scoring.engine.today import today
from scoring.engine.value import option_values

NEEDS_DRAWS = frozenset({"acceptability", "regret", "price_of_a_day"})


def solve(document: dict[str, Any], *, on_progress: OnProgress | None = None) -> dict[str, Any]:
    """The `triage-result/1` of a `triage/1` document. Raises DocumentError.

    `on_progress(done, total)` is called as units of work are completed, the last time with done equal to
    total.
    """
    portfolio = read_document(document)
    study = study_of(portfolio, on_progress)
    if study is None:
        if on_progress is not None:
            on_progress(1, 1)
        return infeasible_result(portfolio, diagnose(problem_of(portfolio)))
    return result_of(study, findings_of(study))


def study_of(portfolio: Portfolio, on_progress: OnProgress | None = None) -> Study | None:
    """The study of a portfolio with its best choice, or None where nothing is feasible."""
    problem, values = problem_of(portfolio), option_values(portfolio)
    solver = Solver(problem)
    best = solver.solve(values.mean, thorough=True)
    if best is None:
        return None
    study = Study(portfolio, problem, values, solver, best, Progress(0, on_progress))
    study.progress.total = _units(study)
    study.progress.step()
    return study


def _units(study: Study) -> int:
    """How many solves a run takes, the first one included."""
    wanted, pools, draws = study.portfolio.outputs, len(study.problem.capacity), len(study.values.draws)
    units = 1 + len(mandates_to_price(study)) + len(candidates_to_build(study))
    if wanted & NEEDS_DRAWS:
        units += draws
    if "flip" in wanted or "information" in wanted:
        units += len(study.problem.load) - study.problem.size
    if "price_of_a_day" in wanted:
        units += pools * (1 + max(1, draws))
    if "frontier" in wanted:
        units += pools * len(SHARES)
    if "load_curve" in wanted:
        units += len(loads_to_try(study))
    return units


def findings_of(study: Study) -> Findings:
    """Every output that the document asks for."""
    wanted = study.portfolio.outputs
    if wanted & NEEDS_DRAWS:
        study.solve_draws()
    shares = acceptability(study) if "acceptability" in wanted else None
    flipped = flips(study) if "flip" in wanted or "information" in wanted else None
    evidence = gather_evidence(study, shares, flipped)
    return Findings(
        evidence=evidence,
        advice=advise(study, evidence),
        prices=prices(study) if "price_of_a_day" in wanted else None,
        regret=regret(study) if "regret" in wanted else None,
        frontier=frontier(study) if "frontier" in wanted else None,
        load_curve=load_curve(study) if "load_curve" in wanted else None,
        today=today(study),
    )
