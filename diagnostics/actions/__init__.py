"""What is done with surveys: keyword-only, atomic, checked, and told who does it (respondents have no name here)."""

from diagnostics.access import LinkRefusedError, Refusal, respondent_with
from diagnostics.actions.addresses import correct_address
from diagnostics.actions.answering import (
    GivenAnswer,
    record_answers,
    record_organisation,
    record_place,
    submit_response,
    withdraw_response,
)
from diagnostics.actions.beginning import begin_with_handed_link
from diagnostics.actions.issuing import (
    KEY_LOST,
    PersonalLink,
    RoundRefusedError,
    hand_out_instead,
    issue_link,
    issue_links,
)
from diagnostics.actions.open_links import offer_open_link, replace_open_link, withdraw_open_link
from diagnostics.actions.opening_day import set_opening_day
from diagnostics.actions.people import change_people
from diagnostics.actions.rounds import (
    choose_reminders,
    close_round,
    discard_round,
    give_more_time,
    open_round,
    open_rounds,
    read_answers_as,
    start_round,
    start_rounds,
)
from diagnostics.actions.starting import start_with_open_link

__all__ = [
    "KEY_LOST",
    "GivenAnswer",
    "LinkRefusedError",
    "PersonalLink",
    "Refusal",
    "RoundRefusedError",
    "begin_with_handed_link",
    "change_people",
    "choose_reminders",
    "close_round",
    "correct_address",
    "discard_round",
    "give_more_time",
    "hand_out_instead",
    "issue_link",
    "issue_links",
    "offer_open_link",
    "open_round",
    "open_rounds",
    "read_answers_as",
    "record_answers",
    "record_organisation",
    "record_place",
    "replace_open_link",
    "respondent_with",
    "set_opening_day",
    "start_round",
    "start_rounds",
    "start_with_open_link",
    "submit_response",
    "withdraw_open_link",
    "withdraw_response",
]
