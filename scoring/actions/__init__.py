"""Writes: one function a deed, keyword-only, atomic, checked, and told who does it."""

from scoring.actions.runs import request_run
from scoring.actions.tipping_point import set_tipping_point

__all__ = ["request_run", "set_tipping_point"]
