"""A letter says what holds as it leaves: what it was filled from is looked at again, and held where it changed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from decisions.actions.kind_noes import TEXTS, kind_no_version, write_kind_no
from decisions.actions.letters import Words, send_all_the_same, send_letter
from decisions.actions.promises import Promised, make_promise, move_promise, promise_version
from decisions.letter_facts import changed_since
from decisions.models import Letter, LetterState, Promise, WhyHeld
from decisions.notice import fair_start
from decisions.saying_no import IN_GOOD_TIME, SHORT_NOTICE, first_words
from decisions.sending import send_due
from tests.integration.decisions.kind_no_data import House, be_due, pack, step_down, written
from tests.integration.decisions.test_kind_no_pages import letter_form
from tests.integration.decisions.test_pages import signed_in, words
from tests.integration.diagnostics.mail_server import MailServer

pytestmark = pytest.mark.django_db

BEFORE, AFTER = datetime.timedelta(days=45), datetime.timedelta(days=81)


@pytest.fixture
def client(house: House) -> Client:
    return signed_in(house.lead)


def promise(house: House, **facts: Any) -> Promise:
    today = timezone.localdate()
    given = {"what": "Send the survey data", "made_to": "Asha", "owner": house.lead, "made_on": today, **facts}
    return make_promise(
        participation=house.one, by=house.lead, promised=Promised(**{"due_on": today + BEFORE, **given})
    )


def moved(house: House, promised: Promise) -> str:
    """Its day moves; the new day as a letter says it."""
    day = timezone.localdate() + AFTER
    known: dict[str, Any] = {"promise": promised, "by": house.lead, "reason": "The data come later"}
    move_promise(due_on=day, expected_version=promise_version(promised), **known)
    return f"{day:%-d %B %Y}"


def from_the_template(house: House) -> Letter:
    subject, body = first_words(house.said(), name="Asha Rao", signatory=house.lead)
    return written(house, subject=subject, body=body)


def waiting(house: House) -> Letter:
    letter = from_the_template(house)
    letter = send_letter(participation=house.one, by=house.lead, words=Words.of(letter), without_reason=True)
    be_due(letter)
    return letter


def rewritten(house: House, **texts: str) -> None:
    kind_no = house.current().kind_no
    said = {name: getattr(kind_no, name) for name in TEXTS} | texts
    version = kind_no_version(house.current())
    write_kind_no(participation=house.one, by=house.lead, expected_version=version, texts=said)


def test_a_letter_with_a_promise_that_moved_is_held_until_somebody_says_what_becomes_of_it(
    house: House, client: Client, post: MailServer
) -> None:
    pack(house)
    promised = promise(house)
    letter = waiting(house)
    day = moved(house, promised)
    shown = words(client.get(house.at("letter/")))
    assert "It is held when its time comes" in shown
    assert f"by {day})" in shown
    assert send_due(house.organisation) == 0
    assert post.letters == []
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.FACTS_CHANGED)
    shown = words(client.get(house.at("letter/")))
    assert "Something that it says has changed since it was written." in shown
    assert "Send it as it is" in shown

    send_all_the_same(letter=letter, by=house.lead)
    be_due(letter)
    assert send_due(house.organisation) == 1


def test_sent_as_it_is_it_is_held_again_by_the_next_change(house: House, post: MailServer) -> None:
    pack(house)
    promised = promise(house)
    letter = waiting(house)
    moved(house, promised)
    send_due(house.organisation)
    send_all_the_same(letter=letter, by=house.lead)
    rewritten(house, continues="A call once a year.")
    be_due(letter)
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert letter.state == LetterState.HELD


def test_nothing_is_held_where_nothing_changed(house: House, post: MailServer) -> None:
    pack(house, who_else="The Chamber of Commerce")
    promise(house)
    waiting(house)
    assert send_due(house.organisation) == 1


def test_a_draft_says_which_and_leaves_only_if_that_is_meant(house: House, client: Client) -> None:
    pack(house, who_else="Chamber of Commerce")
    letter = from_the_template(house)
    assert "Send it as it is" not in words(client.get(house.at("letter/")))
    rewritten(house, who_else="Thornwick College")
    shown = words(client.get(house.at("letter/")))
    assert "who else might help: “Thornwick College”, and it was “Chamber of Commerce”" in shown
    with pytest.raises(ValidationError, match="Thornwick College"):
        send_letter(participation=house.one, by=house.lead, words=Words.of(letter), without_reason=True)
    sent = send_letter(
        participation=house.one, by=house.lead, words=Words.of(letter), without_reason=True, as_it_is=True
    )
    assert sent.state == LetterState.WAITING


def test_words_put_right_by_hand_are_no_false_alarm(house: House) -> None:
    pack(house, who_else="Chamber of Commerce")
    promised = promise(house)
    letter = from_the_template(house)
    day = moved(house, promised)
    rewritten(house, who_else="Thornwick College")
    assert len(changed_since(letter)) == 2
    letter.body = f"Dear Asha,\n\nWe will send you the data\nby {day}. Ask Thornwick College."
    assert changed_since(letter) == []


def test_what_is_promised_or_taken_back_after_it_was_written_is_said(house: House) -> None:
    pack(house, stay_in_touch="Our newsletter")
    letter = from_the_template(house)
    promise(house, what="Hand over the list")
    rewritten(house, stay_in_touch="")
    said = [one.in_words for one in changed_since(letter)]
    assert any("a promise: “Hand over the list" in one for one in said)
    assert any("how you stay in touch is not said any more: “Our newsletter”" in one for one in said)


def test_what_changed_while_the_page_was_open_is_noticed(house: House, client: Client) -> None:
    pack(house, who_else="Chamber of Commerce")
    form = letter_form(client, house)
    rewritten(house, who_else="Thornwick College")
    client.post(house.at("letter/"), form)
    assert "Thornwick College" in changed_since(house.letter())[0].in_words


def test_begun_again_and_saved_it_says_the_new_words(house: House, client: Client) -> None:
    pack(house, who_else="Chamber of Commerce")
    client.post(house.at("letter/"), letter_form(client, house))
    rewritten(house, who_else="Thornwick College")
    again = client.post(house.at("letter/"), letter_form(client, house, deed="begin_again"))
    assert "Thornwick College" in words(again)
    assert "Send it as it is" not in words(again)


def test_the_greeting_follows_the_name_where_it_is_the_template_s_own(house: House, client: Client) -> None:
    pack(house)
    client.post(house.at("letter/"), letter_form(client, house, recipient_name="Asha Rao"))
    assert house.letter().body.startswith("Dear Asha Rao,\n")
    client.post(house.at("letter/"), letter_form(client, house, recipient_name="Ben Li"))
    assert house.letter().body.startswith("Dear Ben Li,\n")
    own = house.letter().body.replace("Dear Ben Li,", "Dear friends,")
    client.post(house.at("letter/"), letter_form(client, house, recipient_name="Ben Li", body=own))
    assert house.letter().body.startswith("Dear friends,\n")
    assert "The letter opens with “Dear friends,”, and it is for Ben Li." in words(client.get(house.at("letter/")))


def test_a_smaller_part_says_what_is_left_or_that_is_meant(house: House, client: Client) -> None:
    pack(house, continues="")
    letter = from_the_template(house)
    assert "what we call “Keep in touch”" in letter.body
    assert "This letter does not say what continues." in words(client.get(house.at("letter/")))
    known: dict[str, Any] = {"participation": house.one, "by": house.lead, "words": Words.of(letter)}
    known["without_reason"] = True
    with pytest.raises(ValidationError, match="does not say what continues"):
        send_letter(**known)
    assert send_letter(without_continues=True, **known).state == LetterState.WAITING


def test_a_letter_calls_it_early_only_where_it_is(house: House, client: Client) -> None:
    assert SHORT_NOTICE in first_words(house.said(), name="", signatory=house.lead)[1]
    assert "This is short notice." in words(client.get(house.at("letter/")))
    pack(house)
    step_down(house.one, house.executive, applies_from=timezone.localdate() + datetime.timedelta(days=40))
    assert IN_GOOD_TIME in first_words(house.said(), name="", signatory=house.lead)[1]
    assert "This is short notice." not in words(client.get(house.at("letter/")))


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)),
        (datetime.date(2026, 12, 4), datetime.date(2027, 1, 1)),
        (datetime.date(2026, 12, 5), datetime.date(2027, 4, 1)),
    ],
)
def test_a_fair_notice_is_a_quarter_that_begins_four_weeks_off(day: datetime.date, start: datetime.date) -> None:
    assert fair_start(day) == start


def test_once_the_letter_is_sent_the_page_does_not_say_that_words_go_into_it(
    house: House, client: Client, post: MailServer
) -> None:
    pack(house)
    waiting(house)
    assert "It goes into the letter." in words(client.get(house.at("kind-no/")))
    send_due(house.organisation)
    shown = words(client.get(house.at("kind-no/")))
    assert "It goes into the letter." not in shown
    assert "The letter has been sent and stays as it is." in shown
