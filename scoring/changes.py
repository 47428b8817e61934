"""What changed between two runs, in words: which inputs, and which of them moved which recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.engine.comparison import MANY, Change, Move, changes_between, comparable, comparison_of
from scoring.words import in_sentence, listing, number

Json = dict[str, Any]

ABOUT_ALL = {
    "weights": "what people say matters changed",
    "rules": "the rules between partnerships changed",
    "load": "the tipping point changed",
    "cost_of_change": "what changing a level costs was set anew",
    "readiness": "how readiness follows from a survey was set anew",
    "thresholds": "the words for how sure changed",
    "structure": "the levels, objectives, ways or pools themselves changed",
}
ABOUT_ONE = {
    "ratings": "{name} was rated anew",
    "options": "the days of {name} changed",
    "harm": "the harm of leaving {name} changed",
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
    "today": "today’s levels of {count} partnerships changed",
    "added": "{count} partnerships are new",
    "removed": "{count} partnerships are no longer active",
    "pool": "the days of {count} pools changed",
}


@dataclass(frozen=True)
class MoveInWords:
    """A partnership whose best level changed: its name, what happened, and why."""

    id: str
    name: str
    what: str
    why: str


@dataclass(frozen=True)
class ChangesInWords:
    """Every changed input as a sentence, and every move; None where that has not been worked out."""

    inputs: list[str]
    moves: list[MoveInWords] | None


def changes_in_words(before: Json, after: Json, plain: Json | None) -> ChangesInWords:
    """Two frozen documents compared; ``plain`` are the engine's plain moves, where it has worked them out."""
    names = {one["id"]: one.get("name", one["id"]) for one in [*before["partnerships"], *after["partnerships"]]}
    labels = {pool["id"]: pool.get("label", pool["id"]) for pool in [*before["pools"], *after["pools"]]}
    levels = {one["id"]: one.get("label", one["id"]) for one in [*before.get("levels", []), *after.get("levels", [])]}
    changes = changes_between(comparable(before), comparable(after))
    inputs = [_capital(_in_words(change, names, labels)) + "." for change in changes]
    if plain is None:
        return ChangesInWords(inputs, None)
    comparison = comparison_of(before, after, plain)
    moves = [_move(move, names, labels, levels, explained=comparison.explained) for move in comparison.moves]
    return ChangesInWords(inputs, moves)


def _move(
    move: Move, names: Mapping[str, str], labels: Mapping[str, str], levels: Mapping[str, str], *, explained: bool
) -> MoveInWords:
    before, after = (levels.get(level or "", level) for level in (move.before, move.after))
    if before is None:
        what = f"New, at {after}"
    elif after is None:
        what = f"No longer active; it was at {before}"
    else:
        what = f"From {before} to {after}"
    return MoveInWords(move.id, names.get(move.id, move.id), what, _why(move, names, labels, explained=explained))


def _why(move: Move, names: Mapping[str, str], labels: Mapping[str, str], *, explained: bool) -> str:
    because = [_in_words(change, names, labels) for change in move.because]
    if not explained:
        return "The levels, objectives, ways or pools themselves changed, so no single reason can be given."
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
    if not change.about or change.kind == "structure":
        return ABOUT_ALL[change.kind]
    name = names[change.about]
    if change.kind == "readiness":
        return _readiness(change, name)
    if change.kind == "at_least":
        done = "is new" if change.before is None else "was lifted" if change.after is None else "changed"
        return f"the duty of {name} {done}"
    return ABOUT_ONE[change.kind].format(name=name)


def _pool(change: Change, label: str) -> str:
    parts = []
    if change.before["days"] != change.after["days"]:
        parts.append(
            f"{label} days went from {number(change.before['days'])} to {number(change.after['days'])} a quarter"
        )
    before, after = (100 * one.get("reserve", 0) for one in (change.before, change.after))
    if before != after:
        parts.append(f"the reserve of {label} days went from {number(before)}% to {number(after)}%")
    return listing(parts)


def _readiness(change: Change, name: str) -> str:
    before, after = (one.get("mean") if isinstance(one, dict) else None for one in (change.before, change.after))
    if before is None or after is None:
        return f"{name} was surveyed" if change.after else f"the survey of {name} no longer counts"
    return f"the readiness of {name} went from {100 * before:.0f}% to {100 * after:.0f}%"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
