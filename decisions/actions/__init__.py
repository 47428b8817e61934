"""Writes: one function a deed, keyword-only, atomic, checked, and told who does it."""

from decisions.actions.deciding import DecidedMeanwhile, OutOfDateError, decide, undo
from decisions.actions.meetings import (
    begin_meeting,
    end_meeting,
    note_item,
    notes_version,
    put_on_agenda,
    reorder_agenda,
)

__all__ = [
    "DecidedMeanwhile",
    "OutOfDateError",
    "begin_meeting",
    "decide",
    "end_meeting",
    "note_item",
    "notes_version",
    "put_on_agenda",
    "reorder_agenda",
    "undo",
]
