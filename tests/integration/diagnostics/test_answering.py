"""What a respondent's deeds keep, refuse and never lose; and what the database cannot tell."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from diagnostics.access import LinkRefusedError, Refusal, respondent_with, round_for
from diagnostics.actions import (
    GivenAnswer,
    close_round,
    issue_link,
    record_answers,
    record_place,
    submit_response,
)
from diagnostics.models import Answer, Invitation, Response, Round
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import ITEMS, answer, opened


def test_answers_are_kept_and_changed_and_each_item_has_one(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2, " It is vague "), "PUR2": GivenAnswer(None)})
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4, "It is vague")})
    kept = {one.item: (one.value, one.reason) for one in Answer.objects.all()}
    # A reason belongs to a low answer and goes with it.
    assert kept == {"PUR1": (4, ""), "PUR2": (None, "")}
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "item", "message"),
    [
        ({"PUR1": GivenAnswer(6)}, "PUR1", "Choose one of the answers"),
        ({"PUR1": GivenAnswer(0)}, "PUR1", "Choose one of the answers"),
        ({"XXX9": GivenAnswer(3)}, "XXX9", "not part of this survey"),
        ({"PUR2": GivenAnswer(4), "PUR1": GivenAnswer(1, "x" * 501)}, "PUR1", "1 characters too long"),
    ],
)
def test_one_wrong_answer_and_none_is_kept(
    setting: Setting, answers: dict[str, GivenAnswer], item: str, message: str
) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    with pytest.raises(ValidationError) as refused:
        record_answers(respondent=respondent, answers=answers)
    assert message in refused.value.message_dict[item][0]
    assert not Answer.objects.exists()


def test_a_place_of_the_list_or_none(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    with pytest.raises(ValidationError, match="Choose where you work"):
        record_place(respondent=respondent, place="everywhere")
    assert record_place(respondent=respondent, place="board").place == "board"


def test_sending_takes_an_answer_and_happens_once(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    with pytest.raises(ValidationError, match="at least one"):
        submit_response(respondent=respondent)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4)})
    assert submit_response(respondent=respondent).submitted_on == timezone.localdate()
    assert Invitation.objects.filter(completed=True).count() == 1
    for deed in (
        lambda: submit_response(respondent=respondent),
        lambda: record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(1)}),
        lambda: record_place(respondent=respondent, place="lead"),
    ):
        with pytest.raises(LinkRefusedError) as refused:
            deed()
        assert refused.value.refusal == Refusal.USED
    assert Answer.objects.get().value == 4


def refusal_of(deed: Callable[[], Any]) -> Refusal:
    with pytest.raises(LinkRefusedError) as refused:
        deed()
    return refused.value.refusal


def test_each_refusal(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    assert refusal_of(lambda: respondent_with("nonsense")) == Refusal.UNKNOWN
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Round.objects.filter(pk=made.pk).update(opens_on=yesterday, closes_on=yesterday)
    assert refusal_of(lambda: respondent_with(links[0].secret)) == Refusal.EXPIRED
    answers = {"PUR1": GivenAnswer(4)}
    assert refusal_of(lambda: record_answers(respondent=respondent, answers=answers)) == Refusal.EXPIRED
    close_round(round=made, by=setting.lead)
    assert refusal_of(lambda: respondent_with(links[0].secret)) == Refusal.CLOSED
    assert not Answer.objects.exists()


def test_a_replaced_link_cannot_send_what_it_began(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4)})
    fresh = issue_link(invitation=links[0].invitation, by=setting.lead)
    assert refusal_of(lambda: submit_response(respondent=respondent)) == Refusal.UNKNOWN
    answer(fresh, 3)
    close_round(round=made, by=setting.lead)
    assert Response.objects.count() == 1
    assert set(Answer.objects.values_list("value", flat=True)) == {3}


def every_value(table: str) -> set[str]:
    """Every value of a table as text, the hidden columns of PostgreSQL included."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid, xmin, * FROM {table}")  # noqa: S608  (a table's name of this test)
        return {str(value) for row in cursor.fetchall() for value in row}


@pytest.mark.django_db(transaction=True)
def test_no_value_joins_invitations_to_what_was_answered(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link in links[:6]:
        answer(link, 4)
    ordinary = {str(made.pk), str(setting.organisation.pk), "True", "False", "None", ""}
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin FROM diagnostics_invitation")
        invited_by = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT xmin FROM diagnostics_response UNION SELECT xmin FROM diagnostics_answer")
        answered_by = {row[0] for row in cursor.fetchall()}
    # While the round is open no transaction wrote both; where a row lies in its own table says nothing by itself.
    assert not invited_by & answered_by
    invitations = every_value("diagnostics_invitation") - ordinary
    answered = every_value("diagnostics_response") | every_value("diagnostics_answer")
    shared = {value for value in invitations & answered if not value.startswith("(")}
    assert shared - {str(number) for number in range(50)} == set()
    secrets = {link.secret for link in links}
    assert not secrets & (invitations | answered)


@pytest.mark.django_db(transaction=True)
def test_closing_cuts_the_way_back_from_a_link_to_its_answers(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link in links:
        answer(link, 4)
    keys = set(Response.objects.values_list("key", flat=True))
    assert respondent_key(links[0].secret) in keys
    rows = set(Answer.objects.values_list("pk", flat=True))
    close_round(round=made, by=setting.lead)
    assert not keys & set(Response.objects.values_list("key", flat=True))
    assert not rows & set(Answer.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM diagnostics_response")
        assert cursor.fetchone() == (1,)


def respondent_key(secret: str) -> str:
    from diagnostics.links import Respondent

    return Respondent.with_secret(secret).response_key


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run deeds in threads of their own, each with its own connection; what each returned or raised."""
    outcomes: list[Any] = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            outcomes[place] = deed()
        except Exception as problem:
            outcomes[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_lose_nothing(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)

    def tab(items: tuple[str, ...], value: int) -> Callable[[], Any]:
        return lambda: [record_answers(respondent=respondent, answers={item: GivenAnswer(value)}) for item in items]

    outcomes = at_once(tab(ITEMS[:12], 4), tab(ITEMS[10:], 2), tab(ITEMS[::-1], 3))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Response.objects.count() == 1
    assert Answer.objects.count() == len(ITEMS)


@pytest.mark.django_db(transaction=True)
def test_sending_twice_at_once_counts_once(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4)})
    outcomes = at_once(*[lambda: submit_response(respondent=respondent)] * 3)
    sent = [outcome for outcome in outcomes if isinstance(outcome, Response)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, LinkRefusedError)]
    assert (len(sent), len(refused)) == (1, 2)
    assert {one.refusal for one in refused} == {Refusal.USED}


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_while_the_survey_closes_is_whole_or_refused(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    for link in links[:5]:
        answer(link, 4)
    outcomes = at_once(
        *[lambda link=link: answer(link, 2) for link in links[5:]],
        lambda: close_round(round=Round.objects.get(pk=made.pk), by=setting.lead),
    )
    assert isinstance(outcomes[-1], Round)
    refused = [outcome for outcome in outcomes if isinstance(outcome, LinkRefusedError)]
    assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, LinkRefusedError)]
    assert Response.objects.count() == Response.objects.submitted().count() == 12 - len(refused)
    assert Answer.objects.count() == Response.objects.count() * len(ITEMS)


def test_a_response_is_one_rounds_alone(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, found = respondent_with(links[0].secret)
    assert round_for(respondent) == found
