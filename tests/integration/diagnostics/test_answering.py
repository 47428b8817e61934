"""What a respondent's deeds keep, refuse and never lose; and what the database cannot tell."""

from __future__ import annotations

import datetime
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostics.access import LinkRefusedError, Refusal, respondent_with
from diagnostics.actions import (
    GivenAnswer,
    close_round,
    issue_link,
    record_answers,
    record_place,
    submit_response,
    withdraw_response,
)
from diagnostics.completion import mark_those_who_answered, sent_in_now
from diagnostics.keys import keys_of
from diagnostics.links import Link, Respondent
from diagnostics.models import Answer, Invitation, Reminder, Response, Round
from diagnostics.progress import AnswersSoFar
from partnerships.isolation import acting_on_response
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, the_answer, the_response
from tests.integration.diagnostics.survey_data import ITEMS, answer, opened


def test_answers_are_kept_and_changed_and_each_item_has_one(setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2, " It is vague "), "PUR2": GivenAnswer(None)})
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4, "It is vague")})
    kept = {one.item: (one.value, one.reason) for one in every_answer()}
    # A reason belongs to a low answer and goes with it.
    assert kept == {"PUR1": (4, ""), "PUR2": (None, "")}
    assert len(every_response()) == 1


def test_a_late_copy_is_kept_out_unless_somebody_went_there_and_back_since(setting: Setting) -> None:
    """What is left (docs/adr/0033): the page was at 4, sent 2, and sent it again as no answer came; one arrived, its
    writer went back to 4, and then the other copy came. What its page had shown, 4, is what stands. Where they went
    anywhere else, it does not, and the copy changes nothing.
    """
    _, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)

    def send(value: int, over: tuple[()] | tuple[int, str]) -> dict[str, Any]:
        return record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(value, shown=over)})

    send(4, ())
    assert send(2, (4, "")) == {}
    assert send(5, (2, "")) == {}
    assert send(2, (4, "")) == {"PUR1": (5, "")}  # the late copy, where they went on to 5
    assert the_answer().value == 5
    send(4, (5, ""))
    assert send(2, (4, "")) == {}  # the same, where they went back to 4: nothing tells it from a change
    assert the_answer().value == 2


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
    assert every_answer() == []


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
    assert not Invitation.objects.filter(completed=True).exists()  # one alone could be told by the moment
    for deed in (
        lambda: submit_response(respondent=respondent),
        lambda: record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(1)}),
        lambda: record_place(respondent=respondent, place="lead"),
    ):
        with pytest.raises(LinkRefusedError) as refused:
            deed()
        assert refused.value.refusal == Refusal.USED
    assert the_answer().value == 4


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
    assert every_answer() == []


def test_first_answers_are_kept_in_one_statement_or_refused_as_any_other(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    held = [respondent_with(link.secret)[0] for link in links]

    def first(respondent: Respondent) -> dict[str, Any]:
        answers = {"PUR1": GivenAnswer(2, " Vague ", shown=()), "PUR2": GivenAnswer(None, "Unsaid", shown=())}
        return record_answers(respondent=respondent, answers=answers, instrument=made.instrument)

    for respondent in held[:3]:
        record_place(respondent=respondent, place="lead")
    with CaptureQueriesContext(connection) as statements:
        assert first(held[0]) == {}
    assert len(statements) == 1
    assert {one.item: (one.value, one.reason) for one in every_answer()} == {"PUR1": (2, "Vague"), "PUR2": (None, "")}
    submit_response(respondent=held[0])
    assert refusal_of(lambda: first(held[0])) == Refusal.USED
    issue_link(invitation=links[1].invitation, by=setting.lead)
    assert (
        refusal_of(lambda: first(held[1])) == Refusal.UNKNOWN
    )  # told that it was replaced on the pages, as it is read
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Round.objects.filter(pk=made.pk).update(opens_on=yesterday, closes_on=yesterday)
    assert refusal_of(lambda: first(held[2])) == Refusal.EXPIRED
    assert len(every_answer()) == 2
    close_round(round=made, by=setting.lead)
    assert refusal_of(lambda: first(held[2])) == Refusal.CLOSED


def test_with_a_new_link_one_begins_anew_and_reads_nothing_of_what_was_begun(setting: Setting) -> None:
    """Whoever makes a new link can open it, and is not to see what its person began."""
    made, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(4)})
    fresh = issue_link(invitation=links[0].invitation, by=setting.lead)
    assert refusal_of(lambda: submit_response(respondent=respondent)) == Refusal.UNKNOWN
    again, found = respondent_with(fresh.secret)
    with acting_on_response(again.response_key):
        assert not AnswersSoFar.of(again, found).has_begun
    for link in (fresh, *links[1:5]):
        answer(link, 3)
    close_round(round=made, by=setting.lead)
    assert {one.value for one in every_answer()} == {3}
    assert len(every_response()) == 5


def test_who_answered_with_an_earlier_link_does_not_answer_again(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    answer(links[0], 4)
    second, third = ([issue_link(invitation=one.invitation, by=setting.lead) for one in links] for _ in range(2))
    for link in (links[0], second[0]):
        assert refusal_of(partial(respondent_with, link.secret)) in {Refusal.USED, Refusal.REPLACED}
    with pytest.raises(LinkRefusedError) as refused:
        respondent_with(third[0].secret)
    assert (refused.value.refusal, refused.value.link) == (Refusal.USED, None)
    keys = keys_of(made).response_keys_of(Invitation.objects.get(pk=links[0].invitation.pk))
    holder = Respondent(Link.with_secret(third[0].secret), keys[-1], tuple(keys[:-1]))
    answers = {"PUR1": GivenAnswer(1)}
    assert refusal_of(lambda: record_answers(respondent=holder, answers=answers)) == Refusal.USED
    for link in third[1:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5


def test_withdrawing_deletes_every_answer_until_the_survey_closes(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    withdraw_response(respondent=respondent)  # nothing is there yet
    answer(links[0], 4)
    withdraw_response(respondent=respondent)
    assert every_answer() == []
    assert (the_response().submitted_on, the_response().place) == (None, "")
    for link in links[:5]:
        answer(link, 2)
    close_round(round=made, by=setting.lead)
    assert refusal_of(lambda: withdraw_response(respondent=respondent)) == Refusal.CLOSED
    assert len(every_answer()) == 5 * len(ITEMS)


@contextmanager
def as_the_owner_of_the_tables() -> Iterator[Any]:
    """A cursor that sees every row, as whoever has the database does."""
    url = urlsplit(os.environ["MIGRATION_DATABASE_URL"])
    address = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    driver = psycopg2.connect(address)
    try:
        yield driver.cursor()
    finally:
        driver.close()


def every_value(cursor: Any, table: str) -> set[str]:
    """Every value of a table as text, the hidden columns of PostgreSQL included."""
    cursor.execute(f"SELECT ctid, xmin, * FROM {table}")  # noqa: S608  (a table's name of this test)
    return {str(value) for row in cursor.fetchall() for value in row}


@pytest.mark.django_db(transaction=True)
def test_no_value_joins_invitations_to_what_was_answered(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    for link in links[:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    ordinary = {str(made.pk), str(setting.organisation.pk), "True", "False", "None", ""}
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT xmin::text FROM diagnostics_invitation")
        invited_by = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT xmin::text FROM diagnostics_response UNION SELECT xmin::text FROM diagnostics_answer")
        answered_by = {row[0] for row in cursor.fetchall()}
        invitations = every_value(cursor, "diagnostics_invitation") - ordinary
        answered = every_value(cursor, "diagnostics_response") | every_value(cursor, "diagnostics_answer")
    # While the round is open no transaction wrote both; where a row lies in its own table says nothing by itself.
    assert len(answered_by) == 1  # all of it was written once more, right before
    assert not invited_by & answered_by
    # The transaction that marked those who answered wrote the others too.
    assert len(invited_by) == 1
    shared = {value for value in invitations & answered if not value.startswith("(")}
    assert shared - {str(number) for number in range(50)} == set()
    secrets = {link.secret for link in links}
    assert not secrets & (invitations | answered)


@pytest.mark.django_db(transaction=True)
def test_no_order_joins_them_either(setting: Setting) -> None:
    """Which rows are younger, and which lie behind others: nothing of it tells what somebody answered."""
    made, links = opened(setting.participation, setting.lead, 14)

    def as_they_lie() -> list[tuple[str, int]]:
        """The key of each response, with the transaction that wrote it, in the order of the table."""
        with as_the_owner_of_the_tables() as cursor:
            cursor.execute("SELECT key, xmin::text::bigint FROM diagnostics_response ORDER BY ctid")
            return list(cursor.fetchall())

    for link in links[:9]:
        answer(link, 4)
    before = as_they_lie()
    assert mark_those_who_answered(made) == 5
    after = as_they_lie()
    # None of those that were there is older or younger than another, or lies where it would tell.
    assert {key for key, _ in after} == {key for key, _ in before}
    assert len({written for _, written in before}) == 9
    [written] = {written for _, written in after}
    assert [key for key, _ in after] != [key for key, _ in before]
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text::bigint FROM diagnostics_answer")
        assert cursor.fetchall() == [(written,)]
        cursor.execute("SELECT xmin::text::bigint FROM diagnostics_invitation WHERE completed")
        [(marked,)] = set(cursor.fetchall())
    assert marked > written
    # What comes afterwards is of somebody who is not marked, and of those many more than these may have written it.
    for link in links[9:12]:
        answer(link, 1)
    younger = [key for key, when in as_they_lie() if when > written]
    unmarked = made.invitations.filter(completed=False)
    assert (len(younger), len(unmarked)) == (3, 9)
    assert len(sent_in_now(made, unmarked)) - len(younger) == 4
    assert mark_those_who_answered(made) == 0


@pytest.mark.django_db
def test_nothing_that_is_kept_of_a_survey_has_a_time_of_day() -> None:
    """Of whom is asked, of what they answered and of who was reminded: a day at most."""
    tables = [model._meta.db_table for model in (Invitation, Response, Answer, Reminder)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = ANY (%s)",
            [tables],
        )
        columns = cursor.fetchall()
    assert {table for table, _, kind in columns if kind == "date"} == set(tables)
    assert [column for column in columns if column[2].startswith(("time", "interval"))] == []


@pytest.mark.django_db(transaction=True)
def test_closing_cuts_the_way_back_from_a_link_to_its_answers(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link in links:
        answer(link, 4)
    keys = {one.key for one in every_response()}
    assert keys_of(made).response_key_of(links[0].invitation) in keys
    rows = {one.pk for one in every_answer()}
    close_round(round=made, by=setting.lead)
    assert not keys & {one.key for one in every_response()}
    assert not rows & {one.pk for one in every_answer()}
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT xmin) FROM (SELECT xmin::text FROM diagnostics_response "
            "UNION ALL SELECT xmin::text FROM diagnostics_answer) AS written (xmin)"
        )
        assert cursor.fetchone() == (7 + 7 * len(ITEMS), 1)


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
@pytest.mark.parametrize("shown", [(), None], ids=["as a page gives them", "over whatever stands"])
def test_two_tabs_at_once_lose_nothing(setting: Setting, shown: tuple[()] | None) -> None:
    made, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_place(respondent=respondent, place="lead")
    told = list[str]()

    def tab(items: tuple[str, ...], value: int) -> Callable[[], Any]:
        def answer_all() -> None:
            for item in items:
                given = {item: GivenAnswer(value, shown=shown)}
                told.extend(record_answers(respondent=respondent, answers=given, instrument=made.instrument))

        return answer_all

    outcomes = at_once(tab(ITEMS[:12], 4), tab(ITEMS[10:], 2), tab(ITEMS[::-1], 3))
    assert Counter(told) == (Counter(ITEMS + ITEMS[10:12]) if shown == () else Counter())
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(every_response()) == 1
    assert len(every_answer()) == len(ITEMS)


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
    assert [one.submitted_on is not None for one in every_response()] == [True] * (12 - len(refused))
    assert len(every_answer()) == len(every_response()) * len(ITEMS)
