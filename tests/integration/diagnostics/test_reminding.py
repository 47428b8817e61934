"""Reminders reach those who have not answered, once, and nobody else; on a real mail server."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.actions import RoundRefusedError, choose_reminders, close_round, give_more_time, issue_link
from diagnostics.keys import destroy_keys, draw_keys
from diagnostics.models import KINDS_TO_CHOOSE, Invitation, Reminder, Round
from diagnostics.reminded import reminders_of
from diagnostics.reminder_days import next_letters
from diagnostics.reminding import remind
from partnerships.over_all_organisations import ids_of
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.mail_server import MailServer, mail_server, port_where_nobody_listens
from tests.integration.diagnostics.survey_data import answer, closed, draft, opened
from tests.integration.diagnostics.test_rounds import give_away

pytestmark = pytest.mark.django_db

BOTH = list(KINDS_TO_CHOOSE)
MONDAY = datetime.date(2026, 11, 2)
HALFWAY, BEFORE, LAST = (MONDAY + datetime.timedelta(days=number) for number in (8, 14, 16))


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as one:
        settings.EMAIL_BACKEND = one.environment["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
        yield one


def at(day: datetime.date, hour: int = 10) -> Any:
    """A clock that stands still."""
    moment = datetime.datetime.combine(day, datetime.time(hour), tzinfo=datetime.UTC)
    return lambda: moment


def asked(setting: Setting, number: int = 7, **facts: Any) -> tuple[Round, list[Any]]:
    """An open survey from Monday 2 November to Wednesday 18 November, with both reminders unless told otherwise."""
    made, links = opened(setting.participation, setting.lead, number)
    chosen = {"remind_halfway": True, "remind_before_last_day": True}
    Round.objects.filter(pk=made.pk).update(opens_on=MONDAY, closes_on=LAST, **chosen | facts)
    made.refresh_from_db()
    return made, links


def person(number: int) -> str:
    return f"person{number}@partner.example"


def test_who_has_not_answered_is_reminded_and_nobody_else(setting: Setting, server: MailServer) -> None:
    made, links = asked(setting)
    Round.objects.filter(pk=made.pk).update(closes_on=timezone.localdate())
    for link in links[:3]:
        answer(link, 4)
    Round.objects.filter(pk=made.pk).update(closes_on=LAST)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 4
    assert server.reached() == [person(number) for number in (4, 5, 6, 7)]
    body = server.body_to(person(4))
    assert "Dear Person 4," in body
    assert "Westmere Frailty Alliance" in body
    assert "Please answer by Wednesday 18 November 2026" in body
    assert "knows who has taken part" in body
    # Three are too few to hide among, so that nothing tells them from the others: they have their line too.
    assert [(one.sent, one.taken_on) for one in Reminder.objects.all()] == [(True, HALFWAY)] * 7


def test_the_link_in_a_reminder_is_the_one_they_have_and_works(
    setting: Setting, server: MailServer, settings: Any
) -> None:
    settings.SITE_ADDRESS = "http://testserver/"
    made, links = asked(setting)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    [address] = [word for word in server.body_to(person(1)).split() if word.startswith("http://")]
    secrets = {link.invitation.email: link.secret for link in links}
    assert address == f"http://testserver/s/{secrets[person(1)]}/"
    Round.objects.filter(pk=made.pk).update(closes_on=timezone.localdate())
    assert Client().get(address.removeprefix("http://testserver")).status_code == 302


def test_without_the_address_of_the_site_the_letter_refers_to_the_first(setting: Setting, server: MailServer) -> None:
    asked(setting)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    body = " ".join(server.body_to(person(1)).split())
    assert "Please use the personal link that you were given on Monday 2 November 2026." in body


def test_whose_link_leads_nowhere_is_not_reminded_of_it(setting: Setting, server: MailServer) -> None:
    made, links = asked(setting)
    draw_keys(made)  # as where the key was lost
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    issue_link(invitation=links[0].invitation, by=setting.lead)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 1
    destroy_keys(made.organisation_id, made.pk)
    assert remind(setting.organisation, clock=at(BEFORE)) == 0
    assert Reminder.objects.count() == 1


def test_nobody_is_reminded_twice_of_the_same(setting: Setting, server: MailServer) -> None:
    asked(setting)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    for day in (HALFWAY, HALFWAY + datetime.timedelta(days=1), BEFORE - datetime.timedelta(days=3)):
        assert remind(setting.organisation, clock=at(day)) == 0
    assert remind(setting.organisation, clock=at(BEFORE)) == 7
    assert remind(setting.organisation, clock=at(LAST)) == 0
    assert len(server.letters) == 14


def test_before_its_day_and_after_the_last_nobody_is_reminded(setting: Setting, server: MailServer) -> None:
    asked(setting)
    early, late = HALFWAY - datetime.timedelta(days=1), LAST + datetime.timedelta(days=1)
    assert remind(setting.organisation, clock=at(early)) == remind(setting.organisation, clock=at(late)) == 0
    # one that was missed, as while no worker ran, comes later; and two that were missed are one letter
    assert remind(setting.organisation, clock=at(LAST)) == 7
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"before_last_day"}


@pytest.mark.parametrize("clock", [at(HALFWAY, 7), at(HALFWAY, 18), at(HALFWAY + datetime.timedelta(days=4))])
def test_in_quiet_hours_nobody_is_reminded(setting: Setting, server: MailServer, clock: Any) -> None:
    asked(setting)
    assert remind(setting.organisation, clock=clock) == 0
    assert server.letters == []
    assert not Reminder.objects.exists()


def test_what_is_under_way_when_the_quiet_begins_ends_there(setting: Setting, server: MailServer) -> None:
    asked(setting)
    moments = iter([at(HALFWAY, 17)()] * 6 + [at(HALFWAY, 18)()] * 9)
    sent = remind(setting.organisation, clock=lambda: next(moments))
    assert 0 < sent == len(server.letters) < 7
    assert remind(setting.organisation, clock=at(HALFWAY + datetime.timedelta(days=1))) == 7 - sent


@pytest.mark.parametrize("chosen", ["remind_halfway", "remind_before_last_day"])
def test_only_what_was_chosen_is_sent(setting: Setting, server: MailServer, chosen: str) -> None:
    asked(setting, **{"remind_halfway": False, "remind_before_last_day": False} | {chosen: True})
    sent = {name: remind(setting.organisation, clock=at(day)) for name, day in (("halfway", HALFWAY), ("last", BEFORE))}
    assert sent == {"halfway": 7 * (chosen == "remind_halfway"), "last": 7 * (chosen != "remind_halfway")}


def test_closed_being_prepared_or_without_reminders_is_left_alone(setting: Setting, server: MailServer) -> None:
    made, _ = asked(setting)
    close_round(round=made, by=setting.lead)
    other = active_participation(setting.organisation)
    Round.objects.filter(pk=draft(other, setting.lead).pk).update(remind_halfway=True, closes_on=LAST)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert server.letters == []


def test_an_address_that_is_refused_is_marked_and_not_tried_again(setting: Setting, server: MailServer) -> None:
    asked(setting)
    server.refused.add(person(2))
    assert remind(setting.organisation, clock=at(HALFWAY)) == 6
    [marked] = Invitation.objects.exclude(email_failed_on=None)
    assert marked.email == person(2)
    assert not marked.reminders.exists()
    server.refused.clear()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert person(2) not in server.reached()


def test_a_letter_that_is_refused_once_it_was_read_stops_no_other(setting: Setting, server: MailServer) -> None:
    asked(setting)
    server.unwanted = {person(1): "550 5.2.1 mailbox is closed", person(3): "451 4.7.1 try again later"}
    assert remind(setting.organisation, clock=at(HALFWAY)) == 5
    [marked] = Invitation.objects.exclude(email_failed_on=None)
    assert marked.email == person(1)
    assert not marked.reminders.exists()
    server.unwanted.clear()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 1
    assert server.reached() == [person(number) for number in range(2, 8)]


def test_a_mail_server_that_wants_nothing_of_ours_makes_no_address_a_wrong_one(
    setting: Setting, server: MailServer
) -> None:
    asked(setting)
    server.unwanted = {person(number): "554 5.7.1 this sender is blocked" for number in range(1, 8)}
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert not Invitation.objects.exclude(email_failed_on=None).exists()
    server.unwanted.clear()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7


def test_a_mail_server_that_closes_down_ends_the_round_of_letters(setting: Setting, server: MailServer) -> None:
    asked(setting)
    server.unwanted = {person(1): "421 4.3.2 closing down"}
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert not Invitation.objects.exclude(email_failed_on=None).exists()
    server.unwanted.clear()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7


def test_an_address_that_is_put_off_is_tried_again_and_not_marked(setting: Setting, server: MailServer) -> None:
    asked(setting)
    server.put_off.add(person(2))
    assert remind(setting.organisation, clock=at(HALFWAY)) == 6
    assert not Invitation.objects.exclude(email_failed_on=None).exists()
    server.put_off.clear()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 1
    assert len(server.letters) == 7


def who_has_a_line() -> set[tuple[str, bool]]:
    return {(one.invitation.email, one.sent) for one in Reminder.objects.select_related("invitation")}


def of_whom_three_have_answered(setting: Setting) -> None:
    made, links = asked(setting)
    Round.objects.filter(pk=made.pk).update(closes_on=timezone.localdate())
    for link in links[:3]:
        answer(link, 4)
    Round.objects.filter(pk=made.pk).update(closes_on=LAST)


def test_what_is_put_off_tells_nobody_who_has_answered(setting: Setting, server: MailServer) -> None:
    """As by greylisting: no line is left, also none of those who were to have no letter; later all have the same."""
    of_whom_three_have_answered(setting)
    server.put_off |= {person(number) for number in range(1, 8)}
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert who_has_a_line() == set()
    server.put_off.clear()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 4
    assert who_has_a_line() == {(person(number), True) for number in range(1, 8)}
    assert server.reached() == [person(number) for number in (4, 5, 6, 7)]


def test_where_some_are_put_off_so_are_lines_of_those_who_have_answered(setting: Setting, server: MailServer) -> None:
    """Each line has the fate of a letter that chance picks, so that what is left is of the ones and of the others."""
    made, links = asked(setting, 40)
    Round.objects.filter(pk=made.pk).update(closes_on=timezone.localdate())
    for link in links[:30]:
        answer(link, {"PUR1": 4})
    Round.objects.filter(pk=made.pk).update(closes_on=LAST)
    answered = {link.invitation.email for link in links[:30]}
    put_off = [link.invitation.email for link in links[30:35]]
    server.put_off |= set(put_off)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 5
    lines = {email for email, _ in who_has_a_line()}
    assert lines - answered == {link.invitation.email for link in links[35:]}
    assert 0 < len(lines & answered) < 30  # by chance not once in a hundred million times


def test_a_letter_that_may_be_lost_tells_nobody_who_has_answered(
    setting: Setting, server: MailServer, settings: Any
) -> None:
    of_whom_three_have_answered(setting)
    settings.EMAIL_TIMEOUT = 0.5
    server.silent_at.add(person(4))
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    server.answers.set()
    # Of one letter nobody can tell, the last: were there more such lines, those would be of people who have answered.
    assert who_has_a_line() == {(person(4), False), *((person(number), True) for number in range(1, 4))}


def test_a_letter_that_is_not_taken_takes_no_other_line_with_it(setting: Setting, server: MailServer) -> None:
    """The server closes down at the first letter: those before have their lines, as where it had let these through."""
    of_whom_three_have_answered(setting)
    server.unwanted[person(4)] = "421 4.3.2 closing down"
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert who_has_a_line() == {(person(number), True) for number in range(1, 4)}


def test_with_the_mail_server_down_nothing_is_taken_and_all_is_sent_later(
    setting: Setting, server: MailServer, settings: Any
) -> None:
    asked(setting)
    settings.EMAIL_PORT = port_where_nobody_listens()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert not Reminder.objects.exists()
    settings.EMAIL_PORT = server.port
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7


def test_a_connection_lost_in_the_middle_leaves_one_that_nobody_can_tell_of(
    setting: Setting, server: MailServer, settings: Any
) -> None:
    """The letter was given out and no answer came: it may have left, so it is not sent again."""
    asked(setting)
    settings.EMAIL_TIMEOUT = 0.5
    server.silent_at.add(person(3))
    assert remind(setting.organisation, clock=at(HALFWAY)) == 2
    server.answers.set()
    assert remind(setting.organisation, clock=at(HALFWAY)) == 4
    assert server.reached() == [person(number) for number in range(1, 8)]
    assert [one.invitation.email for one in Reminder.objects.filter(sent=False)] == [person(3)]


def test_without_a_way_to_send_nothing_happens(setting: Setting, settings: Any) -> None:
    asked(setting)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert remind(setting.organisation, clock=at(HALFWAY)) == 0
    assert not Reminder.objects.exists()


def test_somebody_asked_in_several_surveys_has_one_letter(setting: Setting, server: MailServer) -> None:
    asked(setting)
    other = Setting(setting.organisation, setting.lead, setting.executive, active_participation(setting.organisation))
    asked(other, 5)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    assert len(server.letters) == 7
    body = server.body_to(person(1))
    assert body.count("by Wednesday 18 November 2026") == 2
    assert "in these 2 partnerships" in body
    assert "in these 2 partnerships" not in server.body_to(person(7))
    assert Reminder.objects.filter(sent=True).count() == 12


def test_a_later_last_day_is_reminded_of_once_more_and_halfway_is_not(setting: Setting, server: MailServer) -> None:
    made, _ = asked(setting)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    assert remind(setting.organisation, clock=at(BEFORE)) == 7
    Round.objects.filter(pk=made.pk).update(closes_on=LAST + datetime.timedelta(days=14))
    assert remind(setting.organisation, clock=at(LAST)) == 0
    assert remind(setting.organisation, clock=at(BEFORE + datetime.timedelta(days=14))) == 7


def test_halfway_comes_once_more_where_there_is_more_time(setting: Setting, server: MailServer) -> None:
    made, _ = asked(setting, remind_before_last_day=False)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    Round.objects.filter(pk=made.pk).update(closes_on=LAST + datetime.timedelta(days=14))
    middle = LAST + datetime.timedelta(days=7)
    assert remind(setting.organisation, clock=at(middle - datetime.timedelta(days=1))) == 0
    assert remind(setting.organisation, clock=at(middle)) == 7
    assert remind(setting.organisation, clock=at(middle + datetime.timedelta(days=1))) == 0
    Round.objects.filter(pk=made.pk).update(closes_on=LAST + datetime.timedelta(days=12))
    assert remind(setting.organisation, clock=at(LAST + datetime.timedelta(days=9))) == 0


AGAIN, MIDDLE, SOON, END = (MONDAY + datetime.timedelta(days=number) for number in (18, 25, 30, 32))


def opened_again(setting: Setting) -> tuple[Round, list[Any]]:
    """The same survey, reminded of halfway, closed with two answers and opened again from Friday 20 November to
    Friday 4 December.
    """
    made, links = asked(setting)
    assert remind(setting.organisation, clock=at(HALFWAY)) == 7
    answered(made, links[:2])
    close_round(round=made, by=setting.lead)
    give_more_time(round=made, closes_on=timezone.localdate() + datetime.timedelta(days=9), by=setting.lead)
    made.refresh_from_db()
    Round.objects.filter(pk=made.pk).update(opened_again_on=AGAIN, closes_on=END)
    made.refresh_from_db()
    return made, links


def answered(made: Round, links: list[Any]) -> None:
    """Whatever day it is."""
    closes_on = Round.objects.get(pk=made.pk).closes_on
    Round.objects.filter(pk=made.pk).update(closes_on=timezone.localdate())
    for link in links:
        answer(link, 4)
    Round.objects.filter(pk=made.pk).update(closes_on=closes_on)


def test_everybody_is_reminded_of_a_survey_that_was_opened_again(
    setting: Setting, server: MailServer, settings: Any
) -> None:
    settings.SITE_ADDRESS = "http://testserver/"
    made, links = opened_again(setting)
    server.letters.clear()
    assert remind(setting.organisation, clock=at(AGAIN)) == 0
    assert remind(setting.organisation, clock=at(MIDDLE, 7)) == remind(setting.organisation, clock=at(MIDDLE, 18)) == 0
    assert remind(setting.organisation, clock=at(MIDDLE)) == 7  # everybody is asked anew
    assert server.reached() == [person(number) for number in range(1, 8)]
    body = " ".join(server.body_to(person(4)).split())
    # It cannot be made again, and works.
    assert "Please use the personal link that you were given on Monday 2 November 2026." in body
    assert "http://testserver/s/" not in body
    assert "Please answer by Friday 4 December 2026" in body
    assert remind(setting.organisation, clock=at(MIDDLE, 16)) == 0
    answered(made, links[3:5])
    assert remind(setting.organisation, clock=at(SOON)) == 5
    assert server.reached() == sorted(
        [*[person(number) for number in range(1, 8)], *[person(number) for number in (1, 2, 3, 6, 7)]]
    )
    assert remind(setting.organisation, clock=at(END)) == 0


def test_a_key_lost_after_it_was_opened_again_stops_reminders_too(setting: Setting, server: MailServer) -> None:
    made, links = opened_again(setting)
    answered(made, links[3:4])
    destroy_keys(made.organisation_id, made.pk)
    assert remind(setting.organisation, clock=at(MIDDLE)) == 0
    assert len(server.letters) == 7


def test_the_page_says_when_people_are_reminded_after_it_was_opened_again(setting: Setting, server: MailServer) -> None:
    made, _ = opened_again(setting)
    Reminder.objects.all().delete()  # as where no worker ran
    today = timezone.localdate()
    Round.objects.filter(pk=made.pk).update(
        opened_again_on=today - datetime.timedelta(days=20), closes_on=today + datetime.timedelta(days=10)
    )
    made.refresh_from_db()
    soon = next_letters(timezone.now())
    assert reminders_of(made).to_come[0] == soon  # halfway has passed
    assert len(reminders_of(made).to_come) == 2
    assert remind(setting.organisation, clock=at(soon)) == 7
    assert soon not in reminders_of(made).to_come
    assert [(one.day, one.sent) for one in reminders_of(made).past] == [(soon, 7)]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_each_letter_once(setting: Setting, server: MailServer) -> None:
    asked(setting, 30)
    sent: list[int] = []

    def work() -> None:
        try:
            sent.append(remind(setting.organisation, clock=at(HALFWAY)))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sum(sent) == 30
    assert server.reached() == sorted(person(number) for number in range(1, 31))


def test_only_organisations_with_something_due_are_looked_at(setting: Setting) -> None:
    made, _ = asked(setting)
    another, lead, executive = organisation_with_people()
    asked(Setting(another, lead, executive, active_participation(another)), remind_halfway=False)
    Round.objects.filter(organisation=another).update(remind_before_last_day=False)

    def looked_at(day: datetime.date) -> list[int]:
        return ids_of("diagnostics_with_reminders_due", day)

    assert looked_at(HALFWAY) == looked_at(LAST) == [setting.organisation.pk]
    assert looked_at(MONDAY) == looked_at(LAST + datetime.timedelta(days=1)) == []
    close_round(round=made, by=setting.lead)
    assert looked_at(HALFWAY) == []


def test_reminders_are_chosen_until_a_survey_is_closed(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    chosen = choose_reminders(round=made, reminders=["halfway"], by=setting.lead)
    assert (chosen.remind_halfway, chosen.remind_before_last_day) == (True, False)
    with pytest.raises(PermissionDenied):
        choose_reminders(round=made, reminders=[], by=setting.executive)
    other = active_participation(setting.organisation)
    with pytest.raises(RoundRefusedError, match="closed"):
        choose_reminders(round=closed(other, setting.lead, [4] * 5), reminders=[], by=setting.lead)


def test_more_time_keeps_what_was_chosen(setting: Setting) -> None:
    made, _ = asked(setting)
    kept = give_more_time(round=made, closes_on=timezone.localdate() + datetime.timedelta(days=9), by=setting.lead)
    assert kept.remind_halfway
    assert kept.remind_before_last_day


def taken(setting: Setting) -> Reminder:
    made, _ = asked(setting)
    one = made.invitations.all()[0]
    return Reminder.objects.create(
        organisation=setting.organisation, invitation=one, kind="halfway", last_day=LAST, taken_on=HALFWAY
    )


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("reminder_kind_is_known", {"kind": "weekly"}),
        ("reminder_by_the_last_day", {"taken_on": LAST + datetime.timedelta(days=1)}),
    ],
)
def test_the_database_keeps_the_rules_of_a_reminder(setting: Setting, constraint: str, facts: dict[str, Any]) -> None:
    one = taken(setting)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reminder.objects.filter(pk=one.pk).update(**facts)


def test_the_database_keeps_each_reminder_once_and_with_its_owner(setting: Setting) -> None:
    one = taken(setting)
    one.pk = None
    with pytest.raises(IntegrityError, match="reminder_once"), transaction.atomic():
        one.save()
    another, *_ = organisation_with_people()
    with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
        give_away(Reminder, another)
