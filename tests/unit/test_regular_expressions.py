"""No regular expression of ours takes much longer than its text is long (ReDoS), counted in steps and never timed."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver

from partnerships.imports.register.cells import FIVE_CHARACTER_CODE
from tests.unit.backtracking import Counter

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring", "docker")
# Twice as long a text takes at most this many times the steps: linear is 2, and 4 would be quadratic.
LINEAR = 2.6
FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
# Expressions that are put together: what stands for each.
PUT_TOGETHER = {
    "design/finders.py": [r"@font-face\{font-family:F;[^{}]*\}"],
    # Without the looks to either side, which are one step each.
    "partnerships/named_people.py": [r"Priya\s+Nambiar"],
    "partnerships/imports/register/cells.py": [rf"[RT][A-Z0-9]{{2}}|{FIVE_CHARACTER_CODE}"],
}
Found = tuple[str, str | bytes, int, bool]


def ours() -> list[Found]:
    """Where it stands, the expression, its flags, and whether it is only tried at the start of a text."""
    found: list[Found] = []
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            place = str(file.relative_to(ROOT))
            found += _in_file(place, ast.parse(file.read_text()))
    return found


def _in_file(place: str, tree: ast.AST) -> Iterator[Found]:
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in FUNCTIONS):
            continue
        if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "re"):
            continue
        only_at_the_start = (_uses(tree, call) or {call.func.attr}) <= {"match", "fullmatch"}
        given = call.args[0]
        if isinstance(given, ast.Constant) and isinstance(given.value, str | bytes):
            flags = int(re.IGNORECASE) if "IGNORECASE" in ast.unparse(call) else 0
            yield place, given.value, flags, only_at_the_start
        elif isinstance(given, ast.Name) and isinstance(named := _named(place, given.id), str):
            yield place, named, 0, only_at_the_start
        else:
            for one in PUT_TOGETHER[place]:
                yield place, one, 0, only_at_the_start


def _uses(tree: ast.AST, compiled: ast.Call) -> set[str]:
    """What is done in this file with an expression that is compiled under a name."""
    names = {
        ast.unparse(target)
        for one in ast.walk(tree)
        if isinstance(one, ast.Assign) and one.value is compiled
        for target in one.targets
    }
    return {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute) and ast.unparse(one.value) in names}


def _named(place: str, name: str) -> Any:
    return getattr(importlib.import_module(place.removesuffix(".py").replace("/", ".")), name, None)


def addresses() -> Iterator[Found]:
    """Those that an address is looked up by."""
    todo = [get_resolver()]
    while todo:
        one: Any = todo.pop()
        todo += getattr(one, "url_patterns", [])
        yield "an address", one.pattern.regex.pattern, 0, True


EXPRESSIONS = list(dict.fromkeys([*ours(), *addresses()]))


def test_they_are_found() -> None:
    assert len(ours()) > 20
    assert len(list(addresses())) > 60


@pytest.mark.parametrize("found", EXPRESSIONS, ids=lambda found: f"{found[0]} {found[1]!r}"[:80])
def test_twice_the_text_is_about_twice_the_work(found: Found) -> None:
    _, pattern, flags, only_at_the_start = found
    growth, text = Counter(pattern, flags).worst_growth(only_at_the_start=only_at_the_start)
    assert growth < LINEAR, (found, text[:60])


@pytest.mark.parametrize("slow", [r"(a+)+$", r"^\s*x?\s*$", r"<row\s[^>]*r=", r"(?:a|a)*b", r"\s*,\s*$"])
def test_a_slow_one_is_seen(slow: str) -> None:
    growth, _ = Counter(slow).worst_growth(size=3)
    assert growth > LINEAR


@pytest.mark.parametrize(
    "quick",
    [
        r"^[a-z]+\s*$",
        r"<row\s[^<>]*r=",
        r"^[^,]*,x",
        r"^\s*Priya\s+Nambiar\s*([,(–-].*)?$",
    ],  # the last: of named people
)
def test_a_quick_one_is_not_taken_for_slow(quick: str) -> None:
    growth, _ = Counter(quick).worst_growth()
    assert growth < LINEAR
