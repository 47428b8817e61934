"""Every action that is told who does it checks that they may: the second check, behind that of the page.

Pages are walked by ``integration/safety/test_access.py``; what a page forgot to check, and what calls an action from
elsewhere, meets the action's own check.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("partnerships", "diagnostics", "scoring")
# Those that check nothing, and why not.
WITHOUT_A_CHECK = {
    "partnerships/actions/grants.py write_grant": "for actions that have checked, and for a provider's claims",
    "partnerships/actions/invitations.py accept": "whoever has the link and the address accepts for themselves",
    "partnerships/actions/people.py add_person": "for a command at the server",
    "partnerships/actions/register/__init__.py apply_register": "for a command at the server",
    "partnerships/actions/sessions.py end_session": "it ends a session of their own",
    "partnerships/actions/sharing.py withdraw": "for actions that have checked",
}


def functions() -> dict[str, ast.FunctionDef]:
    """Those of the actions and what they call in the same module, by file and name."""
    return {
        f"{file.relative_to(ROOT)} {one.name}": one
        for app in APPS
        for file in sorted((ROOT / app / "actions").rglob("*.py"))
        for one in ast.parse(file.read_text()).body
        if isinstance(one, ast.FunctionDef)
    }


def checks() -> set[str]:
    """The checks that there are, which raise."""
    tree = ast.parse((ROOT / "partnerships" / "access.py").read_text())
    named = {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("check_can")}
    return named | {"check_can_record_successor"}  # who may is a rule of its own


def called(function: ast.FunctionDef) -> set[str]:
    return {
        getattr(one.func, "id", getattr(one.func, "attr", ""))
        for one in ast.walk(function)
        if isinstance(one, ast.Call)
    }


def test_every_action_checks_who_does_it() -> None:
    known, checking = functions(), checks()

    def checked(place: str, on_the_way: frozenset[str] = frozenset()) -> bool:
        """By itself, or by an action or a part of its own file that it calls."""
        names, file = called(known[place]), place.split(" ")[0]
        following = {
            one for one in known if one.split(" ")[1] in names and (one.startswith(f"{file} ") or " _" not in one)
        }
        return bool(names & checking) or any(checked(one, on_the_way | {place}) for one in following - on_the_way)

    told_who = {
        place
        for place, one in known.items()
        if not one.name.startswith("_") and "by" in {argument.arg for argument in one.args.kwonlyargs}
    }
    assert len(checking) > 6
    assert len(told_who) > 40
    assert {place for place in told_who if not checked(place)} == WITHOUT_A_CHECK.keys()
