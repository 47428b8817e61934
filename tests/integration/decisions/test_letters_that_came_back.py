"""Letters to partners that come back later: found by the number that they carry, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from decisions.actions.bounces import mark_letter_that_came_back
from decisions.actions.letters import take_back
from decisions.models import Letter, LetterState
from decisions.sending import send_due
from diagnostics.bounces import Ours, number_for
from tests.integration.decisions.kind_no_data import ADDRESS, House, sent
from tests.integration.decisions.test_pages import signed_in, words
from tests.integration.diagnostics.mail_server import MailServer
from tests.integration.diagnostics.test_read_bounces import read
from tests.unit.diagnostics.mail_reports import exchange_online, postfix

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(house: House, post: MailServer) -> str:
    """What the letter carried that has been sent."""
    sent(house)
    assert send_due(house.organisation) == 1
    return str(post.letters[0][1]["Message-ID"]).strip()


def test_its_number_says_nothing_of_whose_it_is(house: House, number: str) -> None:
    assert number.startswith("<letter.")
    for told in (house.organisation.code.lower(), "alliance", "asha", str(house.letter().pk) + "@"):
        assert told not in number.partition("@")[0]
    assert house.letter().mail_number in number


@pytest.mark.parametrize("report", [postfix, exchange_online])
def test_a_letter_that_came_back_says_so_with_the_servers_words(
    house: House, number: str, monkeypatch: pytest.MonkeyPatch, report: Any
) -> None:
    said = read(report(number, to=ADDRESS), monkeypatch)
    assert "0 people are newly marked in surveys, and 1 letter to a partner has come back." in said
    assert "0 letters to partners have come back" in read(report(number, to=ADDRESS), monkeypatch), "and twice once"
    letter = house.letter()
    assert letter.state == LetterState.RETURNED
    assert letter.returned_at is not None
    assert letter.returned_at.date() == timezone.now().date()
    assert letter.server_said.startswith("550")
    assert len(letter.server_said) <= 200
    client = signed_in(house.lead)
    page = words(client.get(house.at("letter/")))
    assert "came back on" in page
    assert "The mail server said: 550" in page
    assert "Correct the address and send it again, or tell them by telephone and record who told them" in page
    assert "Came back after it was sent on" in words(client.get(house.at("kind-no/")))
    assert "1 letter to partners that reaches nobody" in words(
        client.get(f"/o/{house.organisation.code}/promises/due/")
    )
    assert f"sent by {house.lead}" in words(client.get(f"/o/{house.organisation.code}/promises/"))


def test_it_is_corrected_and_sent_anew_and_an_old_report_marks_nothing(
    house: House, number: str, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(postfix(number, to=ADDRESS), monkeypatch)
    take_back(letter=house.letter(), by=house.lead)
    assert (house.letter().state, house.letter().server_said) == (LetterState.DRAFT, "")
    sent(house, email="asha.rao@partner.example")
    assert send_due(house.organisation) == 1
    assert "0 letters to partners have" in read(postfix(number, to=ADDRESS), monkeypatch)
    assert house.letter().state == LetterState.SENT
    assert str(post.letters[1][1]["Message-ID"]) != number


def test_what_is_in_doubt_and_comes_back_is_in_doubt_no_more(house: House, number: str) -> None:
    Letter.objects.update(state=LetterState.IN_DOUBT, sent_at=None)
    drawn = house.letter().mail_number
    known: dict[str, Any] = {"organisation": house.organisation, "number": drawn, "words": "gone"}
    assert mark_letter_that_came_back(address="somebody@else.example", **known) == 0
    assert mark_letter_that_came_back(address=ADDRESS, **known) == 1
    assert house.letter().state == LetterState.RETURNED
    assert house.letter().sent_at == house.letter().taken_at


@pytest.mark.parametrize("kept", [{"action": "delayed", "status": "4.4.1"}, {"to": "ben@partner.example"}])
def test_what_is_only_for_now_or_about_somebody_else_marks_nothing(
    house: House, number: str, monkeypatch: pytest.MonkeyPatch, kept: dict[str, str]
) -> None:
    read(postfix(number, **({"to": ADDRESS} | kept)), monkeypatch)
    assert house.letter().state == LetterState.SENT


def test_a_forged_number_and_that_of_a_survey_mark_nothing(
    house: House, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = house.letter().mail_number
    survey = number_for(ADDRESS, number=drawn)
    forged = f"<letter.{drawn}.{'b' * 64}@trust.example>"
    swapped = survey.replace("<survey.", "<letter.")
    for one in (forged, swapped):
        assert "1 about no letter of ours" in read(postfix(one, to=ADDRESS), monkeypatch)
    assert "1 refused for good" in read(postfix(survey, to=ADDRESS), monkeypatch)
    unknown = number_for(ADDRESS, number="a" * 32, of=Ours.LETTER)
    assert "0 letters to partners" in read(postfix(unknown, to=ADDRESS), monkeypatch)
    assert house.letter().state == LetterState.SENT
