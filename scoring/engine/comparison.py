"""What changed between two documents of the same organisation, and which change moved which recommendation.

A recommendation is the best level, the level that is advised beside the others, and its label; all three are compared.
Each change is tried by itself: made in the earlier document, and taken back in the later one. A change that alone moves
a partnership to where it is now explains the move; so does one without which it would not have moved. Where neither
finds any, several changes moved it together, and nothing is made up. Between documents that lie far apart there may be
hundreds of changes; then those of one kind are tried together: all that were rated anew, all that were surveyed.

Best levels are tried at the mean values, which is quick. What is advised and what it is called rest on the draws, so
that where only those moved each trial is a whole recommendation, and fewer of them are made.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from scoring.engine.criteria import CHARACTERISTICS, LEAST_READINESS
from scoring.engine.reading import DocumentError
from scoring.engine.run import solve

Document = dict[str, Any]

STRUCTURE = ("levels", "objectives", "ways")  # documents that name others here cannot be mixed
WHOLE = (
    "levels", "rules", "load", "cost_of_change", "readiness", "thresholds", "information_cost", "seed", "draws"
)  # fmt: skip
OF_A_PARTNERSHIP = ("ratings", "readiness", "options", "at_least", "harm", "harm_reviewed", "today")
MEMORY = ("previous_confidence", "previous_level")  # what the last run said, which nobody enters
ONLY_WORDS = ("label", "note", "name", "low_end", "high_end")  # what moves nothing
MOST_TRIED = 60  # changes tried one by one; beyond that by kind
MOST_ADVISED = 12  # the same where each trial is a whole recommendation
MANY = "*"  # what a change is about that stands for all of its kind


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is a key of a document or of a partnership, or pool, weights, added, removed, memory or
    structure; `about` is the id of the pool, person or partnership (empty where it is about all); `before` and `after`
    as in the documents.

    Where `about` is MANY it stands for all changes of its kind, and `after` is how many.
    """

    kind: str
    about: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partnership stands in a recommendation: its best level, the level that is advised, and its label."""

    level: str
    advised: str
    label: str


@dataclass(frozen=True, slots=True)
class Move:
    """A partnership whose standing changed, and the changes that moved it: each by itself (`alone`), or because without
    them it would not have moved.
    """

    id: str
    before: Standing | None
    after: Standing | None
    because: tuple[Change, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, and all moves. `explained` is False where the documents differ in what they name, so that not every
    change could be tried.
    """

    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    explained: bool


Levels = dict[str, str]
Standings = dict[str, Standing]


def compare(before: Document, after: Document) -> Comparison:
    """Compare what two documents recommend. Raises DocumentError where one is wrong."""
    changes = changes_between(comparable(before), comparable(after))
    old, new = _standings(before), _standings(after)
    moved = sorted(id for id in old.keys() | new.keys() if old.get(id) != new.get(id))
    best = [id for id in moved if id not in old or id not in new or old[id].level != new[id].level]
    moves = _moves_of_levels(before, after, changes, best)
    moves |= _moves_of_advice(before, after, changes, [id for id in moved if id not in moves])
    explained = not any(change.kind == "structure" for change in changes)
    return Comparison(changes, tuple(_told(id, old, new, moves.get(id)) for id in moved), explained)


Reasons = tuple[tuple[Change, ...], bool]  # what moved a partnership, and whether each did so alone


def _moves_of_levels(
    before: Document, after: Document, changes: tuple[Change, ...], moved: list[str]
) -> dict[str, Reasons]:
    """Why the best levels of these moved, at the mean values; those for which nothing is found are left out."""
    if not moved:
        return {}
    trial = _Trial(comparable(before), comparable(after), _levels)
    return trial.reasons(_bundles(_tried(changes), MOST_TRIED), moved)


def _moves_of_advice(
    before: Document, after: Document, changes: tuple[Change, ...], moved: list[str]
) -> dict[str, Reasons]:
    """The same for what is advised and what it is called, by whole recommendations."""
    if not moved:
        return {}
    # The draws of a survey's readiness, of which a change as it is told holds only the mean.
    exact = {(change.kind, change.about): change for change in changes_between(before, after)}
    bundles = [
        (told, [exact.get((change.kind, change.about), change) for change in bundle])
        for told, bundle in _bundles(_tried(changes), MOST_ADVISED)
    ]
    return _Trial(before, after, _standings).reasons(bundles, moved)


def _tried(changes: tuple[Change, ...]) -> list[Change]:
    return [change for change in changes if change.kind != "structure"]


def _told(id: str, old: Standings, new: Standings, reasons: Reasons | None) -> Move:
    because, alone = reasons or ((), False)
    return Move(id, old.get(id), new.get(id), because, alone=alone)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Making changes in the earlier document and taking them back in the later, and seeing with ``look`` who moves."""

    before: Document
    after: Document
    look: Callable[[Document], Mapping[str, object]]

    def reasons(self, bundles: list[tuple[Change, list[Change]]], moved: list[str]) -> dict[str, Reasons]:
        made = [(change, self._with(self.before, bundle)) for change, bundle in bundles]
        undone = [(change, self._with(self.after, [_reverse(one) for one in bundle])) for change, bundle in bundles]
        old, new = self.look(self.before), self.look(self.after)
        found = {}
        for id in moved:
            for tried, wanted, alone in ((made, new.get(id), True), (undone, old.get(id), False)):
                because = tuple(change for change, seen in tried if seen is not None and seen.get(id) == wanted)
                if because:
                    found[id] = (because, alone)
                    break
        return found

    def _with(self, document: Document, changes: list[Change]) -> Mapping[str, object] | None:
        """What is seen with these changes made; None where that document means nothing, or nothing fits it."""
        try:
            return self.look(_with(document, changes)) or None
        except DocumentError:
            return None


def comparable(document: Document) -> Document:
    """A document as it is compared: at its mean values, with what it leaves to a default spelled out, and without the
    words that move nothing.
    """
    return _without_words(_with_defaults(_at_means(document)))


def _without_words(document: Document) -> Document:
    """Rows keep their keys but those that only name or note something."""
    told: Document = {key: _plain_rows(document[key]) for key in ("levels", "rules", "weights") if key in document}
    partnerships = [
        {**one, **{key: _plain_rows(one[key]) for key in ("ratings", "options") if key in one}}
        for one in document["partnerships"]
    ]
    return {**document, **told, "partnerships": partnerships}


def _plain_rows(rows: list[Document]) -> list[Document]:
    return [{key: value for key, value in row.items() if key not in ONLY_WORDS} for row in rows]


def _bundles(changes: list[Change], most: int) -> list[tuple[Change, list[Change]]]:
    """What is tried at once, and what it is called: each change by itself, or where there are more than ``most`` all of
    a kind together.
    """
    if len(changes) <= most:
        return [(change, [change]) for change in changes]
    kinds: dict[str, list[Change]] = {}
    for change in changes:
        kinds.setdefault(change.kind, []).append(change)
    return [
        (found[0] if len(found) == 1 else Change(kind, MANY, None, len(found)), found) for kind, found in kinds.items()
    ]


def changes_between(before: Document, after: Document) -> tuple[Change, ...]:
    """Every difference that can move a recommendation, in a fixed order; other words for the same are none."""
    found = [
        Change("structure", key, before.get(key), after.get(key))
        for key in STRUCTURE
        if _names_of(before.get(key)) != _names_of(after.get(key))
    ]
    named = {change.about for change in found}
    found += [
        Change(key, "", before.get(key), after.get(key))
        for key in WHOLE
        if key not in named and _text(before.get(key)) != _text(after.get(key))
    ]
    found += _in_weights(before, after)
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
    memories = _remembered(old), _remembered(new)
    if any(memories[0].get(id) != memories[1].get(id) for id in old.keys() & new.keys()):
        found.append(Change("memory", "", *memories))
    return tuple(found)


def _names_of(rows: Any) -> list[str]:
    return [row["id"] for row in rows or []]


def _remembered(partnerships: Mapping[str, Document]) -> dict[str, Document]:
    """What the run before said of each partnership, of those of which it said something."""
    said = {id: {key: one[key] for key in MEMORY if one.get(key) is not None} for id, one in partnerships.items()}
    return {id: words for id, words in said.items() if words}


def _in_weights(before: Document, after: Document) -> list[Change]:
    """What each decision maker said, by who it is."""
    old, new = ({one["who"]: one for one in document.get("weights", [])} for document in (before, after))
    return [
        Change("weights", who, old.get(who), new.get(who))
        for who in sorted(old.keys() | new.keys())
        if _text(old.get(who)) != _text(new.get(who))
    ]


def plain_moves(comparison: Comparison) -> Document:
    """The moves as plain JSON, with what a change is about instead of the change: the documents say the rest."""
    return {
        "explained": comparison.explained,
        "moves": [
            {
                "id": move.id,
                "before": None if move.before is None else asdict(move.before),
                "after": None if move.after is None else asdict(move.after),
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
            None if one["before"] is None else Standing(**one["before"]),
            None if one["after"] is None else Standing(**one["after"]),
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
    keys = ("days", "reserve", "set_aside", "freed")
    return [
        Change("pool", id, old[id], new[id])
        for id in sorted(old)
        if any(old[id].get(key, 0) != new[id].get(key, 0) for key in keys)
    ]


def _reverse(change: Change) -> Change:
    kind = {"added": "removed", "removed": "added"}.get(change.kind, change.kind)
    return Change(kind, change.about, change.after, change.before)


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


def _set_weights(document: Document, change: Change) -> None:
    others = [one for one in document.get("weights", []) if one["who"] != change.about]
    document["weights"] = others if change.after is None else [*others, change.after]


def _remember(document: Document, change: Change) -> None:
    document["partnerships"] = [
        {**{key: value for key, value in one.items() if key not in MEMORY}, **change.after.get(one["id"], {})}
        for one in document["partnerships"]
    ]


_MAKERS: dict[str, Callable[[Document, Change], None]] = {
    "pool": _set_pool,
    "weights": _set_weights,
    "memory": _remember,
    "added": _add,
    "removed": _remove,
}


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


def _standings(document: Document) -> Standings:
    """Where each partnership stands in the whole recommendation; empty where nothing fits."""
    result = solve({**document, "outputs": ["choice", "acceptability", "information"]})
    return {
        one["id"]: Standing(one["level"], one["advised_level"], one["label"]) for one in result["partnerships"] or []
    }


def _levels(document: Document) -> Levels:
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
