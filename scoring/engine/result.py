"""Writes a `triage-result/1` document: plain JSON types, sorted by id, floats rounded to nine decimals."""

from __future__ import annotations

from scoring.engine.advice import Advice
from scoring.engine.arithmetic import days_used, total_load
from scoring.engine.build_capacity import Blocked
from scoring.engine.competitors import Competitor
from scoring.engine.feasibility import Infeasible
from scoring.engine.findings import Findings
from scoring.engine.frontier import Point
from scoring.engine.load_curve import LoadPoint, highest
from scoring.engine.overload import overload
from scoring.engine.plain import Json, days_by_pool, plain
from scoring.engine.portfolio import Participation, Portfolio
from scoring.engine.price_of_a_day import Price
from scoring.engine.reading import MILLIDAYS
from scoring.engine.regret import Regret
from scoring.engine.result_rows import partnership_row
from scoring.engine.study import Study
from scoring.engine.today import Today
from scoring.engine.version import ENGINE_VERSION

GAP_DECIMALS = 6  # what the engine promises
ASSUMPTION = (
    "Where a pool is asked for more days than it has, every option that uses it delivers "
    "the share of its value that the days allow."
)


def result_of(study: Study, findings: Findings) -> Json:
    """The result where something fits."""
    portfolio, best = study.portfolio, study.best
    load = total_load(study.problem, best.choice)
    return {
        **_heading(portfolio, "optimal"),
        "total_value": plain(best.value),
        "load": load,
        "penalty": plain(study.problem.penalty.penalty(load)),
        "cost_of_change": plain(float(study.problem.change[best.choice].sum())),
        "days": days_by_pool(portfolio, days_used(study.problem, best.choice)),
        "available": {pool.id: plain(float(pool.net)) for pool in portfolio.pools},
        "overload": {pool.id: plain(float(p)) for pool, p in zip(portfolio.pools, overload(study), strict=True)},
        "gap": round(best.gap, GAP_DECIMALS) + 0.0,
        "largest_gap": round(study.solver.largest_gap, GAP_DECIMALS) + 0.0,
        "shortfall": {},
        "conflict": [],
        "partnerships": [
            partnership_row(study, findings, i, participation)
            for i, participation in enumerate(portfolio.participations)
        ],
        "advised": _advised(study, findings.advice),
        "competitors": _competitors(study, findings.competitors),
        "build_capacity": _build_capacity(study, findings.capacity_to_build),
        "price_of_a_day": _prices(portfolio, findings.prices),
        "regret": _regret(findings.regret, best.value),
        "frontier": _frontier(portfolio, findings.frontier),
        "load_curve": _load_curve(findings),
        "today": _today(study, findings.today),
    }


def infeasible_result(portfolio: Portfolio, why: Infeasible) -> Json:
    """The result where nothing fits: the shortfall by pool, or the rules that contradict each other."""
    result = _heading(portfolio, "infeasible")
    for name in _NULL_WHERE_INFEASIBLE:
        result[name] = None
    result["available"] = {pool.id: plain(float(pool.net)) for pool in portfolio.pools}
    result["shortfall"], result["conflict"] = {}, []
    if why.used is None:
        result["conflict"] = [_conflicting_mandate(portfolio.participations[i]) for i in why.mandates] + [
            {"rule": rule.source, "index": rule.index} for rule in sorted(why.rules, key=lambda rule: rule.index)
        ]
        return result
    for pool, used in zip(portfolio.pools, why.used.tolist(), strict=True):
        over = float(max(0, used - pool.net * MILLIDAYS) / MILLIDAYS)
        result["shortfall"][pool.id] = plain(over)
    return result


_NULL_WHERE_INFEASIBLE = (
    "total_value",
    "load",
    "penalty",
    "cost_of_change",
    "days",
    "overload",
    "gap",
    "largest_gap",
    "partnerships",
    "advised",
    "competitors",
    "build_capacity",
    "price_of_a_day",
    "regret",
    "frontier",
    "load_curve",
    "today",
)


def _heading(portfolio: Portfolio, status: str) -> Json:
    return {
        "format": "triage-result/1",
        "engine_version": ENGINE_VERSION,
        "status": status,
        "seed": portfolio.seed,
        "draws": portfolio.draws,
        "outputs": sorted(portfolio.outputs | {"choice"}),
        "weights": _weights(portfolio),
        "levels": [{"id": level.id, "label": level.label} for level in portfolio.levels],
    }


def _weights(portfolio: Portfolio) -> Json | None:
    if portfolio.criteria is None:
        return None
    people = [person.who for person in portfolio.criteria.decision_makers]
    return {"source": "decision_makers" if people else "equal", "decision_makers": people}


def _conflicting_mandate(participation: Participation) -> Json:
    return {"partnership": participation.id, "at_least": participation.options[participation.floor].level}


def _advised(study: Study, advice: Advice) -> Json:
    """The portfolio in which all labels hold together, and what softening declines costs."""
    choice, problem = advice.solution.choice, study.problem
    load = total_load(problem, choice)
    return {
        "total_value": plain(advice.solution.value),
        "cost": plain(max(0.0, study.best.value - advice.solution.value)),
        "softened": [study.portfolio.participations[i].id for i in advice.softened],
        "days": days_by_pool(study.portfolio, days_used(problem, choice)),
        "load": load,
        "penalty": plain(problem.penalty.penalty(load)),
    }


def _prices(portfolio: Portfolio, prices: list[Price] | None) -> Json | None:
    if prices is None:
        return None
    return {
        pool.id: {
            "mean": plain(price.mean),
            "p10": plain(price.p10),
            "p90": plain(price.p90),
            "five_days": plain(price.five_days),
        }
        for pool, price in zip(portfolio.pools, prices, strict=True)
    }


def _regret(regret: Regret | None, value: float) -> Json | None:
    if regret is None:
        return None
    return {"mean": plain(regret.mean), "cvar95": plain(regret.cvar95), "of": plain(value)}


def _frontier(portfolio: Portfolio, frontier: list[list[Point]] | None) -> Json | None:
    if frontier is None:
        return None
    return {
        pool.id: [
            {"days": point.capacity / MILLIDAYS, "value": None if point.value is None else plain(point.value)}
            for point in points
        ]
        for pool, points in zip(portfolio.pools, frontier, strict=True)
    }


def _load_curve(findings: Findings) -> Json | None:
    """The curve, its highest point, and where today stands."""
    if findings.load_curve is None:
        return None
    peak = highest(findings.load_curve)
    today = findings.today
    return {
        "points": [_load_point(point) for point in findings.load_curve],
        "highest": None if peak is None else _load_point(peak),
        "today": None if today is None else {"load": today.load, "value": plain(today.promised)},
    }


def _load_point(point: LoadPoint) -> Json:
    return {"load": point.load, "value": plain(point.net), "before_penalty": plain(point.gross)}


def _today(study: Study, today: Today | None) -> Json | None:
    if today is None:
        return None
    participations = study.portfolio.participations
    return {
        "promised": plain(today.promised),
        "deliverable": plain(today.deliverable),
        "days": days_by_pool(study.portfolio, today.asked),
        "load": today.load,
        "penalty": plain(today.penalty),
        "assumed_lowest": [participations[i].id for i in today.assumed_lowest],
        "assumption": ASSUMPTION,
    }


def _competitors(study: Study, found: list[Competitor] | None) -> list[Json] | None:
    """The next best portfolios: what each gives up, and the levels in which it differs."""
    if found is None:
        return None
    return [
        {
            "total_value": plain(one.value),
            "gives_up": plain(one.lost),
            "days": days_by_pool(study.portfolio, days_used(study.problem, one.choice)),
            "swaps": [
                {
                    "id": participation.id,
                    "from": participation.options[study.problem.position(i, int(study.best.choice[i]))].level,
                    "to": participation.options[study.problem.position(i, int(one.choice[i]))].level,
                }
                for i, participation in enumerate(study.portfolio.participations)
                if one.choice[i] != study.best.choice[i]
            ],
        }
        for one in found
    ]


def _build_capacity(study: Study, found: list[Blocked] | None) -> list[Json] | None:
    if found is None:
        return None
    portfolio = study.portfolio
    return [
        {"pool": portfolio.pools[one.pool].id, "blocked": [portfolio.participations[i].id for i in one.participations]}
        for one in found
    ]
