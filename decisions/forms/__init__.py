"""What people type on the pages of decisions."""

from decisions.forms.deciding import DecisionForm, MeetingDecisionForm
from decisions.forms.meetings import BeginForm, NotesForm, OrderForm

__all__ = ["BeginForm", "DecisionForm", "MeetingDecisionForm", "NotesForm", "OrderForm"]
