"""No regular expression of ours takes much longer than its text is long (ReDoS), counted in steps and never timed."""

from __future__ import annotations

import ast
import importlib
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver

from diagnostics.urls import About
from partnerships.imports.register import workbooks
from partnerships.imports.register.cells import FIVE_CHARACTER_CODE
from tests.unit.backtracking import Counter

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring", "decisions", "docker")
# Twice as long a text takes at most this many times the steps: linear is 2, and 4 would be quadratic.
LINEAR = 2.6
FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "template"}
# What takes an expression by another way than ``re``: by position, or by name.
TAKES_AN_EXPRESSION = {"RegexValidator": 0, "RegexField": 0, "_lazy_re_compile": 0, "re_path": 0}
# Names by which a class or a call is given one: converters of addresses, validators, columns of pandas, fields.
NAMES_OF_EXPRESSIONS = {"regex", "pat", "pattern", "regexp"}
# One of these stands in every file that has an expression.
NEEDS = {"re", *TAKES_AN_EXPRESSION, *NAMES_OF_EXPRESSIONS}
# Expressions that are put together: what stands for each.
PUT_TOGETHER: dict[str, list[str | bytes]] = {
    "design/finders.py": [r"@font-face\{font-family:F;[^{}]*\}"],
    # Without the looks to either side, which are one step each.
    "partnerships/named_people.py": [r"Priya\s+Nambiar"],
    "diagnostics/instrument/naming.py": [r"Fernshire\ Care"],
    "diagnostics/urls.py": [About.regex],
    "partnerships/imports/register/workbooks.py": [
        workbooks.USUAL_COLUMN.pattern,
        workbooks.USUAL_ROW_OF_A_CELL.pattern,
    ],
    "partnerships/imports/register/cells.py": [rf"[RT][A-Z0-9]{{2}}|{FIVE_CHARACTER_CODE}"],
}
Found = tuple[str, str | bytes, int, bool]
Names = tuple[set[str], set[str]]
BY_ITS_OWN_NAME: Names = ({"re"}, set())


def ours() -> list[Found]:
    """Where it stands, the expression, its flags, and whether it is only tried at the start of a text."""
    found: list[Found] = []
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            text = file.read_text()
            if not NEEDS.isdisjoint(re.findall(r"\w+", text)):  # most files have none of these names, migrations too
                found += _in_file(str(file.relative_to(ROOT)), ast.parse(text))
    return found


def _in_file(place: str, tree: ast.AST) -> Iterator[Found]:
    """Expressions in every form: given to ``re``, to a validator, a field or an address, or kept under such a name."""
    names = _names_of_re(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_of_re(names, node):
            only_at_the_start = (_uses(tree, node) or {_called(node)}) <= {"match", "fullmatch"}
            flags = int(re.IGNORECASE) if "IGNORECASE" in ast.unparse(node) else 0
            for one in _texts(place, node.args[0]):
                yield place, one, flags, only_at_the_start
        elif isinstance(node, ast.Call):
            where = TAKES_AN_EXPRESSION.get(_called(node))
            given = [one.value for one in node.keywords if one.arg in NAMES_OF_EXPRESSIONS]
            for value in [*given, *(node.args[where : where + 1] if where is not None else [])]:
                yield from ((place, text, 0, False) for text in _texts(place, value))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(one, "id", getattr(one, "attr", "")) in NAMES_OF_EXPRESSIONS for one in targets):
                yield from ((place, text, 0, False) for text in _texts(place, node.value))


def _called(call: ast.Call) -> str:
    """The last part of the name by which something is called."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _names_of_re(tree: ast.AST) -> Names:
    """Under which names a file imports the module ``re``, and which its functions; read once, not for every call."""
    modules, functions = {"re"}, set[str]()
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            modules |= {alias.asname for alias in one.names if alias.name in {"re", "regex"} and alias.asname}
        elif isinstance(one, ast.ImportFrom) and one.module in {"re", "regex"}:
            functions |= {alias.asname or alias.name for alias in one.names if alias.name in FUNCTIONS}
    return modules, functions


def _is_of_re(names: Names, call: ast.Call) -> bool:
    """Whether it is a function of ``re``, under whatever name the module or the function was imported."""
    modules, functions = names
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in FUNCTIONS and ast.unparse(call.func.value) in modules
    return isinstance(call.func, ast.Name) and call.func.id in functions


def _texts(place: str, given: ast.expr) -> list[str | bytes]:
    """The expressions that an argument stands for. KeyError for one that is put together and not listed above."""
    if isinstance(given, ast.Constant) and isinstance(given.value, str | bytes):
        return [given.value]
    if isinstance(given, ast.Constant):  # no text, such as ``regex=False``
        return []
    if isinstance(given, ast.Call) and _is_of_re(BY_ITS_OWN_NAME, given):  # found by itself
        return []
    if isinstance(given, ast.Name):
        named = _named(place, given.id)
        if isinstance(named, re.Pattern):  # found where it is compiled
            return []
        if isinstance(named, str):
            return [named]
    return list(PUT_TOGETHER[place])


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


# Read once: every process of a parallel run reads the whole source for them.
OURS, ADDRESSES = ours(), list(addresses())
EXPRESSIONS = list(dict.fromkeys([*OURS, *ADDRESSES]))


def test_they_are_found() -> None:
    assert len(OURS) > 20
    assert len(ADDRESSES) > 60


SLOW = "^(a+)+$"


@pytest.mark.parametrize(
    "code",
    [
        f"re.compile(r'{SLOW}')",
        f"import re as expressions\nexpressions.search(r'{SLOW}', text)",
        f"from re import fullmatch as fits\nfits(r'{SLOW}', text)",
        f"RegexValidator(r'{SLOW}')",
        f"validators.RegexValidator(regex=r'{SLOW}', message='No.')",
        f"forms.RegexField(r'{SLOW}')",
        f"class Kind:\n    regex = r'{SLOW}'",
        f"class Kind:\n    regex: str = r'{SLOW}'",
        f"re_path(r'{SLOW}', page)",
        f"column.str.replace(pat=r'{SLOW}')",
    ],
)
def test_an_expression_is_found_in_every_form(code: str) -> None:
    assert [text for _, text, _, _ in _in_file("a file", ast.parse(code))] == [SLOW]


@pytest.mark.parametrize("found", EXPRESSIONS, ids=lambda found: f"{found[0]} {found[1]!r}"[:80])
def test_twice_the_text_is_about_twice_the_work(found: Found) -> None:
    _, pattern, flags, only_at_the_start = found
    growth, text = Counter(pattern, flags).worst_growth(only_at_the_start=only_at_the_start)
    assert growth < LINEAR, (found, text[:60])


@pytest.mark.parametrize("slow", [r"(a+)+$", r"^\s*x?\s*$", r"<row\s[^>]*r=", r"(?:a|a)*b", r"\s*,\s*$"])
def test_a_slow_one_is_seen(slow: str) -> None:
    growth, _ = Counter(slow).worst_growth(size=3)
    assert growth > LINEAR


def test_one_that_would_take_for_ever_is_seen_at_once() -> None:
    growth, _ = Counter(SLOW).worst_growth()
    assert growth == math.inf


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
