"""The state machines in the documentation are those of the code."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

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


def test_every_table_of_transitions_is_drawn() -> None:
    """One that a later app brings is drawn too."""
    root = FOLDER.parent
    tables = [
        file.relative_to(root)
        for app in ("partnerships", "diagnostics", "scoring", "decisions")
        for file in (root / app / "models").glob("*.py")
        if "TRANSITIONS: dict" in file.read_text() or "FOLLOWS: dict" in file.read_text()
    ]
    assert len(drawing().machines()) == len(tables), tables
