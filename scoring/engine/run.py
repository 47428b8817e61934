"""A run from document to result: read, check that something fits, solve, work out the outputs, say it in
words.
"""

from __future__ import annotations

from typing import Any

from scoring.engine.acceptability import acceptability
from scoring.engine.advice import advise, candidates_to_build, gather_evidence, mandates_to_price
from scoring.engine.build_capacity import build_capacity
from scoring.engine.competitors import MOST_COMPETITORS, competitors, tightened
from scoring.engine.document import read_document
from scoring.engine.feasibility import diagnose
from scoring.engine.findings import Findings
from scoring.engine.flip import flips
from scoring.engine.frontier import SHARES, frontier
from scoring.engine.load_curve import load_curve, loads_to_try
from scoring.engine.portfolio import Portfolio
from scoring.engine.price_of_a_day import prices
from scoring.engine.problem import problem_of
from scoring.engine.regret import regret
from scoring.engine.result import infeasible_result, result_of
from scoring.engine.solver import Solver
from scoring.engine.study import OnProgress, Progress, Study
from scoring.engine.thresholds import HALVINGS, thresholds
from scoring.engine.today import today
from scoring.engine.value import option_values
from scoring.engine.views import groups_of, views

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
        return infeasible_result(portfolio, diagnose(portfolio))
    findings = findings_of(study)
    study.progress.end()
    return result_of(study, findings)


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
    units += len(groups_of(study))
    if "flip" in wanted or "information" in wanted:
        units += len(study.problem.load) - study.problem.size
    if "flip" in wanted:
        units += study.problem.size * (1 + HALVINGS)  # at most: not all have a level above
    if "competitors" in wanted:
        units += study.problem.size * MOST_COMPETITORS
    if "price_of_a_day" in wanted:
        units += pools * (2 + max(1, draws))
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
    following = competitors(study, flipped) if "competitors" in wanted else None
    if flipped is not None and following is not None:
        flipped = tightened(flipped, following)
    evidence = gather_evidence(study, shares, flipped)
    advice = advise(study, evidence)
    priced = prices(study) if "price_of_a_day" in wanted else None
    return Findings(
        evidence=evidence,
        advice=advice,
        views=views(study),
        thresholds=thresholds(study, flipped) if flipped is not None and "flip" in wanted else None,
        competitors=following,
        prices=priced,
        capacity_to_build=build_capacity(study, advice, priced) if priced and shares is not None else None,
        regret=regret(study) if "regret" in wanted else None,
        frontier=frontier(study) if "frontier" in wanted else None,
        load_curve=load_curve(study) if "load_curve" in wanted else None,
        today=today(study),
    )
