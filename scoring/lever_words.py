"""Levers as sentences: what is otherwise than in the recommendation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any

from scoring.engine.criteria import read_criteria
from scoring.what_if import Attention, Days, Held, Lever, NoTippingPoint, Weights
from scoring.words import exact, listing

Json = Mapping[str, Any]


def words_of(levers: Iterable[Lever], document: Json, assumptions: Json) -> list[str]:
    """A phrase each. What a lever names and the document has not any more keeps its code."""
    return [_phrase(lever, document, assumptions) for lever in levers]


def mean_shares(document: Json) -> dict[str, float]:
    """Each objective's share of the weight, 0 to 1, as the engine averages the decision makers; equal without any."""
    criteria = read_criteria(document)
    people = criteria.decision_makers
    if not people:
        return dict.fromkeys(criteria.objectives, 1 / len(criteria.objectives))
    return {
        objective: fmean(fmean(corner[place] for corner in person.objectives) for person in people)
        for place, objective in enumerate(criteria.objectives)
    }


def mean_way_shares(document: Json) -> dict[str, float]:
    """The same of the ways, over all objectives."""
    criteria = read_criteria(document)
    people = criteria.decision_makers
    if not people:
        return dict.fromkeys(criteria.ways, 1 / len(criteria.ways))
    return {
        way: fmean(fmean(row[place] for corner in person.ways for row in corner) for person in people)
        for place, way in enumerate(criteria.ways)
    }


def _phrase(lever: Lever, document: Json, assumptions: Json) -> str:
    if isinstance(lever, Days):
        pool = _named(document["pools"], lever.pool)
        return f"{pool['label']} days: {exact(lever.days)} a quarter instead of {exact(pool.get('days', 0))}"
    if isinstance(lever, Weights):
        return _weights(lever, document)
    if isinstance(lever, Attention):
        answers = assumptions["tipping_point"]
        return (
            f"Too much attention: one more starts to hurt at {lever.hurts_from} points instead of "
            f"{answers['hurts_from']}, and adds nothing at {lever.adds_nothing_at} instead of "
            f"{answers['adds_nothing_at']}"
        )
    if isinstance(lever, NoTippingPoint):
        return "Too much attention: the tipping point switched off"
    partnership = _named(document["partnerships"], lever.partnership, "name")
    if isinstance(lever, Held):
        return _held(lever, partnership, document)
    if lever.level is None:
        return f"{partnership['name']}: without its duty"
    return f"{partnership['name']}: a duty to keep it at “{_level(document, lever.level)}” or above"


def _weights(lever: Weights, document: Json) -> str:
    lists = (
        ("Weights", "objectives", lever.shares(), mean_shares),
        ("Weights on the ways", "ways", lever.way_shares(), mean_way_shares),
    )
    return "; ".join(
        f"{words}: {_moved(shares, before(document), document.get(name, ()), name)}"
        for words, name, shares, before in lists
        if shares
    )


def _moved(shares: Mapping[str, float], before: Mapping[str, float], criteria: Iterable[Json], name: str) -> str:
    moved = [
        f"{_named(criteria, one)['label']} {share:.0%} instead of {before.get(one, 0):.0%}"
        for one, share in shares.items()
        if round(share, 2) != round(before.get(one, 0), 2)
    ]
    return listing(moved) if moved else f"everybody weighs the {name} alike"


def _held(lever: Held, partnership: Json, document: Json) -> str:
    levels = [option["level"] for option in partnership.get("options", [])]
    duty = partnership.get("at_least")
    below = duty in levels and lever.level in levels and levels.index(lever.level) < levels.index(duty)
    aside = ", its duty set aside" if below else ""
    return f"{partnership['name']}: held at “{_level(document, lever.level)}”{aside}"


def _level(document: Json, code: str) -> str:
    return str(_named(document["levels"], code)["label"])


def _named(items: Iterable[Json], identifier: str, name: str = "label") -> Json:
    found = next((item for item in items if item["id"] == identifier), {})
    return {name: identifier, **found}
