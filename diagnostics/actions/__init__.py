"""What is done with surveys: keyword-only, atomic, checked, and told who does it (respondents have no name here)."""

from diagnostics.access import LinkRefusedError, Refusal, respondent_with
from diagnostics.actions.answering import GivenAnswer, record_answers, record_place, submit_response
from diagnostics.actions.issuing import PersonalLink, RoundRefusedError, issue_link, issue_links
from diagnostics.actions.rounds import close_round, discard_round, give_more_time, open_round, start_round

__all__ = [
    "GivenAnswer",
    "LinkRefusedError",
    "PersonalLink",
    "Refusal",
    "RoundRefusedError",
    "close_round",
    "discard_round",
    "give_more_time",
    "issue_link",
    "issue_links",
    "open_round",
    "record_answers",
    "record_place",
    "respondent_with",
    "start_round",
    "submit_response",
]
