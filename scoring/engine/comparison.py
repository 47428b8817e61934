"""What changed between two documents of the same organisation, and which change moved which level.

Each change is tried by itself: made in the earlier document, and taken back in the later one. A change that alone moves
a partnership to where it is now explains the move; so does one without which it would not have moved. Where neither
finds any, several changes moved it together, and nothing is made up. Between documents that lie far apart there may be
hundreds of changes; then those of one kind are tried together: all that were rated anew, all that were surveyed.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.engine.criteria import CHARACTERISTICS, LEAST_READINESS
from scoring.engine.reading import DocumentError
from scoring.engine.run import solve

Document = dict[str, Any]

STRUCTURE = ("levels", "objectives", "ways")  # documents that differ here cannot be mixed
WHOLE = ("weights", "rules", "load", "cost_of_change", "readiness", "thresholds")
OF_A_PARTNERSHIP = ("ratings", "readiness", "options", "at_least", "harm", "today")
MOST_TRIED = 60  # changes tried one by one; beyond that by kind
MANY = "*"  # what a change is about that stands for all of its kind


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is a key of a document or of a partnership, or pool, added, removed or structure; `about`
    is the id of the pool or partnership (empty where it is about all); `before` and `after` as in the documents.

    Where `about` is MANY it stands for all changes of its kind, and `after` is how many.
    """

    kind: str
    about: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Move:
    """A partnership whose level changed, and the changes that moved it: each by itself (`alone`), or because it would
    not have moved without them."""

    id: str
    before: str | None
    after: str | None
    because: tuple[Change, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, and all moves. `explained` is False where the documents cannot be mixed."""

    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    explained: bool


def compare(before: Document, after: Document) -> Comparison:
    """Compare two documents, at their mean values. Raises DocumentError where one is wrong."""
    before, after = comparable(before), comparable(after)
    old, new = _levels(before), _levels(after)
    changes = changes_between(before, after)
    moved = sorted(id for id in old.keys() | new.keys() if old.get(id) != new.get(id))
    if not moved or any(change.kind == "structure" for change in changes):
        moves = tuple(Move(id, old.get(id), new.get(id), (), alone=False) for id in moved)
        return Comparison(changes, moves, explained=not moved)
    bundles = _bundles(changes)
    made = [(change, _try(before, bundle)) for change, bundle in bundles]
    undone = [(change, _try(after, [_reverse(one) for one in bundle])) for change, bundle in bundles]
    return Comparison(changes, tuple(_move(id, old, new, made, undone) for id in moved), explained=True)


def comparable(document: Document) -> Document:
    """A document as it is compared: at its mean values, and with what it leaves to a default spelled out."""
    return _with_defaults(_at_means(document))


def _bundles(changes: tuple[Change, ...]) -> list[tuple[Change, list[Change]]]:
    """What is tried at once, and what it is called: each change by itself, or where there are very many those of a kind
    together."""
    if len(changes) <= MOST_TRIED:
        return [(change, [change]) for change in changes]
    kinds: dict[str, list[Change]] = {}
    for change in changes:
        kinds.setdefault(change.kind, []).append(change)
    return [
        (found[0] if len(found) == 1 else Change(kind, MANY, None, len(found)), found) for kind, found in kinds.items()
    ]


def _move(
    id: str,
    old: Mapping[str, str],
    new: Mapping[str, str],
    made: list[tuple[Change, Document | None]],
    undone: list[tuple[Change, Document | None]],
) -> Move:
    for tried, wanted, alone in ((made, new.get(id), True), (undone, old.get(id), False)):
        because = tuple(change for change, levels in tried if levels is not None and levels.get(id) == wanted)
        if because:
            return Move(id, old.get(id), new.get(id), because, alone=alone)
    return Move(id, old.get(id), new.get(id), (), alone=False)


def changes_between(before: Document, after: Document) -> tuple[Change, ...]:
    """Every difference that can move a level, in a fixed order."""
    for key in STRUCTURE:
        if _text(before.get(key)) != _text(after.get(key)):
            return (Change("structure", key, before.get(key), after.get(key)),)
    found = [
        Change(key, "", before.get(key), after.get(key))
        for key in WHOLE
        if _text(before.get(key)) != _text(after.get(key))
    ]
    found += _in_pools(before, after)
    old, new = _by_id(before["partnerships"]), _by_id(after["partnerships"])
    for id in sorted(old.keys() | new.keys()):
        if id not in old:
            found.append(Change("added", id, None, new[id]))
        elif id not in new:
            found.append(Change("removed", id, old[id], None))
        else:
            found += [
                Change(key, id, old[id].get(key), new[id].get(key))
                for key in OF_A_PARTNERSHIP
                if _text(old[id].get(key)) != _text(new[id].get(key))
            ]
    return tuple(found)


def plain_moves(comparison: Comparison) -> Document:
    """The moves as plain JSON, with what a change is about instead of the change: the documents say the rest."""
    return {
        "explained": comparison.explained,
        "moves": [
            {
                "id": move.id,
                "before": move.before,
                "after": move.after,
                "because": [[change.kind, change.about] for change in move.because],
                "alone": move.alone,
            }
            for move in comparison.moves
        ],
    }


def comparison_of(before: Document, after: Document, plain: Document) -> Comparison:
    """The comparison of two documents from its plain moves, without solving anything."""
    changes = changes_between(comparable(before), comparable(after))
    named = {(change.kind, change.about): change for change in changes}
    for kind in {change.kind for change in changes}:
        named[kind, MANY] = Change(kind, MANY, None, sum(change.kind == kind for change in changes))
    moves = tuple(
        Move(
            one["id"],
            one["before"],
            one["after"],
            tuple(named[kind, about] for kind, about in one["because"]),
            alone=one["alone"],
        )
        for one in plain["moves"]
    )
    return Comparison(changes, moves, explained=plain["explained"])


def _at_means(document: Document) -> Document:
    """Without draws: a survey's many draws of readiness become their mean."""
    partnerships = []
    for one in document["partnerships"]:
        readiness = one.get("readiness")
        if isinstance(readiness, dict) and readiness.get("draws"):
            one = {**one, "readiness": {"mean": round(sum(readiness["draws"]) / len(readiness["draws"]), 6)}}
        partnerships.append(one)
    return {**document, "partnerships": partnerships}


def _with_defaults(document: Document) -> Document:
    """With the way from survey to readiness spelled out: a document that leaves it to the default says the same."""
    if "objectives" not in document:
        return document
    equal = {name: 1 / len(CHARACTERISTICS) for name in CHARACTERISTICS}
    given = {key: value for key, value in document.get("readiness", {}).items() if key != "note"}
    return {**document, "readiness": {"p_min": LEAST_READINESS, "weights": equal, **given}}


def _in_pools(before: Document, after: Document) -> list[Change]:
    old, new = _by_id(before["pools"]), _by_id(after["pools"])
    if old.keys() != new.keys():
        return [Change("structure", "pools", before["pools"], after["pools"])]
    keys = ("days", "reserve")
    return [
        Change("pool", id, old[id], new[id])
        for id in sorted(old)
        if any(old[id].get(key, 0) != new[id].get(key, 0) for key in keys)
    ]


def _reverse(change: Change) -> Change:
    kind = {"added": "removed", "removed": "added"}.get(change.kind, change.kind)
    return Change(kind, change.about, change.after, change.before)


def _try(document: Document, changes: list[Change]) -> dict[str, str] | None:
    """The levels with these changes made; None where that document means nothing, or nothing fits it."""
    try:
        return _levels(_with(document, changes)) or None
    except DocumentError:
        return None


def _with(document: Document, changes: list[Change]) -> Document:
    changed: Document = {**document, "partnerships": [*document["partnerships"]], "pools": [*document["pools"]]}
    for change in changes:
        _MAKERS.get(change.kind, _set_of_all if not change.about else _set_of_one)(changed, change)
    present = _by_id(changed["partnerships"])
    if "rules" in changed:
        changed["rules"] = [rule for rule in changed["rules"] if _names(rule) <= present.keys()]
    return changed


def _set_of_all(document: Document, change: Change) -> None:
    _set(document, change.kind, change.after)


def _set_of_one(document: Document, change: Change) -> None:
    for place, one in enumerate(document["partnerships"]):
        if one["id"] == change.about:
            document["partnerships"][place] = copy.copy(one)
            _set(document["partnerships"][place], change.kind, change.after)


def _set_pool(document: Document, change: Change) -> None:
    document["pools"] = [change.after if pool["id"] == change.about else pool for pool in document["pools"]]


def _add(document: Document, change: Change) -> None:
    document["partnerships"].append(change.after)


def _remove(document: Document, change: Change) -> None:
    document["partnerships"] = [one for one in document["partnerships"] if one["id"] != change.about]


_MAKERS: dict[str, Callable[[Document, Change], None]] = {"pool": _set_pool, "added": _add, "removed": _remove}


def _set(where: Document, key: str, value: Any) -> None:
    if value is None:
        where.pop(key, None)
    else:
        where[key] = value


def _names(rule: Document) -> set[str]:
    """The partnerships that a rule names."""
    pairs = [*rule.get("not_both", []), *(rule[key] for key in ("if", "then") if key in rule)]
    members = rule.get("of", [])
    return {one if isinstance(one, str) else one[0] for one in [*members, *pairs]}


def _levels(document: Document) -> dict[str, str]:
    """The best level of each partnership at the mean values; empty where nothing fits."""
    plain = {**document, "outputs": ["choice"]}
    if "objectives" in document:
        plain["draws"] = 0
    result = solve(plain)
    return {} if result["partnerships"] is None else {one["id"]: one["level"] for one in result["partnerships"]}


def _by_id(rows: list[Document]) -> dict[str, Document]:
    return {row["id"]: row for row in rows}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
