"""Reads the criteria form of a document: objectives, ways, weights, ratings, harm and readiness.

Only what is claimed is rated: a cell that is not listed is worth nothing, a cell that is listed without
numbers is claimed but unrated, and is given a wide range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.engine.portfolio import Criteria, DecisionMaker, Matrix, Rating, Readiness
from scoring.engine.ranking import corners
from scoring.engine.reading import (
    DocumentError,
    check_distinct,
    quoted,
    read_id,
    read_known,
    read_list,
    read_number,
    read_object,
    read_text,
    read_triple,
)

CRITERIA_KEYS = ("objectives", "ways", "weights", "readiness")
PARTICIPATION_CRITERIA_KEYS = ("harm", "ratings", "readiness")
LEAST_READINESS = 0.2  # p_min of the model
SCALE = 100
# The eight characteristics of effective collaborations, in the order in which a row of answers gives them.
CHARACTERISTICS = ("purpose", "focus", "commitment", "trust", "connection", "learning", "governance", "skills")
SAME_SUM = 1e-6  # what sums to 1 but for rounding sums to 1
MOST_RESPONDENTS = 2000


def read_criteria(top: Mapping[str, Any]) -> Criteria:
    """Objectives, ways and each decision maker's weights. Raises DocumentError."""
    objectives, _ = _read_names(top["objectives"], "objectives", "objective")
    ways, way_labels = _read_names(top["ways"], "ways", "way") if "ways" in top else (("value",), ("value",))
    people = read_list(top.get("weights", []), "weights", most=200)
    decision_makers = [
        _read_decision_maker(item, f"weights[{position}]", objectives, ways) for position, item in enumerate(people)
    ]
    check_distinct([person.who for person in decision_makers], "weights", "decision maker")
    given = read_object(top.get("readiness", {}), "readiness", optional=("p_min", "weights", "note"))
    least = read_number(given.get("p_min", LEAST_READINESS), "readiness.p_min", least=0, most=1)
    counts = tuple(1 / len(CHARACTERISTICS) for _ in CHARACTERISTICS)
    if "weights" in given:
        counts = _read_characteristic_weights(given["weights"], "readiness.weights")
    in_order = tuple(sorted(decision_makers, key=lambda person: person.who))
    return Criteria(objectives, ways, way_labels, in_order, least, counts)


def _read_characteristic_weights(thing: object, field: str) -> tuple[float, ...]:
    """q of each characteristic, in their order: every one named, and summing to 1. A forgotten one is no zero."""
    given = read_object(thing, field)
    for name in given:
        if name not in CHARACTERISTICS:
            known = ", ".join(CHARACTERISTICS)
            raise DocumentError(f"{field}.{quoted(name)}", f"is not one of the characteristics; those are {known}")
    for name in CHARACTERISTICS:
        if name not in given:
            raise DocumentError(f"{field}.{name}", "is missing")
    weights = tuple(read_number(given[name], f"{field}.{name}", least=0, most=1) for name in CHARACTERISTICS)
    total = sum(weights)
    if abs(total - 1) > SAME_SUM:
        raise DocumentError(field, f"must sum to 1, not {total:.6g}")
    return tuple(weight / total for weight in weights)


def _read_names(thing: object, field: str, what: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Identifiers, and what each is called."""
    names, labels = [], []
    for position, item in enumerate(read_list(thing, field, least=1, most=50)):
        at = f"{field}[{position}]"
        read_object(item, at, required=("id",), optional=("label", "note", "low_end", "high_end"))
        names.append(read_id(item["id"], f"{at}.id"))
        labels.append(read_text(item.get("label", item["id"]), f"{at}.label"))
    check_distinct(names, field, what)
    return tuple(names), tuple(labels)


def _read_decision_maker(item: object, field: str, objectives: Sequence[str], ways: Sequence[str]) -> DecisionMaker:
    given = read_object(item, field, required=("who",), optional=("objectives", "ranking", "ways", "group", "note"))
    ranking = read_object(given.get("ranking", {}), f"{field}.ranking", optional=("objectives", "ways", "note"))
    if "ranking" in given and not {"objectives", "ways"} & set(ranking):
        raise DocumentError(f"{field}.ranking", "must rank the objectives, the ways or both")
    if ("objectives" in given) == ("objectives" in ranking):
        raise DocumentError(field, "must have either objectives (with weights) or ranking.objectives")
    if "ways" in given and "ways" in ranking:
        raise DocumentError(field, "must not have both ways (with weights) and ranking.ways")
    who = read_id(given["who"], f"{field}.who")
    group = read_id(given.get("group", who), f"{field}.group")
    over_objectives: Matrix
    if "objectives" in ranking:
        at = f"{field}.ranking.objectives"
        over_objectives = _read_ranking(ranking["objectives"], at, objectives, "one of the objectives")
    else:
        at = f"{field}.objectives"
        over_objectives = (_read_weights(given["objectives"], at, objectives, "one of the objectives"),)
    if "ways" in ranking:
        ranked = _read_ranking(ranking["ways"], f"{field}.ranking.ways", ways, "one of the ways")
        over_ways = tuple(tuple(row for _ in objectives) for row in ranked)
    else:
        over_ways = (_read_way_weights(given.get("ways", {}), f"{field}.ways", objectives, ways),)
    return DecisionMaker(who, over_objectives, over_ways, group)


def _read_ranking(thing: object, field: str, names: Sequence[str], what: str) -> Matrix:
    """The corners of the weights that fit a ranking: names from the most important down, those ranked equal in a list
    of their own. Every name must be there once.
    """
    tiers: list[list[int]] = []
    for position, item in enumerate(read_list(thing, field, least=1, most=50)):
        at = f"{field}[{position}]"
        tier = read_list(item, at, least=1, most=50) if isinstance(item, list) else [item]
        tiers.append([names.index(read_known(one, at, names, what)) for one in tier])
    ranked = [place for tier in tiers for place in tier]
    for place, name in enumerate(names):
        if ranked.count(place) != 1:
            raise DocumentError(field, f"must rank {quoted(name)} once")
    return corners(tiers, len(names))


def _read_weights(thing: object, field: str, names: Sequence[str], what: str) -> tuple[float, ...]:
    """Weights in the order of `names`, summing to 1; what is not given weighs nothing."""
    given = read_object(thing, field)
    for name in given:
        if name not in names:
            raise DocumentError(f"{field}.{quoted(name)}", f"is not {what}")
    raw = [read_number(given.get(name, 0), f"{field}.{quoted(name)}", least=0, most=1_000_000) for name in names]
    total = sum(raw)
    if not total > 0:
        raise DocumentError(field, "must give at least one weight above zero")
    return tuple(weight / total for weight in raw)


def _read_way_weights(thing: object, field: str, objectives: Sequence[str], ways: Sequence[str]) -> Matrix:
    """For each objective the weights of the ways: one set for all, one set each, or equal where not given."""
    given = read_object(thing, field)
    equal = tuple(1 / len(ways) for _ in ways)
    if not given:
        return tuple(equal for _ in objectives)
    if not any(isinstance(weights, dict) for weights in given.values()):
        shared = _read_weights(given, field, ways, "one of the ways")
        return tuple(shared for _ in objectives)
    for name in given:
        if name not in objectives:
            raise DocumentError(f"{field}.{quoted(name)}", "is not one of the objectives")
    return tuple(
        _read_weights(given[name], f"{field}.{quoted(name)}", ways, "one of the ways") if name in given else equal
        for name in objectives
    )


def read_participation_criteria(given: Mapping[str, Any], field: str, criteria: Criteria) -> dict[str, Any]:
    """`harm`, `ratings` and `readiness` of one participation. Raises DocumentError."""
    return {
        "harm": read_triple(given.get("harm", 0), f"{field}.harm", least=0, most=SCALE),
        "ratings": _read_ratings(given.get("ratings", []), f"{field}.ratings", criteria),
        "readiness": _read_readiness(given.get("readiness", {}), f"{field}.readiness", criteria),
    }


def _read_ratings(thing: object, field: str, criteria: Criteria) -> tuple[Rating, ...]:
    ratings: dict[tuple[int, int], Rating] = {}
    for position, item in enumerate(read_list(thing, field)):
        at = f"{field}[{position}]"
        keys = ("low", "likely", "high")
        read_object(item, at, required=("objective",), optional=("way", "note", *keys))
        names = criteria.objectives
        objective = names.index(read_known(item["objective"], f"{at}.objective", names, "one of the objectives"))
        way = _read_way(item, at, criteria)
        triple = None
        if any(key in item for key in keys):
            numbers = read_object({key: item[key] for key in keys if key in item}, at, required=keys)
            triple = read_triple(numbers, at, least=-SCALE, most=SCALE)
        if (objective, way) in ratings:
            raise DocumentError(at, "rates the same objective and way a second time")
        ratings[objective, way] = Rating(objective, way, triple)
    return tuple(ratings[cell] for cell in sorted(ratings))


def _read_way(item: Mapping[str, Any], field: str, criteria: Criteria) -> int:
    if "way" not in item:
        if len(criteria.ways) > 1:
            raise DocumentError(f"{field}.way", "is missing")
        return 0
    return criteria.ways.index(read_known(item["way"], f"{field}.way", criteria.ways, "one of the ways"))


def _read_readiness(thing: object, field: str, criteria: Criteria) -> Readiness:
    given = read_object(thing, field, optional=("draws", "mean", "sd", "answers", "weakest", "note"))
    forms = [key for key in ("draws", "mean", "answers") if key in given]
    if len(forms) > 1:
        raise DocumentError(field, "must have only one of draws, mean (with sd) or answers")
    if "sd" in given and "mean" not in given:
        raise DocumentError(f"{field}.mean", "is missing beside sd")
    weakest = read_number(given["weakest"], f"{field}.weakest", least=0, most=1) if "weakest" in given else None
    if "draws" in given:
        items = read_list(given["draws"], f"{field}.draws", least=1, most=10_000)
        drawn = tuple(read_number(one, f"{field}.draws[{n}]", least=0, most=1) for n, one in enumerate(items))
        return Readiness(draws=drawn, weakest=weakest)
    if "mean" in given:
        mean = read_number(given["mean"], f"{field}.mean", least=0, most=1)
        sd = read_number(given.get("sd", 0), f"{field}.sd", least=0, most=0.5)
        if sd and sd * sd >= mean * (1 - mean):
            raise DocumentError(f"{field}.sd", "is wider than any share from 0 to 1 with this mean can be")
        return Readiness(mean=mean, sd=sd, weakest=weakest)
    if "answers" in given:
        return Readiness(answers=_read_answers(given["answers"], f"{field}.answers", criteria), weakest=weakest)
    return Readiness(weakest=weakest)


def _read_answers(thing: object, field: str, criteria: Criteria) -> tuple[tuple[float | None, ...], ...]:
    """Answers of 1 to 5 on the eight characteristics, a row a respondent; null where not answered."""
    rows = []
    for position, item in enumerate(read_list(thing, field, least=1, most=MOST_RESPONDENTS)):
        at = f"{field}[{position}]"
        row = read_list(item, at)
        if len(row) != len(CHARACTERISTICS):
            wanted = len(CHARACTERISTICS)
            raise DocumentError(at, f"has {len(row)} answers; one for each of the {wanted} characteristics")
        rows.append(
            tuple(None if one is None else read_number(one, f"{at}[{n}]", least=1, most=5) for n, one in enumerate(row))
        )
    if all(one is None for row in rows for one in row):
        raise DocumentError(field, "holds no answer")
    counting = [place for place, weight in enumerate(criteria.characteristic_weights) if weight]
    if all(row[place] is None for row in rows for place in counting):
        raise DocumentError(field, "holds no answer on a characteristic that has a weight")
    # Respondents have no order, so the order they are listed in must not change a draw.
    return tuple(sorted(rows, key=lambda row: tuple(-1.0 if one is None else one for one in row)))
