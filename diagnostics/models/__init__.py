"""The survey's rows.

Invitations say who is asked; responses hold what was answered; no column joins the two. The key of a response follows
from the invitation under a key that is not in the database (``diagnostics.keys``).
"""

from diagnostics.models.answers import LONGEST_REASON, Answer, Standing
from diagnostics.models.earlier_links import EarlierLink
from diagnostics.models.instrument_versions import InstrumentChoice, InstrumentVersion
from diagnostics.models.invitations import Invitation
from diagnostics.models.open_links import MOST_SEATS, OpenLink
from diagnostics.models.reminders import KINDS_TO_CHOOSE, Reminder, ReminderKind
from diagnostics.models.replies import PartnerReply, Progress, ReplyLetter, ReplyLine
from diagnostics.models.responses import Response
from diagnostics.models.rounds import TRANSITIONS, MeanOver, Round, RoundMode, RoundState
from diagnostics.models.subjects import Subject

__all__ = [
    "KINDS_TO_CHOOSE",
    "LONGEST_REASON",
    "MOST_SEATS",
    "TRANSITIONS",
    "Answer",
    "EarlierLink",
    "InstrumentChoice",
    "InstrumentVersion",
    "Invitation",
    "MeanOver",
    "OpenLink",
    "PartnerReply",
    "Progress",
    "Reminder",
    "ReminderKind",
    "ReplyLetter",
    "ReplyLine",
    "Response",
    "Round",
    "RoundMode",
    "RoundState",
    "Standing",
    "Subject",
]
