"""Who has answered is written down for several people at once, and no key outlives its survey."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from config.settings import CELERY_BEAT_SCHEDULE
from diagnostics.access import LinkRefusedError, Refusal, respondent_with
from diagnostics.actions import (
    GivenAnswer,
    RoundRefusedError,
    close_round,
    give_more_time,
    issue_link,
    issue_links,
    open_round,
    record_answers,
    withdraw_response,
)
from diagnostics.completion import mark_those_who_answered, sent_in_now
from diagnostics.keys import KeyMissingError, destroy_keys, draw_keys, kept_keys, keys_of
from diagnostics.models import Invitation, Response, Round
from diagnostics.tasks import keep_up
from partnerships.isolation import acting_for, acting_for_nobody
from tests.factories import organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, rewrite
from tests.integration.diagnostics.survey_data import ITEMS, answer, closed, draft, next_week, opened


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any) -> None:
    settings.SURVEY_KEYS = str(tmp_path)


def done(made: Round) -> set[str]:
    return set(made.invitations.filter(completed=True).values_list("name", flat=True))


def names(invitations: list[Invitation]) -> set[str]:
    return {one.name for one in invitations}


def test_people_are_marked_five_at_a_time_and_some_are_kept_back(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 16)
    for link in links[:8]:
        answer(link, 4)
    keep_up()
    assert done(made) == set()
    assert Round.objects.with_progress().get(pk=made.pk).answered == 0
    answer(links[8], 4)
    keep_up()
    assert len(done(made)) == 5
    assert done(made) < names([link.invitation for link in links[:9]])
    for link in links[9:13]:
        answer(link, 4)
    keep_up()
    keep_up()
    assert len(done(made)) == Round.objects.with_progress().get(pk=made.pk).answered == 5
    answer(links[13], 4)
    keep_up()
    assert len(done(made)) == 10
    close_round(round=made, by=setting.lead)
    assert done(made) == names([link.invitation for link in links[:14]])


def test_how_many_had_answered_by_yesterday_is_known_in_whole_groups(setting: Setting, settings: Any) -> None:
    """A survey of seven is too small to mark anybody in, and its lead has to know whether there will be results."""
    made, links = opened(setting.participation, setting.lead, 12)
    for link in links[:4]:
        answer(link, 4)
    sent_yesterday()
    assert answered_of(made) == 0
    for link in links[4:7]:
        answer(link, 4)
    assert answered_of(made) == 0, "three of them answered today"
    sent_yesterday()
    assert answered_of(made) == 5
    assert done(made) == set()
    for link in links[7:]:
        answer(link, 4)
    sent_yesterday()
    assert answered_of(made) == 10
    settings.SURVEY_THRESHOLD = 7
    assert answered_of(made) == 7
    Round.objects.filter(pk=made.pk).update(threshold=8)
    assert answered_of(made) == 8


def test_nobody_else_is_told_how_many_and_has_anything_written_once_more(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 8)
    for link in links:
        answer(link, 4)
    sent_yesterday()
    before = {one.pk for one in every_answer()}
    other, _, _ = organisation_with_people()
    for scope in (acting_for_nobody(), acting_for(other)):
        with scope, connection.cursor() as cursor:
            cursor.execute("SELECT diagnostics_sent_before(%s, current_date, 5)", [made.pk])
            assert cursor.fetchone() == (0,)
            Response.objects.shuffle(made)
    assert {one.pk for one in every_answer()} == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT diagnostics_sent_before(%s, current_date + 9, 1)", [made.pk])
        assert cursor.fetchone() == (5,), "neither for a day to come nor in smaller groups"
        cursor.execute("SELECT diagnostics_shuffle(%s)", [made.pk])
        assert cursor.fetchone() == (0,)
    assert not before & {one.pk for one in every_answer()}


def sent_yesterday() -> None:
    yesterday = str(timezone.localdate() - datetime.timedelta(days=1))
    for one in every_response():
        for column in ("started_on", "submitted_on"):
            rewrite(one, column, yesterday)


def answered_of(made: Round) -> int:
    return Round.objects.with_progress().get(pk=made.pk).answered


def test_a_higher_threshold_hides_people_among_more(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 14)
    Round.objects.filter(pk=made.pk).update(threshold=7)
    for link in links[:12]:
        answer(link, 4)
    keep_up()
    assert done(made) == set()
    answer(links[12], 4)
    keep_up()
    assert len(done(made)) == 7


def test_who_has_answered_is_known_at_every_moment_and_written_nowhere(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    answer(links[2], 4)
    assert sent_in_now(made, [link.invitation for link in links]) == {links[2].invitation.pk}
    assert done(made) == set()


@pytest.mark.parametrize(("answered", "marked"), [(6, 6), (5, 5), (4, 0), (1, 0)])
def test_closing_marks_everybody_or_nobody_where_they_are_too_few(setting: Setting, answered: int, marked: int) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link in links[:answered]:
        answer(link, 4)
    close_round(round=made, by=setting.lead)
    assert done(made) == names([link.invitation for link in links[:marked]])


def test_whoever_withdrew_is_unmarked_with_the_next_and_can_answer_anew(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 16)
    respondents = {link.invitation: respondent_with(link.secret)[0] for link in links}
    for link in links[:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    gone = made.invitations.filter(completed=True)[0]
    withdraw_response(respondent=respondents[gone])
    keep_up()
    assert len(done(made)) == 5
    for link in links[9:15]:
        answer(link, 4)
    keep_up()
    assert len(done(made)) == 10
    assert gone.name not in done(made)
    still = {link.invitation.pk for link in links[:15]} - {gone.pk}
    assert sent_in_now(made, [link.invitation for link in links]) == still
    [again] = [link for link in links if link.invitation == gone]
    answer(again, 2)
    assert sum(one.submitted_on is not None for one in every_response()) == 15


def test_whoever_withdrew_after_the_last_batch_is_unmarked_as_it_closes(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    respondents = {link.invitation: respondent_with(link.secret)[0] for link in links[:9]}
    for link in links[:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    gone = made.invitations.filter(completed=True).order_by("pk")[0]
    withdraw_response(respondent=respondents[gone])
    close_round(round=made, by=setting.lead)
    assert (made.sent_in, done(made)) == (8, names([one for one in respondents if one != gone]))


def test_where_too_few_are_left_as_it_closes_nobody_else_is_marked_and_nothing_is_kept(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    respondents = {link.invitation: respondent_with(link.secret)[0] for link in links[:9]}
    for link in links[:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    marked = done(made)
    for respondent in list(respondents.values())[:6]:
        withdraw_response(respondent=respondent)
    close_round(round=made, by=setting.lead)
    assert (made.sent_in, done(made)) == (3, marked)
    assert (every_response(), every_answer()) == ([], [])
    give_more_time(round=made, closes_on=next_week(), by=setting.lead)
    assert done(made) == set()
    fresh = issue_links(round=made, by=setting.lead)
    assert len(fresh) == 12
    for link in fresh[:6]:
        answer(link, 2)
    close_round(round=made, by=setting.lead)
    assert (made.sent_in, len(done(made))) == (6, 6)


@pytest.mark.django_db(transaction=True)
def test_answers_that_are_written_once_more_stay_what_they_are(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    for place, link in enumerate(links[:9]):
        answer(link, 1 + place % 5, "board")
    respondent, _ = respondent_with(links[9].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(1, "Not sent yet")})

    def kept() -> tuple[list[Any], list[Any]]:
        responses = [(one.key, one.place, one.started_on, one.submitted_on) for one in every_response()]
        answers = [(one.response_id, one.item, one.value, one.reason, one.answered_on) for one in every_answer()]
        return sorted(responses, key=str), sorted(answers, key=str)

    before = kept()
    assert mark_those_who_answered(made) == 5
    assert kept() == before
    assert len(before[1]) == 9 * len(ITEMS) + 1


@pytest.mark.django_db(transaction=True)
def test_the_key_is_destroyed_as_the_survey_closes(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    assert keys_of(made)
    close_round(round=made, by=setting.lead)
    with pytest.raises(KeyMissingError):
        keys_of(made)


def test_keys_left_of_closed_and_unknown_surveys_are_destroyed(setting: Setting, settings: Any) -> None:
    """As where the process died between closing and destroying, or the database was set back."""
    over = closed(setting.participation, setting.lead, [4] * 5)
    draw_keys(over)
    unknown = Round(pk=over.pk + 1000, organisation_id=over.organisation_id)
    draw_keys(unknown)
    under_way, _ = opened(setting.participation, setting.lead)
    keep_up()
    # What is not there may be about to come: one transaction can make a survey and open it.
    assert set(kept_keys()) == {(one.organisation_id, one.pk) for one in (under_way, unknown)}
    [file] = Path(settings.SURVEY_KEYS).glob(f"*-{unknown.pk}.key")
    os.utime(file, times=(time.time() - 90_000,) * 2)
    keep_up()
    assert list(kept_keys()) == [(under_way.organisation_id, under_way.pk)]


def test_a_survey_that_opens_while_it_is_looked_at_keeps_its_key(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    open_round(round=made, by=setting.lead)
    keep_up()
    assert keys_of(made)


def test_where_the_key_was_lost_links_end_and_nobody_is_asked_again(setting: Setting) -> None:
    """Whoever has answered is not known, and would count twice."""
    made, links = opened(setting.participation, setting.lead)
    for link in links[:3]:
        answer(link, 4)
    destroy_keys(made.organisation_id, made.pk)
    with pytest.raises(LinkRefusedError) as refused:
        respondent_with(links[0].secret)
    assert refused.value.refusal is Refusal.UNKNOWN
    assert sent_in_now(made, [link.invitation for link in links]) == set()
    keep_up()
    with pytest.raises(RoundRefusedError, match="Close the survey"):
        issue_links(round=made, by=setting.lead)
    with pytest.raises(RoundRefusedError, match="Close the survey"):
        issue_link(invitation=links[5].invitation, by=setting.lead)
    close_round(round=made, by=setting.lead)
    assert Round.objects.with_progress().get(pk=made.pk).answered == 3


def test_a_file_that_is_no_key_stops_no_other_survey(setting: Setting, settings: Any) -> None:
    made, links = opened(setting.participation, setting.lead, 10)
    for number in range(1, 60):  # whichever comes first
        (Path(settings.SURVEY_KEYS) / f"{made.organisation_id}-{made.pk + number}.key").write_bytes(b"noise")
    (Path(settings.SURVEY_KEYS) / "notes.txt").write_text("of somebody")
    for link in links[:9]:
        answer(link, 4)
    keep_up()
    assert len(done(made)) == 5


def test_the_schedule_asks_for_it() -> None:
    assert CELERY_BEAT_SCHEDULE["mark who has answered"]["task"] == keep_up.name
