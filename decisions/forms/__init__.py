"""What people type on the pages of decisions."""

from decisions.forms.deciding import DecisionForm, MeetingDecisionForm
from decisions.forms.kind_noes import ChecklistForm, ItemForm, KindNoForm, ReplyForm, TellingForm
from decisions.forms.letters import LetterForm, LetterTemplateForm
from decisions.forms.meetings import BeginForm, NotesForm, OrderForm
from decisions.forms.plan import ActionForm, HowFarForm, OptionForm, PracticeEndForm, PracticeForm
from decisions.forms.promises import CloseForm, HandOverForm, MoveForm, PromiseForm
from decisions.forms.reviewing import ReviewForm

__all__ = [
    "ActionForm",
    "BeginForm",
    "ChecklistForm",
    "CloseForm",
    "DecisionForm",
    "HandOverForm",
    "HowFarForm",
    "ItemForm",
    "KindNoForm",
    "LetterForm",
    "LetterTemplateForm",
    "MeetingDecisionForm",
    "MoveForm",
    "NotesForm",
    "OptionForm",
    "OrderForm",
    "PracticeEndForm",
    "PracticeForm",
    "PromiseForm",
    "ReplyForm",
    "ReviewForm",
    "TellingForm",
]
