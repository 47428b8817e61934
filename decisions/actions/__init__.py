"""Writes: one function a deed, keyword-only, atomic, checked, and told who does it."""

from decisions.actions.capacity_options import Considered, consider_option, remove_option
from decisions.actions.deciding import DecidedMeanwhile, OutOfDateError, decide, undo
from decisions.actions.drafts import draft_version, keep_draft
from decisions.actions.meetings import (
    begin_meeting,
    end_meeting,
    note_item,
    notes_version,
    put_on_agenda,
    reorder_agenda,
)
from decisions.actions.plan import Planned, add_action, change_action, move_action, plan_version
from decisions.actions.practices import Proposed, change_practice, close_practice, practice_version, propose_practice
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
    "Considered",
    "DecidedMeanwhile",
    "Found",
    "OutOfDateError",
    "Planned",
    "Promised",
    "Proposed",
    "ReviewedMeanwhile",
    "add_action",
    "begin_meeting",
    "change_action",
    "change_practice",
    "close_practice",
    "close_promise",
    "consider_option",
    "decide",
    "draft_version",
    "end_meeting",
    "hand_over_promise",
    "keep_draft",
    "last_review",
    "make_promise",
    "move_action",
    "move_promise",
    "note_item",
    "notes_version",
    "plan_version",
    "practice_version",
    "promise_version",
    "propose_practice",
    "put_on_agenda",
    "record_review",
    "remove_option",
    "reorder_agenda",
    "undo",
]
