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
from decisions.actions.promises import (
    Promised,
    close_promise,
    hand_over_promise,
    make_promise,
    move_promise,
    promise_version,
)
from decisions.actions.reviewing import Found, ReviewedMeanwhile, last_review, record_review

__all__ = [
    "DecidedMeanwhile",
    "Found",
    "OutOfDateError",
    "Promised",
    "ReviewedMeanwhile",
    "begin_meeting",
    "close_promise",
    "decide",
    "end_meeting",
    "hand_over_promise",
    "last_review",
    "make_promise",
    "move_promise",
    "note_item",
    "notes_version",
    "promise_version",
    "put_on_agenda",
    "record_review",
    "reorder_agenda",
    "undo",
]
