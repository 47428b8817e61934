"""The demonstration's survey rounds: asked, answered and closed through the survey's own actions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from config.demonstration.people import invitees
from config.demonstration.reading import PartnershipFacts, Survey
from config.demonstration.survey_answers import draw
from diagnostics.actions import (
    GivenAnswer,
    PersonalLink,
    close_round,
    open_round,
    read_answers_as,
    record_answers,
    record_place,
    respondent_with,
    start_round,
    submit_response,
)
from diagnostics.actions.partner_rounds import start_partner_rounds
from diagnostics.actions.replies import publish_reply, reply_to, reply_version, write_line, write_reply
from diagnostics.completion import mark_those_who_answered
from diagnostics.models import MeanOver, PartnerReply, Progress, ReminderKind, Round, RoundMode, Subject
from partnerships.models import Organisation, Participation, Person

DAYS_OPEN = 28
DAYS_LEFT = 90


def run_rounds(
    participation: Participation,
    facts: PartnershipFacts,
    partners: Mapping[str, Organisation],
    *,
    by: Person,
    after: int,
) -> None:
    """Run all rounds of one partnership, the earliest first; ``after`` shifts the names of those asked."""
    employers = [partners[code].name for code in ("DEMO", *facts.members)]
    for number, survey in enumerate(facts.surveys):
        round_ = start_round(
            participation=participation,
            people=invitees(survey.invited, employers=employers, after=after),
            closes_on=timezone.localdate() + datetime.timedelta(days=DAYS_LEFT),
            by=by,
            reminders=ReminderKind.values if survey.days_ago is None else (),
        )
        if MeanOver(survey.mean_over) == MeanOver.ORGANISATIONS:  # another word stops the loading
            round_ = read_answers_as(round=round_, mode=RoundMode.NAMED, by=by, mean_over=MeanOver.ORGANISATIONS)
        links = open_round(round=round_, by=by)
        _answer(round_, links[: survey.answered], survey, name=f"{facts.slug} {number}")
        if survey.days_ago is None:
            mark_those_who_answered(round_)
        else:
            _close_in_the_past(round_, survey.days_ago, by=by)


def run_partner_rounds(
    participation: Participation,
    facts: PartnershipFacts,
    partners: Mapping[str, Organisation],
    *,
    by: Person,
    after: int,
) -> None:
    """Ask partners, and the organisation's own people, how good a partner it is; the earliest first."""
    theirs = [partners[code].name for code in facts.members]
    for number, asked in enumerate(facts.partner_surveys):
        own_after = after + asked.partners.invited
        made = start_partner_rounds(
            asked={
                participation: {
                    Subject.BY_PARTNERS: invitees(asked.partners.invited, employers=theirs, after=after),
                    Subject.BY_US: invitees(
                        asked.ours.invited, employers=[participation.organisation.name], after=own_after
                    ),
                }
            },
            closes_on=timezone.localdate() + datetime.timedelta(days=DAYS_LEFT),
            by=by,
        )
        for round_, survey in zip(made, (asked.partners, asked.ours), strict=True):
            if survey.days_ago is None:
                raise ValueError(f"{facts.slug}: how good a partner it is was asked in the past")
            links = open_round(round=round_, by=by)
            _answer(round_, links[: survey.answered], survey, name=f"{facts.slug} {round_.subject} {number}")
            _close_in_the_past(round_, survey.days_ago, by=by)


def reply_to_partners(participation: Participation, facts: PartnershipFacts, *, by: Person) -> None:
    """Tell partners what was heard from them in their last survey, and what is done about it."""
    if facts.reply is None:
        return
    asked = participation.survey_rounds.filter(subject=Subject.BY_PARTNERS).order_by("-closed_at")[0]
    known: dict[str, Any] = {"round": asked, "by": by}
    for line in facts.reply.lines:
        write_line(
            characteristic=line.characteristic,
            heard=line.heard,
            doing=line.doing,
            progress=Progress(line.progress),
            on_day=None if line.in_days is None else timezone.localdate() + datetime.timedelta(days=line.in_days),
            expected_version=reply_version(reply_to(asked)),
            **known,
        )
    written = reply_version(reply_to(asked))
    write_reply(opening=facts.reply.opening, shows_means=True, expected_version=written, **known)
    publish_reply(tell=False, expected_version=reply_version(reply_to(asked)), **known)
    PartnerReply.objects.filter(round=asked).update(letters_waiting=False)  # nobody invented reads letters


def _answer(round_: Round, links: list[PersonalLink], survey: Survey, *, name: str) -> None:
    drawn = draw(round_.instrument, survey.health, respondents=len(links), name=name)
    for link, answering in zip(links, drawn, strict=True):
        respondent, _ = respondent_with(link.secret)
        record_place(respondent=respondent, place=answering.place)
        record_answers(
            respondent=respondent,
            answers={item: GivenAnswer(one.value, one.reason) for item, one in answering.answers.items()},
        )
        submit_response(respondent=respondent)


def _close_in_the_past(round_: Round, days_ago: int, *, by: Person) -> None:
    """Close a round as if it had been open until ``days_ago`` days ago. No page can do this."""
    closed_at = timezone.now() - datetime.timedelta(days=days_ago)
    opened_at = closed_at - datetime.timedelta(days=DAYS_OPEN)
    days = {"opens_on": timezone.localdate(opened_at), "closes_on": timezone.localdate(closed_at)}
    Round.objects.filter(pk=round_.pk).update(created_at=opened_at, opened_at=opened_at, **days)
    close_round(round=round_, by=by, at=closed_at)
