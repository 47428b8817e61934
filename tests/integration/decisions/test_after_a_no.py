"""A no that became a yes: the partner still holds it until somebody tells them, and what they say is still recorded."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import undo
from decisions.actions.kind_noes import record_reply, record_telling
from decisions.actions.letters import begin_correction, drop_draft, send_all_the_same, write_letter
from decisions.models import KindNo, KindOfLetter, Letter, LetterState, ToldOf, WhyHeld
from decisions.saying_no import first_words, to_be_said, told_no_in
from decisions.sending import send_due
from tests.integration.decisions.kind_no_data import (
    ADDRESS,
    House,
    be_due,
    pack,
    sent,
    step_down,
    words,
    written,
)
from tests.integration.decisions.scored import decided
from tests.integration.decisions.test_kind_no_pages import letter_form, offered
from tests.integration.decisions.test_pages import leads_to, signed_in
from tests.integration.decisions.test_pages import words as shown
from tests.integration.diagnostics.mail_server import MailServer

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
STILL_HOLD = "They were told no on {:%-d %B %Y}. Tell them what has changed."


@pytest.fixture
def client(house: House) -> Client:
    return signed_in(house.lead)


def yes(house: House) -> None:
    decided(house.one, house.executive, level_code="prioritise", reason="We found the days")


def told(house: House, **facts: Any) -> Any:
    given = {"who": "Priya", "whom": "Asha Rao", "how": "call", "told_on": TODAY(), **facts}
    return record_telling(participation=house.one, by=house.lead, **given)


def left(house: House, post: MailServer) -> Letter:
    """The letter of the no, which has reached the partner."""
    letter = sent(house)
    assert send_due(house.organisation) == 1
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize("undoes", [False, True])
def test_who_told_and_what_was_replied_is_recorded_after_a_no_became_a_yes(
    house: House, client: Client, *, undoes: bool
) -> None:
    kind_no = pack(house)
    if undoes:
        undo(decision=house.current(), by=house.lead)
    else:
        yes(house)
    page = client.get(house.at("reply/"))
    given = offered(page, "answer") | {"who": "Asha Rao", "answer": "We had hoped for more"}
    assert leads_to(client.post(house.at("reply/"), given)) == house.at("kind-no/")
    assert kind_no.replies.get().answer == "We had hoped for more"
    given = offered(client.get(house.at("told/")), "whom") | {"whom": "Asha Rao", "how": "call"}
    assert "Choose what they were told." in shown(client.post(house.at("told/"), given))
    assert leads_to(client.post(house.at("told/"), given | {"told_of": "no"})) == house.at("kind-no/")
    assert kind_no.tellings.get().told_of == ToldOf.NO
    seen = shown(client.get(house.at("kind-no/")))
    assert "We had hoped for more" in seen
    assert STILL_HOLD.format(TODAY()) in seen


def test_where_nobody_was_ever_told_no_there_is_nothing_to_record(house: House, client: Client) -> None:
    yes(house)
    assert "Nothing is to be said here" in shown(client.get(house.at("reply/")))
    with pytest.raises(ValidationError, match="Nobody has been told no here"):
        record_reply(participation=house.one, by=house.lead, who="A", replied_on=TODAY(), answer="B", doing="")
    assert to_be_said(house.one) is None
    assert "Nothing is to be said here" in shown(client.get(house.at("letter/")))


def test_whoever_was_told_no_and_is_a_yes_now_stands_on_every_page_until_told(house: House, client: Client) -> None:
    organisation = house.organisation
    told(house, told_on=TODAY() - datetime.timedelta(days=3))
    assert told_no_in(organisation) == []
    yes(house)
    sentence = STILL_HOLD.format(TODAY() - datetime.timedelta(days=3))
    due = f"/o/{organisation.code}/promises/due/"
    promises = f"/o/{organisation.code}/promises/"
    for address in (house.at(), house.at("kind-no/"), promises):
        assert sentence in shown(client.get(address))
    assert "1 partner to tell what has changed" in shown(client.get(due))
    told(house, told_of=ToldOf.CHANGED)
    for address in (house.at(), house.at("kind-no/"), promises):
        assert sentence not in shown(client.get(address))
    assert "to tell what has changed" not in shown(client.get(due))


def test_a_no_again_is_no_change_to_tell(house: House) -> None:
    told(house)
    yes(house)
    step_down(house.one, house.executive)
    assert told_no_in(house.organisation) == []
    with pytest.raises(ValidationError, match="What is decided now says no"):
        told(house, told_of=ToldOf.CHANGED)
    yes(house)
    assert [one.on for one in told_no_in(house.organisation)] == [TODAY()]


def test_a_letter_says_what_has_changed(house: House, client: Client, post: MailServer) -> None:
    first = left(house, post)
    yes(house)
    page = client.get(house.at("letter/"))
    assert "Tell the partner what has changed" in shown(page)
    filled = letter_form(client, house, deed="send")
    assert f"On {TODAY():%-d %B %Y} we told you what we had decided about Alliance 4." in filled["body"]
    assert "What we will do now: Prioritise" in filled["body"]
    assert "Put words in the place of {what_changed}" in shown(client.post(house.at("letter/"), filled))
    filled = letter_form(client, house, deed="send")
    filled["body"] = filled["body"].replace("{what_changed}", "we found the days.")
    for _ in range(2):
        assert client.post(house.at("letter/"), filled).status_code == 302
    letter = house.letter()
    assert (letter.kind, letter.follows, letter.state) == (KindOfLetter.CHANGED, first, LetterState.WAITING)
    assert len(told_no_in(house.organisation)) == 1
    be_due(letter)
    assert send_due(house.organisation) == 1
    assert post.reached() == [ADDRESS, ADDRESS]
    assert "we found the days." in str(post.letters[-1][1].get_content())
    assert told_no_in(house.organisation) == []
    assert "They still hold our no" not in shown(client.get(house.at()))
    assert "Sent on" in shown(client.get(house.at("letter/")))


def test_a_letter_of_a_change_is_held_once_it_is_a_no_again(house: House, post: MailServer) -> None:
    left(house, post)
    yes(house)
    letter = sent(house, held=True)
    assert letter.kind == KindOfLetter.CHANGED
    step_down(house.one, house.executive)
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
    with pytest.raises(ValidationError, match="what is decided now says no again"):
        send_all_the_same(letter=letter, by=house.lead)
    yes(house)
    assert send_all_the_same(letter=letter, by=house.lead).state == LetterState.WAITING


def test_of_an_undone_decision_no_level_is_named(house: House) -> None:
    told(house)
    undo(decision=house.current(), by=house.lead)
    _, body = first_words(house.said(), name="Asha", signatory=house.lead)
    assert "What we will do now" not in body
    assert "We have changed our mind" in body


def test_a_letter_that_was_sent_is_corrected_by_a_further_one_that_names_it(
    house: House, client: Client, post: MailServer
) -> None:
    first = left(house, post)
    assert "Correct it with a further letter" in shown(client.get(house.at("letter/")))
    deed = {"deed": "correct", "letter": str(first.pk)}
    for _ in range(2):
        assert leads_to(client.post(house.at("letter/"), deed)) == house.at("letter/")
    second = house.letter()
    assert (second.kind, second.follows, second.state) == (KindOfLetter.CORRECTED, first, LetterState.DRAFT)
    assert (second.recipient_name, second.email) == (first.recipient_name, first.email)
    assert f"On {TODAY():%-d %B %Y} we wrote to you about Alliance 4." in second.body
    assert "The letter before: Alliance 4: what we can do" in shown(client.get(house.at("letter/")))
    filled = letter_form(client, house, deed="send")
    assert "Put words in the place of {correction}" in shown(client.post(house.at("letter/"), filled))
    filled = letter_form(client, house, deed="send")
    filled["body"] = filled["body"].replace("{correction}", "The day is the 4th.")
    assert client.post(house.at("letter/"), filled).status_code == 302
    be_due(house.letter())
    assert send_due(house.organisation) == 1
    assert Letter.objects.filter(state=LetterState.SENT).count() == 2
    first.refresh_from_db()
    assert first.body == words(house).body, "what was sent stays as it was"


def test_a_further_letter_that_nobody_sends_is_taken_away(house: House, client: Client, post: MailServer) -> None:
    first = left(house, post)
    begin_correction(participation=house.one, by=house.lead, letter=first)
    second = house.letter()
    client.post(house.at("letter/"), {"deed": "drop", "letter": str(second.pk)})
    assert house.letter() == first
    drop_draft(letter=second, by=house.lead)
    with pytest.raises(ValidationError, match="Only a further letter that is still a draft"):
        drop_draft(letter=first, by=house.lead)


def test_only_the_last_letter_that_was_sent_is_followed(house: House) -> None:
    letter = written(house)
    with pytest.raises(ValidationError, match="Only a letter that was sent last"):
        begin_correction(participation=house.one, by=house.lead, letter=letter)


def test_what_was_typed_for_the_no_is_told_where_it_is_a_change_by_now(house: House, client: Client) -> None:
    told(house)
    typed = letter_form(client, house, body="Dear Asha, no.")
    yes(house)
    seen = shown(client.post(house.at("letter/"), typed))
    assert "Somebody else saved this page while you were editing it." in seen
    assert "Dear Asha, no." in seen
    assert not Letter.objects.exists()


def test_queries_do_not_grow_with_partners_who_hold_a_no(house: House) -> None:
    others = list(house.organisation.participations.exclude(pk=house.one.pk).select_related("organisation"))
    told(house)
    yes(house)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            told_no_in(house.organisation)
        return len(seen)

    assert len(told_no_in(house.organisation)) == 1
    before = queries()
    for other in others[:3]:
        decision = step_down(other, house.executive)
        elsewhere = House(house.organisation, house.lead, house.executive, other, house.member, decision)
        told(elsewhere)
        yes(elsewhere)
    assert len(told_no_in(house.organisation)) == len(others[:3]) + 1
    assert queries() == before
    assert KindNo.objects.count() == len(others[:3]) + 1


def test_a_letter_of_nothing_is_not_written(house: House) -> None:
    seen = words(house)
    yes(house)
    with pytest.raises(ValidationError, match="nobody was told so"):
        write_letter(participation=house.one, by=house.lead, expected_version="", words=seen)
