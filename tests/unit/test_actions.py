"""Every action that is told who does it, or that writes, checks that they may: the second check, behind the page's.

Pages are walked by ``integration/safety/test_access.py``; what a page forgot to check, and what calls an action from
elsewhere, meets the action's own check.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("partnerships", "diagnostics", "scoring", "decisions")
# Those that check nothing, and why not.
AT_THE_SERVER = "for a command at the server"
CHECKED_BEFORE = "for actions that have checked"
OWN_LINK = "whoever has the link answers for themselves, as far as the survey's rules let them"
WITHOUT_A_CHECK = {
    "partnerships/actions/grants.py write_grant": "for actions that have checked, and for a provider's claims",
    "partnerships/actions/invitations.py accept": "whoever has the link and the address accepts for themselves",
    "partnerships/actions/invitations.py accept_with_new_account": "the same for somebody without an account",
    "partnerships/actions/organisations.py give_defaults": "for what sets an organisation up, which has checked",
    "partnerships/actions/organisations.py set_up_organisation": AT_THE_SERVER,
    "partnerships/actions/participations.py move_to_level": "for a decision, which was checked as it was taken",
    "partnerships/actions/people.py add_person": AT_THE_SERVER,
    "partnerships/actions/people.py take_from_whoever_claimed_the_address": "for whoever proved the address",
    "partnerships/actions/provider_sign_in.py admit": "for a provider's proved answer",
    "partnerships/actions/provider_sign_in.py follow_claims": "for a provider's proved answer",
    "partnerships/actions/register/__init__.py apply_register": AT_THE_SERVER,
    "partnerships/actions/register/bulk_rows.py copy_rows": AT_THE_SERVER,
    "partnerships/actions/register/bulk_rows.py insert_rows": AT_THE_SERVER,
    "partnerships/actions/register/bulk_rows.py new_keys": AT_THE_SERVER,
    "partnerships/actions/register/bulk_rows.py rows_with": AT_THE_SERVER,
    "partnerships/actions/register/bulk_rows.py update_rows": AT_THE_SERVER,
    "partnerships/actions/register/memberships.py apply_memberships": AT_THE_SERVER,
    "partnerships/actions/register/organisations.py apply_organisations": AT_THE_SERVER,
    "partnerships/actions/register/organisations.py known_organisations": AT_THE_SERVER,
    "partnerships/actions/register/partnerships.py apply_partnerships": AT_THE_SERVER,
    "partnerships/actions/sessions.py end_session": "it ends a session of their own",
    "partnerships/actions/sessions.py end_sessions": "their own, or for what has checked",
    "partnerships/actions/sessions.py forget_what_is_over": "for signing in, as themselves",
    "partnerships/actions/sessions.py list_session": "for signing in, as themselves",
    "partnerships/actions/sharing.py withdraw": CHECKED_BEFORE,
    "partnerships/actions/sign_in.py reset_sign_in": AT_THE_SERVER,
    "decisions/actions/kind_noes.py begun": CHECKED_BEFORE,
    "diagnostics/actions/answering.py record_answers": OWN_LINK,
    "diagnostics/actions/answering.py record_organisation": OWN_LINK,
    "diagnostics/actions/answering.py record_place": OWN_LINK,
    "diagnostics/actions/answering.py submit_response": OWN_LINK,
    "diagnostics/actions/answering.py withdraw_response": OWN_LINK,
    "diagnostics/actions/answering.py begin_response": CHECKED_BEFORE,
    "diagnostics/actions/beginning.py begin_with_handed_link": OWN_LINK,
    "diagnostics/actions/bounces.py mark_letters_that_came_back": AT_THE_SERVER,
    "diagnostics/actions/people.py invite": CHECKED_BEFORE,
    "diagnostics/actions/starting.py start_with_open_link": OWN_LINK,
}
# What writes a row calls one of these, by itself or by what it calls. Some of the calls only look like it.
WRITES = {
    "bulk_create",
    "bulk_update",
    "copy_expert",
    "create",
    "delete",
    "execute",
    "get_or_create",
    "save",
    "save_checked",
    "set_password",
    "update",
    "update_or_create",
}


def functions() -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """Those of the actions, and what they call in the same module, classes among it, by file and name."""
    return {
        f"{file.relative_to(ROOT)} {one.name}": one
        for app in APPS
        for file in sorted((ROOT / app / "actions").rglob("*.py"))
        for one in ast.parse(file.read_text()).body
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
    }


def checks() -> set[str]:
    """The checks that there are, which raise."""
    tree = ast.parse((ROOT / "partnerships" / "access.py").read_text())
    named = {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("check_can")}
    return named | {"check_can_record_successor"}  # who may is a rule of its own


def called(function: ast.AST) -> set[str]:
    return {
        getattr(one.func, "id", getattr(one.func, "attr", ""))
        for one in ast.walk(function)
        if isinstance(one, ast.Call)
    }


def test_every_action_checks_who_does_it() -> None:
    known, checking = functions(), checks()

    def calls(place: str, wanted: set[str], on_the_way: frozenset[str] = frozenset()) -> bool:
        """By itself, or by an action or a part of its own file that it calls."""
        names, file = called(known[place]), place.split(" ")[0]
        following = {
            one for one in known if one.split(" ")[1] in names and (one.startswith(f"{file} ") or " _" not in one)
        }
        return bool(names & wanted) or any(calls(one, wanted, on_the_way | {place}) for one in following - on_the_way)

    public = {
        place: one for place, one in known.items() if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
    }
    told_who = {place for place, one in public.items() if "by" in {argument.arg for argument in one.args.kwonlyargs}}
    writing = {place for place in public if calls(place, WRITES)}
    assert len(checking) > 6
    assert len(told_who) > 40
    assert len(writing - told_who) > 20
    assert {place for place in told_who | writing if not calls(place, checking)} == WITHOUT_A_CHECK.keys()
