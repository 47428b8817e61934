"""Writes a `triage-result/1` document: plain JSON types, sorted by id, floats rounded to nine decimals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.engine.advice import Advice, Evidence
from scoring.engine.arithmetic import days_used, total_load
from scoring.engine.feasibility import Infeasible
from scoring.engine.frontier import Point
from scoring.engine.labels import LABEL_WORDS
from scoring.engine.load_curve import LoadPoint, highest
from scoring.engine.overload import overload
from scoring.engine.portfolio import Participation, Portfolio
from scoring.engine.price_of_a_day import Price
from scoring.engine.problem import Integers
from scoring.engine.reading import MILLIDAYS
from scoring.engine.reasons import reasons
from scoring.engine.regret import Regret
from scoring.engine.study import Study
from scoring.engine.today import Today
from scoring.engine.version import ENGINE_VERSION

Json = dict[str, Any]
DECIMALS = 9
GAP_DECIMALS = 6  # what the engine promises
NOT_YET = frozenset({"competitors"})  # may be asked for, and is not computed by this version
ASSUMPTION = (
    "Where a pool is asked for more days than it has, every option that uses it delivers "
    "the share of its value that the days allow."
)


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a run has found out; None where it was not asked for."""

    evidence: Evidence
    advice: Advice
    prices: list[Price] | None
    regret: Regret | None
    frontier: list[list[Point]] | None
    load_curve: list[LoadPoint] | None
    today: Today | None


def result_of(study: Study, findings: Findings) -> Json:
    """The result where something fits."""
    portfolio, best = study.portfolio, study.best
    load = total_load(study.problem, best.choice)
    return {
        **_heading(portfolio, "optimal"),
        "total_value": plain(best.value),
        "load": load,
        "penalty": plain(study.problem.penalty.penalty(load)),
        "days": _by_pool(portfolio, days_used(study.problem, best.choice)),
        "available": {pool.id: plain(float(pool.net)) for pool in portfolio.pools},
        "overload": {pool.id: plain(float(p)) for pool, p in zip(portfolio.pools, overload(study), strict=True)},
        "gap": round(best.gap, GAP_DECIMALS) + 0.0,
        "largest_gap": round(study.solver.largest_gap, GAP_DECIMALS) + 0.0,
        "shortfall": {},
        "conflict": [],
        "partnerships": [
            _partnership(study, findings, i, participation) for i, participation in enumerate(portfolio.participations)
        ],
        "advised": _advised(study, findings.advice),
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
    "days",
    "overload",
    "gap",
    "largest_gap",
    "partnerships",
    "advised",
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
        "outputs": sorted((portfolio.outputs | {"choice"}) - NOT_YET),
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


def _partnership(study: Study, findings: Findings, i: int, participation: Participation) -> Json:
    problem, evidence, advice = study.problem, findings.evidence, findings.advice
    option, advised = int(study.best.choice[i]), int(advice.solution.choice[i])
    first, *others = reasons(study, evidence, advice, i)
    return {
        "id": participation.id,
        "name": participation.name,
        "level": participation.options[problem.position(i, option)].level,
        "advised_level": participation.options[problem.position(i, advised)].level,
        "today": None if participation.today is None else participation.options[participation.today].level,
        "mandated": participation.mandated,
        "price_of_mandate": None if i not in evidence.without_mandate else plain(evidence.without_mandate[i]),
        "value": plain(float(study.values.mean[option])),
        "value_at_full_readiness": _full(study, option),
        "readiness": _readiness(study, i),
        "values": {
            one.level: plain(float(study.values.mean[int(problem.start[i]) + n]))
            for n, one in enumerate(participation.options)
        },
        "values_at_full_readiness": None
        if study.values.at_full_readiness is None
        else {one.level: _full(study, int(problem.start[i]) + n) for n, one in enumerate(participation.options)},
        "days": _by_pool(study.portfolio, problem.days[option]),
        "load": int(problem.load[option]),
        "acceptability": _acceptability(study, evidence, i, participation),
        "confidence": advice.confidence[i],
        "close_call": _close_call(study, evidence, i),
        "flip": _flip(study, evidence, i, participation),
        "information": _information(study, evidence, i),
        "label": advice.labels[i],
        "label_words": LABEL_WORDS[advice.labels[i]],
        "softened": i in advice.softened,
        "reason": first,
        "because": others,
    }


def _full(study: Study, option: int) -> float | None:
    full = study.values.at_full_readiness
    return None if full is None else plain(float(full[option]))


def _readiness(study: Study, i: int) -> Json | None:
    readiness = study.values.readiness
    if readiness is None:
        return None
    drawn = readiness.draws[i]
    low, high = (float(one) for one in np.percentile(drawn, [10, 90])) if len(drawn) else (None, None)
    return {
        "mean": plain(float(readiness.mean[i])),
        "p10": None if low is None else plain(low),
        "p90": None if high is None else plain(high),
        "source": readiness.sources[i],
    }


def _acceptability(study: Study, evidence: Evidence, i: int, participation: Participation) -> Json | None:
    if evidence.shares is None:
        return None
    start = int(study.problem.start[i])
    return {option.level: plain(float(evidence.shares[start + n])) for n, option in enumerate(participation.options)}


def _close_call(study: Study, evidence: Evidence, i: int) -> bool | None:
    """Whether the best level is not the one that is best in most draws."""
    if evidence.shares is None:
        return None
    shares = [float(evidence.shares[option]) for option in study.problem.options_of(i)]
    return float(evidence.shares[study.best.choice[i]]) < max(shares)


def _flip(study: Study, evidence: Evidence, i: int, participation: Participation) -> Json | None:
    if evidence.flips is None or "flip" not in study.portfolio.outputs:
        return None
    losses = {}
    for option in study.problem.options_of(i):
        if option in evidence.flips:
            loss = evidence.flips[option].loss
            level = participation.options[study.problem.position(i, option)].level
            losses[level] = None if loss is None else plain(loss)
    return losses


def _information(study: Study, evidence: Evidence, i: int) -> float | None:
    if evidence.information is None or "information" not in study.portfolio.outputs:
        return None
    return plain(float(evidence.information[i]))


def _advised(study: Study, advice: Advice) -> Json:
    """The portfolio in which all labels hold together, and what softening declines costs."""
    choice, problem = advice.solution.choice, study.problem
    load = total_load(problem, choice)
    return {
        "total_value": plain(advice.solution.value),
        "cost": plain(max(0.0, study.best.value - advice.solution.value)),
        "softened": [study.portfolio.participations[i].id for i in advice.softened],
        "days": _by_pool(study.portfolio, days_used(problem, choice)),
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
        "days": _by_pool(study.portfolio, today.asked),
        "load": today.load,
        "penalty": plain(today.penalty),
        "assumed_lowest": [participations[i].id for i in today.assumed_lowest],
        "assumption": ASSUMPTION,
    }


def _by_pool(portfolio: Portfolio, days: Integers) -> Json:
    return {pool.id: int(amount) / MILLIDAYS for pool, amount in zip(portfolio.pools, days.tolist(), strict=True)}


def plain(value: float) -> float:
    """A float of plain Python, rounded, never −0."""
    return round(float(value), DECIMALS) + 0.0
