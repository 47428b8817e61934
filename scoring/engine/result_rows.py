"""Writes what a result says of each partnership."""

from __future__ import annotations

import numpy as np

from scoring.engine.advice import Evidence
from scoring.engine.findings import Findings
from scoring.engine.labels import LABEL_WORDS
from scoring.engine.plain import Json, days_by_pool, plain
from scoring.engine.portfolio import Participation
from scoring.engine.reasons import reasons
from scoring.engine.study import Study
from scoring.engine.thresholds import Thresholds, Turn
from scoring.engine.views import Views


def partnership_row(study: Study, findings: Findings, i: int, participation: Participation) -> Json:
    """What the result says of one participation."""
    problem, evidence, advice = study.problem, findings.evidence, findings.advice
    option, advised = int(study.best.choice[i]), int(advice.solution.choice[i])
    first, *others = reasons(study, findings, i)
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
        "days": days_by_pool(study.portfolio, problem.days[option]),
        "load": int(problem.load[option]),
        "acceptability": _acceptability(study, evidence, i, participation),
        "confidence": advice.confidence[i],
        "close_call": _close_call(study, evidence, i),
        "flip": _flip(study, evidence, i, participation),
        "turns": None if findings.thresholds is None else _turns(study, findings.thresholds[i], i, participation),
        "views": _views(study, findings.views, i, participation),
        "contested": None if findings.views is None else findings.views.contested(i),
        **_information(study, evidence, i),
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


def _information(study: Study, evidence: Evidence, i: int) -> Json:
    found = evidence.information
    if found is None or "information" not in study.portfolio.outputs:
        return {"information": None, "information_on": None}
    apart = None
    if found.value is not None and found.readiness is not None:
        apart = {"value": plain(float(found.value[i])), "readiness": plain(float(found.readiness[i]))}
    return {"information": plain(float(found.all[i])), "information_on": apart}


def _turns(study: Study, found: Thresholds, i: int, participation: Participation) -> Json:
    """Where its level would change: a rating or the readiness below and above what it is now, and fewer days."""
    problem, criteria = study.problem, study.portfolio.criteria

    def turn(one: Turn | None) -> Json | None:
        if one is None:
            return None
        level = participation.options[problem.position(i, one.option)].level
        return {"now": plain(one.now), "at": plain(one.at), "level": level}

    return {
        "readiness": {"below": turn(found.readiness[0]), "above": turn(found.readiness[1])},
        "weakest": turn(found.weakest),
        "ratings": []
        if criteria is None
        else [
            {
                "objective": criteria.objectives[objective],
                "way": criteria.ways[way],
                "below": turn(below),
                "above": turn(above),
            }
            for (objective, way), (below, above) in found.ratings.items()
        ],
        "days": turn(found.days),
    }


def _views(study: Study, views: Views | None, i: int, participation: Participation) -> Json | None:
    if views is None:
        return None
    return {
        group: participation.options[study.problem.position(i, int(choice[i]))].level
        for group, choice in zip(views.groups, views.choices, strict=True)
    }
