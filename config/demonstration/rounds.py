"""The demonstration's survey rounds: asked, answered and closed through the survey's own actions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from config.demonstration.people import invitees
from config.demonstration.reading import PartnershipFacts, Survey
from config.demonstration.survey_answers import draw
from diagnostics.actions import (
    GivenAnswer,
    PersonalLink,
    close_round,
    open_round,
    record_answers,
    record_place,
    start_round,
    submit_response,
)
from diagnostics.links import Respondent, link_hash
from diagnostics.models import Answer, Invitation, ReminderKind, Round
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
        links = open_round(round=round_, by=by)
        _answer(round_, links[: survey.answered], survey, name=f"{facts.slug} {number}")
        if survey.days_ago is None:
            _give_known_links(round_)
        else:
            close_round(round=round_, by=by)
            _move_into_the_past(round_, survey.days_ago)


def _answer(round_: Round, links: list[PersonalLink], survey: Survey, *, name: str) -> None:
    drawn = draw(round_.instrument, survey.health, respondents=len(links), name=name)
    for link, answering in zip(links, drawn, strict=True):
        respondent = Respondent.with_secret(link.secret)
        record_place(respondent=respondent, place=answering.place)
        record_answers(
            respondent=respondent,
            answers={item: GivenAnswer(one.value, one.reason) for item, one in answering.answers.items()},
        )
        submit_response(respondent=respondent)


def _give_known_links(round_: Round) -> None:
    """Give those who have not answered links that can be worked out again.

    A real link is random and shown once. The demonstration prints one at every start, also after somebody has begun to
    answer with it, so these follow from the secret key of the machine.
    """
    for invitation in round_.invitations.waiting():
        invitation.link_hash = link_hash(known_secret(invitation))
        invitation.save(update_fields=["link_hash"])


def known_secret(invitation: Invitation) -> str:
    """The secret of a demonstration link."""
    return salted_hmac("config.demonstration.rounds", f"{invitation.pk}", algorithm="sha256").hexdigest()


def _move_into_the_past(round_: Round, days_ago: int) -> None:
    """Date a round and its answers as if it had closed ``days_ago`` days ago. No page can do this."""
    closed_at = timezone.now() - datetime.timedelta(days=days_ago)
    opened_at = closed_at - datetime.timedelta(days=DAYS_OPEN)
    Round.objects.filter(pk=round_.pk).update(
        created_at=opened_at,
        opened_at=opened_at,
        opens_on=timezone.localdate(opened_at),
        closed_at=closed_at,
        closes_on=timezone.localdate(closed_at),
    )
    earlier = datetime.timedelta(days=days_ago)
    round_.responses.update(started_on=F("started_on") - earlier, submitted_on=F("submitted_on") - earlier)
    # By key rather than by a join: in one long transaction the planner has no counts to choose a join by.
    responses = list(round_.responses.values_list("pk", flat=True))
    Answer.objects.filter(response__in=responses).update(answered_on=F("answered_on") - earlier)
