"""What people type on the pages of decisions."""

from decisions.forms.deciding import DecisionForm, MeetingDecisionForm
from decisions.forms.meetings import BeginForm, NotesForm, OrderForm
from decisions.forms.promises import CloseForm, HandOverForm, MoveForm, PromiseForm
from decisions.forms.reviewing import ReviewForm

__all__ = [
    "BeginForm",
    "CloseForm",
    "DecisionForm",
    "HandOverForm",
    "MeetingDecisionForm",
    "MoveForm",
    "NotesForm",
    "OrderForm",
    "PromiseForm",
    "ReviewForm",
]
