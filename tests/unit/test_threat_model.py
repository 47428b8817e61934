"""Every row of ``docs/security.md`` names tests that prove it, and each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`([^`]+\.py)::([^`]+)`")


def rows() -> list[list[str]]:
    """The cells of every row of every table, headings left out."""
    lines = [line for line in (ROOT / "docs" / "security.md").read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "asset" and set(row[0]) != {"-"}]


ROWS = rows()


def test_the_model_is_read() -> None:
    assert len(ROWS) > 25
    assert all(len(row) == 5 for row in ROWS), [row for row in ROWS if len(row) != 5]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][:50])
def test_a_row_says_what_threatens_what_holds_and_what_proves_it(row: list[str]) -> None:
    _, threat, holds, _, proof = row
    assert threat
    assert holds
    assert NAMED.findall(proof), f"no test proves: {threat}"
    assert NAMED.sub("", proof).strip() == ""


@pytest.mark.parametrize(("file", "name"), sorted({one for row in ROWS for one in NAMED.findall(row[4])}))
def test_a_named_test_exists(file: str, name: str) -> None:
    tree: ast.Module | ast.ClassDef = ast.parse((ROOT / "tests" / file).read_text())
    *classes, test = name.split("::")
    for wanted in classes:
        [tree] = (one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == wanted)
    assert test.startswith("test_")
    assert test in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
