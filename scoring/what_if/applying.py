"""What the inputs of a run are once levers are pulled.

Holding a partnership at a level leaves its other levels in the document, because rules and today's level may name them;
two rules of its own close them instead. All that is not pulled stays as it was, seed included, so that the draws of
both are the same and a difference is never the luck of the draw.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from scoring.attention import attention_penalty
from scoring.what_if.levers import Attention, Days, Duty, Held, Lever, NoTippingPoint, Weights

Json = dict[str, Any]

# The page shows where a partnership moves and what that is worth. The labels, and with them the recommended level, rest
# on acceptability and information; the curves and prices of a run take longer than all of these.
OUTPUTS = ("choice", "acceptability", "information")
NOBODY = "what-if"  # the decision maker where nobody has set weights
PLENTY = 1_000_000.0  # days that set no limit


def apply(document: Mapping[str, Any], levers: Iterable[Lever], *, hurts_from: int, adds_nothing_at: int) -> Json:
    """A new document with the levers pulled; the two numbers are the answers behind the document's own ``load``.

    Raises KeyError for a lever that names a pool, an objective, a partnership or a level that is not there.
    """
    changed = _copy(document)
    pulled = list(levers)
    answers = (hurts_from, adds_nothing_at)
    for lever in pulled:
        if isinstance(lever, Weights):
            _weigh(changed, lever)
        elif isinstance(lever, Attention):
            answers = (lever.hurts_from, lever.adds_nothing_at)
    if "load" in document and any(isinstance(lever, Weights | Attention) for lever in pulled):
        # The slope rests on what a typical partnership is worth, so other weights move it as a new run would.
        penalty = attention_penalty({name: part for name, part in changed.items() if name != "load"}, *answers)
        changed["load"] = penalty or document["load"]
    for lever in pulled:
        if isinstance(lever, Days):
            _by_id(changed["pools"], lever.pool)["days"] = lever.days
        elif isinstance(lever, Duty):
            _oblige(_by_id(changed["partnerships"], lever.partnership), lever)
        elif isinstance(lever, NoTippingPoint):
            changed.pop("load", None)
    for lever in pulled:  # last, since a level that is held goes before a duty
        if isinstance(lever, Held):
            _hold(changed, lever)
    changed["outputs"] = list(OUTPUTS)
    return changed


def keep_as_recommended(document: Mapping[str, Any], levels: Mapping[str, str]) -> Json:
    """The document with every partnership at the level given, as though there were days enough: for its value alone."""
    kept = _copy(document)
    for pool in kept["pools"]:
        pool["days"] = PLENTY
    kept["rules"] = [rule for rule in kept["rules"] if "synergy" in rule]
    for partnership, level in levels.items():
        _hold(kept, Held(partnership, level))
    return {**kept, "draws": 0, "outputs": ["choice"]}


def levers_that_apply(document: Mapping[str, Any], levers: Iterable[Lever]) -> list[Lever]:
    """Those that name only what the document has: a partnership may have ended since."""
    partnerships = {one["id"]: {option["level"] for option in one["options"]} for one in document["partnerships"]}
    pools = {pool["id"] for pool in document["pools"]}
    objectives = {objective["id"] for objective in document["objectives"]}
    ways = {way["id"] for way in document.get("ways", ())}

    def fits(lever: Lever) -> bool:
        if isinstance(lever, Days):
            return lever.pool in pools
        if isinstance(lever, Weights):
            return _names_all(lever.points, objectives) and _names_all(lever.ways, ways)
        if isinstance(lever, Held | Duty):
            levels = partnerships.get(lever.partnership)
            return levels is not None and (lever.level is None or lever.level in levels)
        return True

    return [lever for lever in levers if fits(lever)]


def _names_all(points: Iterable[tuple[str, float]], known: set[str]) -> bool:
    """Whether points are on exactly these; no points at all name nothing that could be missing."""
    named = {criterion for criterion, _ in points}
    return not named or named == known


def _copy(document: Mapping[str, Any]) -> Json:
    """Deep where levers reach, shallow where the thousand draws of each survey lie."""
    changed = dict(document)
    changed["pools"] = copy.deepcopy(document["pools"])
    changed["partnerships"] = [dict(one) for one in document["partnerships"]]
    changed["rules"] = list(document.get("rules", ()))
    changed["weights"] = copy.deepcopy(document.get("weights", []))
    return changed


def _by_id(items: list[Json], identifier: str) -> Json:
    for item in items:
        if item["id"] == identifier:
            return item
    raise KeyError(identifier)


def _weigh(document: Json, lever: Weights) -> None:
    """Each decision maker keeps what they said of the list that is not weighed anew; where nobody has said anything,
    somebody weighs so, and the objectives alike unless the lever weighs them.
    """
    for name, points in (("objectives", lever.points), ("ways", lever.ways)):
        known = {criterion["id"] for criterion in document.get(name, ())}
        for criterion, _ in points:
            if criterion not in known:
                raise KeyError(criterion)
    alike = {objective["id"]: 1.0 for objective in document["objectives"]}
    people = document["weights"] or [{"who": NOBODY, "objectives": alike}]
    for name, points in (("objectives", lever.points), ("ways", lever.ways)):
        if points:
            people = [{**_without(person, name), name: dict(points)} for person in people]
    document["weights"] = people


def _without(person: Json, name: str) -> Json:
    """What stays of somebody's weights where a list of criteria is weighed anew: neither points nor places on it."""
    ranking = {listed: places for listed, places in person.get("ranking", {}).items() if listed != name}
    kept = {fact: value for fact, value in person.items() if fact not in (name, "ranking")}
    return kept | ({"ranking": ranking} if {"objectives", "ways"} & set(ranking) else {})


def _oblige(partnership: Json, lever: Duty) -> None:
    partnership.pop("at_least", None)
    partnership.pop("mandate", None)
    if lever.level is not None:
        _place(partnership, lever.level)
        partnership |= {"at_least": lever.level, "mandate": "what-if"}


def _hold(document: Json, lever: Held) -> None:
    """Close every level below by one rule, and every level above by another."""
    partnership = _by_id(document["partnerships"], lever.partnership)
    levels = [option["level"] for option in partnership["options"]]
    place = _place(partnership, lever.level)
    if "at_least" in partnership and levels.index(partnership["at_least"]) > place:
        del partnership["at_least"]
        partnership.pop("mandate", None)
    if place > 0:
        document["rules"].append({"at_least": 1, "of": [lever.partnership], "level": lever.level})
    if place + 1 < len(levels):
        above = levels[place + 1]
        document["rules"].append({"not_both": [[lever.partnership, lever.level], [lever.partnership, above]]})


def _place(partnership: Json, level: str) -> int:
    levels = [option["level"] for option in partnership["options"]]
    if level not in levels:
        raise KeyError(level)
    return levels.index(level)
