"""Pages, forms and exports reach what an organisation owns through that organisation, the first of the two layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from config.whose_rows import OWNED

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("views", "forms", "exports")
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
# Files that begin with all rows of a model that is owned, with why nobody reads another's there.
FROM_ALL = {
    "diagnostics/views/begin.py: OpenLink": "of the survey that a link was exchanged for",
    "diagnostics/views/personal_link.py: OpenLink": "of the survey that a link was exchanged for",
    "diagnostics/views/reply_page.py: PartnerReply": "by the digest of an address, and what is public",
    "diagnostics/views/welcome.py: PartnerReply": "what is public, of the participation that the survey is about",
    "diagnostics/forms/rounds.py: Participation": "none of them: the form is given its own",
    "diagnostics/forms/rounds.py: Round": "without those of any other organisation, as the next function says",
    "partnerships/views/invitation.py: AccessInvitation": "by the digest of a link that was sent",
}


def begun_with_all(tree: ast.AST) -> Iterator[str]:
    """Names of owned models in ``Model.objects``, unless the first that is asked of those is whose they are; and those
    that a shortcut is given whole.
    """
    owned = {model.__name__ for model in apps.get_models() if model._meta.db_table in OWNED}
    above = {below: node for node in ast.walk(tree) for below in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=of, attr="objects" | "_default_manager" | "_base_manager"):
                call = above.get(above[node]) if isinstance(above[node], ast.Attribute) else None
                if _last(of) in owned and not (isinstance(call, ast.Call) and _says_whose(call)):
                    yield _last(of)
            case ast.Call(func=shortcut, args=[of, *_]) if _last(shortcut) in SHORTCUTS and _last(of) in owned:
                yield _last(of)
            case ast.Assign(value=of) if _last(of) in owned:  # under another name
                yield _last(of)


def _last(node: ast.expr) -> str:
    """The name itself, wherever it is looked up; "" of anything else."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _says_whose(call: ast.Call) -> bool:
    return any(one.arg == "organisation" for one in call.keywords) or any(
        ast.unparse(one).rpartition(".")[2] == "organisation" for one in call.args if not isinstance(one, ast.Constant)
    )


def test_what_is_owned_is_reached_through_its_owner() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {model}"
        for part in PARTS
        for file in ROOT.glob(f"*/{part}/**/*.py")
        for model in begun_with_all(ast.parse(file.read_text()))
    }
    assert found == FROM_ALL.keys()


def test_what_it_finds() -> None:
    source = """
Round.objects.all()
Round.objects.filter(pk=1, state="open")
Round.objects.filter(organisation=request.organisation)
CostOfChange.objects.of(organisation)
Organisation.objects.all()
Promise.objects.select_related("participation__organisation")
rows = Decision.objects
get_object_or_404(Promise, pk=pk)
models.Round.objects.get(pk=1)
R = Round
"""
    assert sorted(begun_with_all(ast.parse(source))) == [
        "Decision",
        "Promise",
        "Promise",
        "Round",
        "Round",
        "Round",
        "Round",
    ]
