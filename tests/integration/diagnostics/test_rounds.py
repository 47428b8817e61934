"""Preparing, opening and closing a round."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.actions import (
    GivenAnswer,
    LinkRefusedError,
    Refusal,
    RoundRefusedError,
    close_round,
    discard_round,
    give_more_time,
    issue_link,
    issue_links,
    open_round,
    record_answers,
    respondent_with,
    start_round,
    submit_response,
)
from diagnostics.closing import close_past_their_last_day
from diagnostics.completion import mark_those_who_answered, why_it_stays_closed
from diagnostics.instrument import BY_PARTNERS, BY_US, versions_like
from diagnostics.invitees import Invitee
from diagnostics.keys import destroy_keys
from diagnostics.letters import REMINDER, letter
from diagnostics.models import TRANSITIONS, Answer, InstrumentVersion, Invitation, Response, Round, RoundState, Subject
from diagnostics.questions import NEWEST
from partnerships import recording
from partnerships.isolation import acting_on_response
from partnerships.models import Organisation, Participation, Person
from partnerships.signals import inputs_changed
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_answer, every_response
from tests.integration.diagnostics.survey_data import answer, closed, draft, next_week, opened, people

pytestmark = pytest.mark.django_db

Setting = tuple[Organisation, Person, Person, Participation]


@pytest.fixture
def setting() -> Setting:
    """Leads and executives as this module's tests take them apart."""
    organisation, lead, executive = organisation_with_people()
    return organisation, lead, executive, active_participation(organisation)


def test_a_draft_has_its_people_and_no_links(setting: Setting) -> None:
    organisation, lead, _, participation = setting
    made = draft(participation, lead)
    assert made.state == RoundState.DRAFT
    assert made.organisation == organisation
    assert made.invitations.count() == 7
    assert not made.invitations.exclude(link_hash=None).exists()


def test_fewer_people_than_could_ever_be_shown_are_refused(setting: Setting) -> None:
    _, lead, _, participation = setting
    with pytest.raises(ValidationError, match="at least 5 people"):
        draft(participation, lead, 4)
    assert not Round.objects.exists()


def test_the_same_person_twice_is_refused(setting: Setting) -> None:
    _, lead, _, participation = setting
    twice = [*people(5), Invitee("Again", "PERSON1@partner.example")]
    with pytest.raises(ValidationError, match="twice"):
        start_round(participation=participation, people=twice, closes_on=next_week(), by=lead)


def test_too_many_people_are_refused(setting: Setting) -> None:
    _, lead, _, participation = setting
    with pytest.raises(ValidationError, match="2000 people or fewer"):
        draft(participation, lead, 2001)


def test_a_last_day_in_the_past_is_refused(setting: Setting) -> None:
    _, lead, _, participation = setting
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="today or later"):
        start_round(participation=participation, people=people(), closes_on=yesterday, by=lead)


def test_a_second_survey_of_the_same_partnership_is_refused(setting: Setting) -> None:
    _, lead, _, participation = setting
    draft(participation, lead)
    with pytest.raises(RoundRefusedError, match="already has a survey under way"):
        draft(participation, lead)
    assert Round.objects.count() == 1
    assert Invitation.objects.count() == 7


def test_opening_gives_everybody_a_link_of_their_own_and_keeps_only_hashes(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    assert made.state == RoundState.OPEN
    assert (made.opened_by, made.opens_on) == (lead, timezone.localdate())
    assert len({link.secret for link in links}) == 7
    stored = set(made.invitations.values_list("link_hash", flat=True))
    assert len(stored) == 7
    assert not stored & {link.secret for link in links}
    assert respondent_with(links[0].secret)[1] == made


def test_opening_twice_leaves_the_first_links_working(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    with pytest.raises(RoundRefusedError, match="already open"):
        open_round(round=made, by=lead)
    assert respondent_with(links[0].secret)[1] == made


def test_a_new_link_replaces_the_old_one(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    fresh = issue_link(invitation=links[0].invitation, by=lead)
    assert respondent_with(fresh.secret)[1] == made
    with pytest.raises(LinkRefusedError):
        respondent_with(links[0].secret)
    assert respondent_with(links[1].secret)[1] == made


def test_everybody_can_be_given_the_same_links_again(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2)})
    assert {link.secret for link in issue_links(round=made, by=lead)} == {link.secret for link in links}
    assert submit_response(respondent=respondent).submitted_on is not None


def test_nobody_answers_twice_with_a_second_link(setting: Setting) -> None:
    """Whether somebody has answered is not known at once, so that a new link is no way to find it out either."""
    _, lead, _, participation = setting
    made, links = opened(participation, lead, 12)
    answer(links[0], 4)
    second = issue_link(invitation=links[0].invitation, by=lead)
    with pytest.raises(LinkRefusedError) as refused:
        respondent_with(second.secret)
    assert refused.value.refusal is Refusal.USED
    for link in links[1:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    with pytest.raises(RoundRefusedError, match="already answered"):
        issue_link(invitation=made.invitations.filter(completed=True)[0], by=lead)
    assert len(issue_links(round=made, by=lead)) == 7


def test_closing_keeps_what_was_sent_in_and_nothing_else(setting: Setting) -> None:
    _, lead, _, participation = setting
    made = closed(participation, lead, [3, 4, 5, 4, 2])
    assert made.state == RoundState.CLOSED
    assert made.closed_by == lead
    assert [one.submitted_on is not None for one in every_response()] == [True] * 5
    assert sorted(one.value or 0 for one in every_answer() if one.item == "PUR1") == [2, 3, 4, 4, 5]
    with pytest.raises(RoundRefusedError, match="closed already"):
        close_round(round=made, by=lead)


def test_closing_announces_a_change(setting: Setting, django_capture_on_commit_callbacks: Any) -> None:
    organisation, lead, _, participation = setting
    made, _links = opened(participation, lead)
    heard: list[Any] = []

    def hear(**facts: Any) -> None:
        heard.append((facts["organisation"], facts["by"]))

    inputs_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            close_round(round=made, by=lead)
    finally:
        inputs_changed.disconnect(hear)
    assert heard == [(organisation, lead)]


def test_only_a_draft_can_be_discarded(setting: Setting) -> None:
    _, lead, _, participation = setting
    made = draft(participation, lead)
    discard_round(round=made, by=lead)
    assert not Invitation.objects.exists()
    made, _links = opened(participation, lead)
    with pytest.raises(RoundRefusedError, match="discarded"):
        discard_round(round=made, by=lead)


def test_an_executive_reads_and_does_not_run_surveys(setting: Setting) -> None:
    _, lead, executive, participation = setting
    with pytest.raises(PermissionDenied):
        draft(participation, executive)
    made, links = opened(participation, lead)
    for deed in (open_round, close_round, discard_round, issue_links):
        with pytest.raises(PermissionDenied):
            deed(round=made, by=executive)
    with pytest.raises(PermissionDenied):
        give_more_time(round=made, closes_on=next_week(), by=executive)
    with pytest.raises(PermissionDenied):
        issue_link(invitation=links[0].invitation, by=executive)


def test_every_transition_is_of_the_table(setting: Setting) -> None:
    assert {state: set(following) for state, following in TRANSITIONS.items()} == {
        "draft": {"open"},
        "open": {"closed"},
        "closed": {"open"},
    }


def day_in(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def test_more_time_moves_the_last_day_and_leaves_a_trace(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    Round.objects.filter(pk=made.pk).update(opens_on=day_in(-9), closes_on=day_in(-1))
    with pytest.raises(LinkRefusedError):
        answer(links[0], 4)
    give_more_time(round=made, closes_on=day_in(3), by=lead)
    answer(links[0], 4)
    made.refresh_from_db()
    assert made.closes_on == day_in(3)
    traced = recording.RECORDED[Round].events._default_manager.filter(pgh_obj_id=made.pk)
    assert traced.filter(closes_on=day_in(3), state="open").exists()


def test_a_survey_asks_only_questions_that_there_are(setting: Setting) -> None:
    organisation, lead, _, participation = setting
    other, their_lead, _ = organisation_with_people()
    rows = Round.objects.filter(pk=draft(participation, lead).pk)
    for subject, newest in NEWEST.items():
        for version in versions_like(newest):
            assert rows.update(subject=subject, instrument_version=version) == 1, "name it to the database: 0013"
    known = {"based_on": BY_US, "document": {}, "subject": Subject.BY_US}
    when = {"note": "Why", "published_at": timezone.now()}
    for row in (
        {"organisation": organisation, "version": "own-1", "created_by": lead, "published_by": lead, **when},
        {"organisation": organisation, "version": "own-2", "created_by": lead},  # nobody may be asked a draft
        {"organisation": other, "version": "own-3", "created_by": their_lead, "published_by": their_lead, **when},
    ):
        InstrumentVersion.objects.create(**row, **known)
    assert rows.update(subject=Subject.BY_US, instrument_version="own-1") == 1
    for version in ("own-2", "own-3", BY_PARTNERS, "good-partner-by-us-9", ""):
        with pytest.raises(IntegrityError, match="that this survey could ask"), transaction.atomic():
            rows.update(instrument_version=version)
    with pytest.raises(IntegrityError, match="that this survey could ask"), transaction.atomic():
        rows.update(subject=Subject.BY_PARTNERS)
    kept = {field.name: getattr(rows.get(), field.name) for field in Round._meta.concrete_fields if field.name != "id"}
    rows.delete()
    with pytest.raises(IntegrityError, match="that this survey could ask"), transaction.atomic():
        Round.objects.create(**kept | {"instrument_version": "own-2"})


def test_a_survey_that_closed_with_too_few_answers_opens_again_and_asks_everybody_anew(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    for link in links[:4]:
        answer(link, 1)
    respondent, _ = respondent_with(links[4].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2)})
    close_round(round=made, by=lead)
    assert (made.sent_in, every_answer(), every_response()) == (4, [], [])
    assert not made.invitations.filter(completed=True).exists()
    give_more_time(round=made, closes_on=day_in(3), by=lead)
    for link in links[:4]:  # also who had answered, with the link they have
        answer(link, 4)
    fresh = issue_links(round=made, by=lead)
    assert len(fresh) == 7
    again = {link.invitation: link for link in fresh}
    for link in links[4:]:
        answer(again[link.invitation], 3)
    close_round(round=made, by=lead)
    assert Round.objects.with_progress().get(pk=made.pk).answered == 7
    assert sorted(one.value or 0 for one in every_answer() if one.item == "PUR1") == [3, 3, 3, 4, 4, 4, 4]


def test_a_survey_whose_results_were_shown_stays_closed(setting: Setting) -> None:
    _, lead, _, participation = setting
    made = closed(participation, lead, [4] * 5)
    with pytest.raises(RoundRefusedError, match="worked out from the difference"):
        give_more_time(round=made, closes_on=day_in(3), by=lead)
    with pytest.raises(RoundRefusedError, match="already open or closed"):
        open_round(round=made, by=lead)
    made.refresh_from_db()
    assert (made.state, made.closes_on) == ("closed", next_week())


def test_who_is_asked_anew_is_told_why(setting: Setting) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    anew = "had closed with too few answers, which were deleted unread: everybody is asked again"
    browser = Client()
    assert anew not in browser.get(f"/s/{links[0].secret}/", follow=True).content.decode()
    answer(links[0], 4)
    close_round(round=made, by=lead)
    assert "What was sent in was deleted unread" in Client().get(f"/s/{links[0].secret}/").content.decode()
    give_more_time(round=made, closes_on=day_in(3), by=lead)
    assert anew in Client().get(f"/s/{links[0].secret}/", follow=True).content.decode()
    asked = Invitation.objects.get(pk=links[0].invitation.pk)
    assert anew in " ".join(str(letter(REMINDER, [(asked, "")]).body).split())


@pytest.mark.parametrize("answered", [0, 1, 4])
def test_of_too_few_answers_only_their_number_is_kept(setting: Setting, answered: int) -> None:
    _, lead, _, participation = setting
    made = closed(participation, lead, [4] * answered)
    assert (made.sent_in, every_answer(), every_response()) == (answered, [], [])
    assert not made.invitations.filter(completed=True).exists()
    assert why_it_stays_closed(made) == ""


def test_by_its_date_it_keeps_no_more(setting: Setting) -> None:
    organisation, lead, _, participation = setting
    made, links = opened(participation, lead)
    for link in links[:4]:
        answer(link, 4)
    Round.objects.filter(pk=made.pk).update(opens_on=day_in(-9), closes_on=day_in(-1))
    assert close_past_their_last_day(organisation) == 1
    made.refresh_from_db()
    assert (made.state, made.sent_in, every_response()) == ("closed", 4, [])


def test_what_people_were_told_and_the_setting_since_both_decide_what_is_too_few(
    setting: Setting, settings: Any
) -> None:
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    for link in links[:5]:
        answer(link, 4)
    settings.SURVEY_THRESHOLD = 6
    close_round(round=made, by=lead)
    settings.SURVEY_THRESHOLD = 5
    made.refresh_from_db()
    assert (made.threshold, made.sent_in, made.shows_results, every_response()) == (6, 5, False, [])


def test_a_survey_whose_key_was_lost_opens_again_where_too_few_had_answered(setting: Setting) -> None:
    """Nothing is left of what they said, so nobody counts twice."""
    _, lead, _, participation = setting
    made, links = opened(participation, lead)
    answer(links[0], 4)
    destroy_keys(made.organisation_id, made.pk)
    close_round(round=made, by=lead)
    give_more_time(round=made, closes_on=day_in(3), by=lead)
    for link in issue_links(round=made, by=lead)[:5]:
        answer(link, 2)
    close_round(round=made, by=lead)
    assert made.sent_in == 5


def test_one_that_was_kept_although_the_setting_hides_it_now_stays_closed(setting: Setting, settings: Any) -> None:
    _, lead, _, participation = setting
    made = closed(participation, lead, [4] * 5)
    settings.SURVEY_THRESHOLD = 6
    with pytest.raises(RoundRefusedError, match="What was sent in is kept"):
        give_more_time(round=made, closes_on=day_in(3), by=lead)


def test_no_second_survey_opens_again_beside_another(setting: Setting) -> None:
    _, lead, _, participation = setting
    made = closed(participation, lead, [4] * 2)
    draft(participation, lead)
    with pytest.raises(RoundRefusedError, match="already has a survey under way"):
        give_more_time(round=made, closes_on=day_in(3), by=lead)
    with pytest.raises(ValidationError, match="today or later"):
        give_more_time(round=made, closes_on=day_in(-1), by=lead)


BROKEN_BY = [
    ("round_opened_by_and_at", {"opened_by": None}),
    ("round_opened_by_and_at", {"opens_on": None}),
    ("round_closed_by_only_where_closed", {"state": "open", "closed_at": None, "sent_in": None}),
    ("round_state_says_what_happened", {"state": "draft"}),
    ("round_closes_after_it_opens", {"closes_on": datetime.date(2020, 1, 1)}),
]


@pytest.mark.parametrize(("constraint", "facts"), BROKEN_BY)
def test_the_database_keeps_the_rules_of_a_round(setting: Setting, constraint: str, facts: dict[str, Any]) -> None:
    _, lead, _, participation = setting
    made = closed(participation, lead, [4] * 4)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**facts)


def test_nothing_is_ever_shown_under_five(setting: Setting) -> None:
    _, lead, _, participation = setting
    made = draft(participation, lead)
    with pytest.raises(IntegrityError, match="round_threshold_at_least_five"), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(threshold=4)


def test_the_database_keeps_one_invitation_an_address(setting: Setting) -> None:
    _, lead, _, participation = setting
    made = draft(participation, lead)
    first, second = made.invitations.all()[:2]
    with pytest.raises(IntegrityError, match="invitation_once_a_round"), transaction.atomic():
        Invitation.objects.filter(pk=second.pk).update(email=first.email.upper())
    with pytest.raises(IntegrityError, match="invitation_completed_had_a_link"), transaction.atomic():
        Invitation.objects.filter(pk=second.pk).update(completed=True)


def begun(setting: Setting) -> str:
    """The key of a response that is under way: what the application can change."""
    _, lead, _, participation = setting
    _, links = opened(participation, lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4), "PUR2": GivenAnswer(4)})
    return respondent.response_key


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("answer_1_to_5_or_dont_know", {"value": 6}),
        ("answer_1_to_5_or_dont_know", {"value": 0}),
        ("answer_once_an_item", {"item": "PUR2"}),
        ("answer_reason_is_short", {"reason": "x" * 501}),
    ],
)
def test_the_database_keeps_the_rules_of_an_answer(setting: Setting, constraint: str, facts: dict[str, Any]) -> None:
    own = begun(setting)
    with acting_on_response(own), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Answer.objects.filter(item="PUR1").update(**facts)


def test_a_response_is_not_sent_in_before_it_started(setting: Setting) -> None:
    own = begun(setting)
    refused = pytest.raises(IntegrityError, match="response_submitted_after_it_started")
    with acting_on_response(own), refused, transaction.atomic():
        Response.objects.update(submitted_on=datetime.date(2020, 1, 1))


@pytest.mark.parametrize("model", [Round, Invitation, Response, Answer])
def test_the_database_refuses_a_row_of_another_owner(setting: Setting, model: Any) -> None:
    own = begun(setting)
    another, *_ = organisation_with_people()
    with acting_on_response(own), pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
        give_away(model, another)


def give_away(model: Any, organisation: Organisation) -> None:
    model.objects.update(organisation=organisation)
    connection.check_constraints()
