"""What changed between two runs, in words: which inputs, and which of them moved which recommendation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.engine.comparison import MANY, Change, Move, changes_between, comparable, comparison_of
from scoring.engine.labels import LABEL_WORDS
from scoring.words import count_of, in_sentence, listing, number

Json = dict[str, Any]

ABOUT_ALL = {
    "levels": "what the levels of engagement obtain or ask for changed",
    "load": "the tipping point changed",
    "cost_of_change": "what changing a level costs was set anew",
    "readiness": "how readiness follows from a survey was set anew",
    "thresholds": "the words for how sure changed",
    "information_cost": "what finding out more costs was set anew",
    "seed": "the plausible versions were drawn anew",
    "draws": "another number of plausible versions was tried",
    "memory": (
        "the words said last time count: how sure a recommendation is changes its word only where the numbers pass the "
        "edge by a margin"
    ),
}
ABOUT_STRUCTURE = {
    "levels": "levels of engagement were added or removed",
    "objectives": "objectives were added or removed",
    "ways": "ways of creating value were added or removed",
    "pools": "capacity pools were added or removed",
}
ABOUT_ONE = {
    "ratings": "{name} was rated anew",
    "options": "the days of {name} changed",
    "harm": "the harm of leaving {name} changed",
    "harm_reviewed": "the harm of leaving {name} {done}",
    "today": "today’s level of {name} changed",
    "added": "{name} is new",
    "removed": "{name} is no longer active",
}

ABOUT_MANY = {
    "ratings": "{count} partnerships were rated anew",
    "options": "the days of {count} partnerships changed",
    "readiness": "the survey results of {count} partnerships changed",
    "at_least": "the duties of {count} partnerships changed",
    "harm": "the harm of leaving {count} partnerships changed",
    "harm_reviewed": "whether somebody has reviewed the harm of leaving {count} partnerships changed",
    "weights": "the weights of {count} people changed",
    "today": "today’s levels of {count} partnerships changed",
    "added": "{count} partnerships are new",
    "removed": "{count} partnerships are no longer active",
    "pool": "the days of {count} pools changed",
}


@dataclass(frozen=True)
class MoveInWords:
    """A partnership whose recommendation changed: its name, what happened, and why."""

    id: str
    name: str
    what: str
    why: str


@dataclass(frozen=True)
class ChangesInWords:
    """Every changed input as a sentence, and every move; None where that has not been worked out. ``may_have_moved``
    where anything changed at all, be it only what was said last time, which nobody enters.
    """

    inputs: list[str]
    moves: list[MoveInWords] | None
    may_have_moved: bool


def changes_in_words(before: Json, after: Json, plain: Json | None) -> ChangesInWords:
    """Two frozen documents compared; ``plain`` are the engine's plain moves, where it has worked them out."""
    names = {one["id"]: one.get("name", one["id"]) for one in [*before["partnerships"], *after["partnerships"]]}
    labels = {pool["id"]: pool.get("label", pool["id"]) for pool in [*before["pools"], *after["pools"]]}
    levels = {one["id"]: one.get("label", one["id"]) for one in [*before.get("levels", []), *after.get("levels", [])]}
    changes = changes_between(comparable(before), comparable(after))
    names |= {who: one.get("group", who) for who, one in _people(before, after).items()}
    entered = [change for change in changes if change.kind != "memory"]
    inputs = [_capital(_in_words(change, names, labels)) + "." for change in entered]
    if plain is None:
        return ChangesInWords(inputs, None, bool(changes))
    comparison = comparison_of(before, after, plain)
    moves = [_move(move, names, labels, levels, explained=comparison.explained) for move in comparison.moves]
    return ChangesInWords(inputs, moves, bool(changes))


def changes_of_one(before: Mapping[str, Any], after: Mapping[str, Any], slug: str) -> list[str]:
    """What changed of one partnership's own inputs between two frozen documents, a sentence each."""
    narrow = [
        {**document, "partnerships": [one for one in document["partnerships"] if one["id"] == slug]}
        for document in (before, after)
    ]
    names = {one["id"]: one.get("name", one["id"]) for document in narrow for one in document["partnerships"]}
    found = changes_between(*(comparable(document) for document in narrow))
    return [_capital(_in_words(change, names, {})) + "." for change in found if change.about == slug]


def _people(*documents: Json) -> dict[str, Json]:
    return {one["who"]: one for document in documents for one in document.get("weights", [])}


def _move(
    move: Move, names: Mapping[str, str], labels: Mapping[str, str], levels: Mapping[str, str], *, explained: bool
) -> MoveInWords:
    what = _what(move, levels)
    return MoveInWords(move.id, names.get(move.id, move.id), what, _why(move, names, labels, explained=explained))


def _what(move: Move, levels: Mapping[str, str]) -> str:
    """What became of a recommendation: of the advised level, else of its label, else of the best level alone."""
    before, after = move.before, move.after
    if before is None or after is None:
        one = after or before
        assert one is not None  # noqa: S101 - a move has at least one side
        level = levels.get(one.advised, one.advised)
        return f"No longer active; it was at {level}" if after is None else f"New, at {level}"
    if before.advised != after.advised:
        was, became = (levels.get(one.advised, one.advised) for one in (before, after))
        return f"From {was} to {became}"
    if before.label != after.label:
        return f"“{LABEL_WORDS[after.label]}” instead of “{LABEL_WORDS[before.label]}”, at the same level"
    was, became = (levels.get(one.level, one.level) for one in (before, after))
    return f"Advised as before; by the numbers alone the best level went from {was} to {became}"


def _why(move: Move, names: Mapping[str, str], labels: Mapping[str, str], *, explained: bool) -> str:
    because = [_in_words(change, names, labels) for change in move.because]
    if not because and not explained:
        return "Levels, objectives, ways or pools were added or removed, so no single reason can be given."
    if not because:
        return "Several changes moved it together; none did so alone."
    if move.alone:
        return f"Because {because[0]}." if len(because) == 1 else f"Each of these alone moves it: {'; '.join(because)}."
    if len(because) == 1:
        return f"Only because {because[0]}: otherwise it would not have moved."
    return f"It would not have moved without each of these: {'; '.join(because)}."


def _in_words(change: Change, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    if change.about == MANY:
        return ABOUT_MANY[change.kind].format(count=change.after)
    if change.kind == "pool":
        return _pool(change, in_sentence(labels[change.about]))
    if change.kind == "structure":
        return ABOUT_STRUCTURE[change.about]
    if change.kind == "rules":
        return _rules(change)
    if not change.about:
        return ABOUT_ALL[change.kind]
    name = names[change.about]
    if change.kind == "weights":
        done = "were given" if change.before is None else "no longer count" if change.after is None else "changed"
        return f"the weights of {name} {done}"
    if change.kind == "harm_reviewed":
        return ABOUT_ONE[change.kind].format(
            name=name, done="was reviewed" if change.after else "has to be reviewed anew"
        )
    if change.kind == "readiness":
        return _readiness(change, name)
    if change.kind == "at_least":
        done = "is new" if change.before is None else "was lifted" if change.after is None else "changed"
        return f"the duty of {name} {done}"
    return ABOUT_ONE[change.kind].format(name=name)


def _rules(change: Change) -> str:
    """How many rules came and how many went; one that was changed did both."""
    before, after = (
        [json.dumps(rule, sort_keys=True) for rule in rules or []] for rules in (change.before, change.after)
    )
    came, went = (
        sum((Counter(some) - Counter(others)).values()) for some, others in ((after, before), (before, after))
    )
    if came and went:
        return f"rules between partnerships changed: {count_of(came, 'rule')} came and {count_of(went, 'rule')} went"
    new, gone = (
        f"{count_of(came, 'rule')} between partnerships came",
        f"{count_of(went, 'rule')} between partnerships went",
    )
    return new if came else gone


def _pool(change: Change, label: str) -> str:
    parts = []
    if change.before["days"] != change.after["days"]:
        parts.append(
            f"{label} days went from {number(change.before['days'])} to {number(change.after['days'])} a quarter"
        )
    before, after = (100 * one.get("reserve", 0) for one in (change.before, change.after))
    if before != after:
        parts.append(f"the reserve of {label} days went from {number(before)}% to {number(after)}%")
    for key, words in (("set_aside", "set aside for something else"), ("freed", "freed from something else")):
        before, after = (one.get(key, 0) for one in (change.before, change.after))
        if before != after:
            parts.append(f"{label} days {words} went from {number(before)} to {number(after)} a quarter")
    return listing(parts)


def _readiness(change: Change, name: str) -> str:
    before, after = (one.get("mean") if isinstance(one, dict) else None for one in (change.before, change.after))
    if before is None or after is None:
        return f"{name} was surveyed" if change.after else f"the survey of {name} no longer counts"
    return f"the readiness of {name} went from {100 * before:.0f}% to {100 * after:.0f}%"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
