"""The state machines in the documentation are those of the code."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs"


def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("states", FOLDER / "states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["states"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_drawn_from_the_code() -> None:
    assert (FOLDER / "states.md").read_text() == drawing().page(), "draw it again: .venv/bin/python docs/states.py"


TABLE = re.compile(r"^(\w*(?:TRANSITIONS|FOLLOWS)): dict", re.MULTILINE)


def tables() -> dict[str, Any]:
    """Every table of transitions that the code has, by where it stands; one that a later app brings is one of them."""
    root = FOLDER.parent
    return {
        f"{file.relative_to(root)}: {name}": getattr(importlib.import_module(f"{app}.models.{file.stem}"), name)
        for app in ("partnerships", "diagnostics", "scoring", "decisions")
        for file in (root / app / "models").glob("*.py")
        for name in TABLE.findall(file.read_text())
    }


def arrows(text: str) -> set[tuple[str, str]]:
    return {(before, after) for before, after in re.findall(r"(\S+) --> (\S+)", text) if before != "[*]"}


def test_every_transition_of_every_table_is_drawn_and_no_other() -> None:
    machines = drawing().machines()
    drawn = [arrows(part) for part in (FOLDER / "states.md").read_text().split("\n## ")[1:]]
    assert len(drawn) == len(machines) == len(tables()) > 9
    for where, table in tables().items():
        places = [place for place, machine in enumerate(machines) if machine.follows is table]
        assert len(places) == 1, f"{where} is to be drawn once"
        expected = {(str(one.value), str(after.value)) for one in table if one is not None for after in table[one]}
        assert drawn[places[0]] == expected, where


def test_every_state_that_is_stored_or_worked_out_has_a_row_in_its_table() -> None:
    for machine in drawing().machines():
        known = {one for one in machine.follows if one is not None}
        assert known == set(machine.words), machine.title
