"""Writes: one function a deed, keyword-only, atomic, checked, and told who does it."""

from scoring.actions.adopting import adopt_what_if
from scoring.actions.explanations import ask_for_explanation
from scoring.actions.runs import request_run
from scoring.actions.tipping_point import set_tipping_point
from scoring.actions.what_ifs import delete_what_if, save_what_if, try_on_newest, try_what_if

__all__ = [
    "adopt_what_if",
    "ask_for_explanation",
    "delete_what_if",
    "request_run",
    "save_what_if",
    "set_tipping_point",
    "try_on_newest",
    "try_what_if",
]
