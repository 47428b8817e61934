"""How many steps a backtracking matcher takes over a text: what ``re`` does, counted instead of timed.

Only what the project's expressions are made of is known; anything else is an error, so that nothing goes uncounted.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT}
CATEGORIES = {
    kinds.CATEGORY_SPACE: str.isspace,
    kinds.CATEGORY_NOT_SPACE: lambda one: not one.isspace(),
    kinds.CATEGORY_DIGIT: str.isdigit,
    kinds.CATEGORY_NOT_DIGIT: lambda one: not one.isdigit(),
    kinds.CATEGORY_WORD: lambda one: one.isalnum() or one == "_",
    kinds.CATEGORY_NOT_WORD: lambda one: not (one.isalnum() or one == "_"),
}
OF_CATEGORY = {kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_WORD: "a"}
MOST_CHARACTERS = 8
MOST_STEPS = 200_000  # over texts of a few dozen characters; what takes more doubles its work with each of them
SELDOM = "\x01"  # what no expression waits for: it makes a match fail at the very end


class EndlessError(Exception):
    """An expression takes more steps over a short text than anybody would wait for."""


class Counter:
    """``steps`` of searching with one expression."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        text = pattern.decode() if isinstance(pattern, bytes) else pattern
        self.ignores_case = bool(flags & re.IGNORECASE)
        self.tree = list(parser.parse(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags))
        self.steps = 0

    def search(self, text: str, *, only_at_the_start: bool = False) -> int:
        """The steps that it takes to look for a match in ``text``, from each place until there is one."""
        self.steps, self.text = 0, text.lower() if self.ignores_case else text
        for start in range(1 if only_at_the_start else len(text) + 1):
            if next(self._all(self.tree, 0, start), None) is not None:
                break
        return self.steps

    def _all(self, nodes: Any, place: int, at: int) -> Iterator[int]:
        if place == len(nodes):
            yield at
            return
        for end in self._one(nodes[place], at):
            yield from self._all(nodes, place + 1, end)

    def _one(self, node: tuple[Any, Any], at: int) -> Iterator[int]:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise EndlessError
        kind, what = node
        if kind in REPEATS:
            least, most, part = what
            yield from self._repeat(kind is kinds.MAX_REPEAT, least, most, list(part), at)
        elif kind is kinds.SUBPATTERN:
            yield from self._all(list(what[3]), 0, at)
        elif kind is kinds.BRANCH:
            for part in what[1]:
                yield from self._all(list(part), 0, at)
        elif kind is kinds.AT:
            if self._is_at(what, at):
                yield at
        elif at < len(self.text) and self._is_one_of(kind, what, self.text[at]):
            yield at + 1

    def _repeat(self, greedy: bool, least: int, most: int, part: list[Any], at: int) -> Iterator[int]:
        if not greedy and least <= 0:
            yield at
        if most > 0:
            for end in self._all(part, 0, at):
                if end > at:
                    yield from self._repeat(greedy, least - 1, most - 1, part, end)
        if greedy and least <= 0:
            yield at

    def _is_at(self, what: Any, at: int) -> bool:
        if what in {kinds.AT_BEGINNING, kinds.AT_BEGINNING_STRING}:
            return at == 0
        if what in {kinds.AT_END, kinds.AT_END_STRING}:
            return at == len(self.text)
        if what is kinds.AT_BOUNDARY:
            sides = [0 <= one < len(self.text) and self.text[one].isalnum() for one in (at - 1, at)]
            return sides[0] != sides[1]
        raise NotImplementedError(what)

    def _is_one_of(self, kind: Any, what: Any, one: str) -> bool:
        if kind is kinds.LITERAL:
            return one == self._cased(what)
        if kind is kinds.NOT_LITERAL:
            return one != self._cased(what)
        if kind is kinds.ANY:
            return one != "\n"
        if kind is kinds.RANGE:
            return what[0] <= ord(one) <= what[1] or (self.ignores_case and what[0] <= ord(one.upper()) <= what[1])
        if kind is kinds.CATEGORY:
            return bool(CATEGORIES[what](one))
        if kind is kinds.IN:
            negated = what[0][0] is kinds.NEGATE
            return negated != any(self._is_one_of(part[0], part[1], one) for part in what[negated:])
        raise NotImplementedError(kind)

    def _cased(self, code: int) -> str:
        return chr(code).lower() if self.ignores_case else chr(code)

    def hostile(self, size: int) -> Iterator[str]:
        """Texts made to be slow: what the expression begins with, then something it takes, very often, then what it
        does not take.
        """
        begins, so_far = [""], ""
        for place, node in enumerate(self.tree):
            so_far += _shortest([node])
            if place + 1 == len(self.tree) or self.tree[place + 1][0] is not kinds.LITERAL:
                begins.append(so_far)
        characters = sorted(set(_characters(self.tree)))[:MOST_CHARACTERS]
        pumps = [*characters, *begins[1:]]
        for begin, pump in itertools.product(dict.fromkeys(begins), dict.fromkeys(pumps)):
            if pump:
                yield begin + pump * size + SELDOM

    def worst_growth(self, size: int = 8, *, only_at_the_start: bool = False) -> tuple[float, str]:
        """How many times the steps twice as long a text takes at worst, and that text: 2 is linear, 4 quadratic."""
        worst = (0.0, "")
        for texts in zip(*(self.hostile(times * size) for times in (1, 2, 4)), strict=True):
            try:
                few, more, most = (self.search(text, only_at_the_start=only_at_the_start) for text in texts)
            except EndlessError:
                return math.inf, texts[-1]
            if more > few:  # what it takes in any case does not count
                worst = max(worst, ((most - more) / (more - few), texts[-1]))
        return worst


def _shortest(nodes: Any) -> str:
    """Some text that these parts take."""
    text = ""
    for kind, what in nodes:
        if kind in REPEATS:
            text += _shortest(list(what[2])) * max(1, min(what[0], 16))
        elif kind is kinds.SUBPATTERN:
            text += _shortest(what[3])
        elif kind is kinds.BRANCH:
            text += _shortest(what[1][0])
        elif kind is not kinds.AT:
            text += next(iter(_characters([(kind, what)])), "x")
    return text


def _characters(nodes: Any) -> Iterator[str]:
    """Characters of each kind that an expression takes somewhere."""
    for kind, what in nodes:
        if kind is kinds.LITERAL:
            yield chr(what)
        elif kind in {kinds.NOT_LITERAL, kinds.ANY}:
            yield "x"
        elif kind is kinds.RANGE:
            yield chr(what[0])
        elif kind is kinds.CATEGORY:
            yield OF_CATEGORY.get(what, "-")
        elif kind is kinds.IN:
            yield from "x " if what[0][0] is kinds.NEGATE else _characters(what)
        elif kind in REPEATS:
            yield from _characters(what[2])
        elif kind is kinds.SUBPATTERN:
            yield from _characters(what[3])
        elif kind is kinds.BRANCH:
            for part in what[1]:
                yield from _characters(part)
