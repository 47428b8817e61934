"""The names of fields that no class of a form says: made as a form is made, or read from what was posted.

``test_other_ids`` puts another organisation's ids into every field that stands on a page; a name that it met nowhere
has to stand here, with what it names instead of something that has an owner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring", "decisions")

NAMES_NOTHING_OWNED = {
    **dict.fromkeys(
        (
            "another",
            "anyway",
            "as_it_is",
            "change",
            "delete",
            "end",
            "far",
            "form",
            "good_rows_only",
            "keep_answers",
            "keep",
            "look",
            "mended",
            "others",
            "points",
            "restore",
            "sort",
            "suggest",
            "tell",
            "again",
            "copy",
        ),
        "that a button was pressed, or a box ticked",
    ),
    **dict.fromkeys(
        ("deed", "do", "answer", "then", "delivery", "same", "state", "mean_over"), "one of a few words of the code"
    ),
    **dict.fromkeys(("notes", "note", "text", "people", "recipient_name", "shared_with"), "words that somebody typed"),
    **dict.fromkeys(
        ("percent", "open_link_for", "reminders", "weight-#", "#-#", "up", "down"), "a number or a part of a date"
    ),
    **dict.fromkeys(("from_quarter", "until_quarter", "until_#"), "a date"),
    "draft_version": "the version of what was typed that a page showed, compared with the row of its address",
    "version": "the version that a page showed, compared with the row that its address leads to",
    "means-#": "of the names that the preview found alike, which it looks up among its own: test_import_alike.py",
    "next": "an address, which its own tests send to other sites and organisations",
    "use": "an entry of the public register, which everybody may read",
    "start_from": "a sentence of the service to begin with, by its words",
    "known": "groups of one's own people by what they are called; whose they are comes from the partnership beside it",
    "session": "one of one's own sessions: test_sessions.py tries somebody else's",
    "secret": "links that stand on the page, which are looked for among the survey's own",
    "about": "one of the eight characteristics",
    "same_as": "a statement of the version before",
    "use_it": "whether new surveys ask the version",
    "roles": "what somebody may do",
    "answer-#": "an answer on the survey's scale, to a statement of the instrument",
    "reason-#": "words that somebody typed, about a statement of the instrument",
    "source-#": "how a what-if's level is held, beside a participation of the run that the address leads to",
    "partnership-#": "a level, beside a participation of the run that the address leads to",
}
# Names that are worked out, with the names that pages have for them.
WORKED_OUT = {
    "_box(one)": {"share-#", "people-#"},
    "_box((level.pk, pool.pk), bound)": {"days-#-#-likely"},
    "said.box(one)": {"objective-#"},
    "_box(row.pk, column)": {"row-#-name"},
    "_box(row.pk, 'remove')": {"row-#-remove"},
    "_box(NEW, column)": {"row-#-name"},
    "_claimed(objective.pk)": {"claimed-#"},
    "_box(claim, bound)": {"rating-#-#-likely"},
    "_box(claim, 'evidence')": {"rating-#-#-evidence"},
    "_box(one, subject)": {"partners-#", "ours-#"},
    "_link(one, subject)": {"partners-#-link", "ours-#-link"},
    "one.partnership.slug": {"add"},
    "str(last.pk)": {"undo"},
}
# Loops over names that stand in the module's own constants, each a field of a form's class or a name above.
LOOPS = {"name"}


def made_or_posted() -> set[str]:
    """Names as they stand in the code, with # for what is put into them; the worked-out ones as pages have them."""
    found = set[str]()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                found |= set(_names(node))
    return set().union(*(WORKED_OUT.get(name, {name}) for name in found)) - LOOPS


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Attribute(value=ast.Name(id="self"), attr="fields"), slice=name)]
        ):
            yield _said(name)
        case ast.Call(func=ast.Attribute(value=posted), args=[name, *_]) if _is_posted(posted):
            yield _said(name)
        case ast.Subscript(value=posted, slice=name) if _is_posted(posted):
            yield _said(name)
        case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()], comparators=[posted]) if _is_posted(posted):
            yield _said(name)


def _is_posted(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in {"request.POST", "self.request.POST"}


def _said(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "#" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
