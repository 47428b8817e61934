"""Statements for the database are texts of ours; a value goes beside one and never into it (SQL injection)."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring", "decisions", "docker")
# What takes a statement or a part of one, as Django and the driver call it.
TAKES_SQL = {
    "raw", "execute", "executemany", "extra", "RawSQL", "mogrify", "copy_expert", "callproc", "execute_values", "SQL",
}  # fmt: skip
# Statements that are no text of the code, by how many there are in a file, and why no value of anybody's is in them.
PUT_TOGETHER = {
    "config/made_at_start.py": 4,  # constants of its own
    "config/open_at_start.py": 1,  # a constant of its own
    "config/role_at_start.py": 5,  # constants of its own
    "partnerships/actions/register/bulk_rows.py": 4,  # names of tables and columns, from the models
    "partnerships/over_all_organisations.py": 1,  # the name of one of our functions, and a placeholder a value
    "partnerships/isolation.py": 1,  # Django's own statement, after settings made of digits and hexadecimal digits
    "partnerships/recording.py": 1,  # triggers, which migrations make from the models
}
# Run by developers, on servers of their own; and by whoever sets a deployment up.
LEFT_OUT = ("config/embedded/",)


def put_together(tree: ast.AST) -> list[str]:
    """Statements that are anything but a constant text: with values in them, or from elsewhere."""
    return [
        ast.unparse(call)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in TAKES_SQL
        and any(not isinstance(one, ast.Constant) for one in _statements(call))
    ]


def _statements(call: ast.Call) -> list[ast.expr]:
    """The first argument; for ``extra`` all it is given, which are parts of statements; nothing where it has none."""
    if getattr(call.func, "attr", "") == "extra":
        return [*call.args, *(one.value for one in call.keywords)]
    by_name = [one.value for one in call.keywords if one.arg in {"sql", "query", "raw_query"}]
    return [one for one in (*call.args[:1], *by_name) if not isinstance(one, ast.Starred)]


def test_no_value_stands_in_a_statement() -> None:
    found = Counter[str]()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            place = str(file.relative_to(ROOT))
            if "/migrations/" not in place and not place.startswith(LEFT_OUT):
                found[place] += len(put_together(ast.parse(file.read_text())))
    assert +found == PUT_TOGETHER


@pytest.mark.parametrize(
    "code",
    [
        "cursor.execute(f'SELECT * FROM t WHERE name = {name}')",
        "cursor.execute('SELECT * FROM t WHERE name = %s' % name)",
        "cursor.execute('SELECT * FROM t WHERE name = {}'.format(name))",
        "cursor.execute('SELECT * FROM t WHERE name = ' + name, [])",
        "cursor.execute(statement)",
        "cursor.execute(sql=statement)",
        "Person.objects.raw(f'SELECT {name}')",
        "people.extra(where=[f'name = {name}'])",
        "people.annotate(one=RawSQL(f'{name}', []))",
        "psycopg2.sql.SQL(name)",
    ],
)
def test_a_value_in_a_statement_is_noticed(code: str) -> None:
    assert put_together(ast.parse(code)) != []


def test_a_value_beside_a_statement_is_none() -> None:
    assert put_together(ast.parse("cursor.execute('SELECT * FROM t WHERE name = %s', [name])")) == []
