"""Writes: one function a deed, keyword-only, atomic, checked, and told who does it."""

from scoring.actions.runs import request_run

__all__ = ["request_run"]
