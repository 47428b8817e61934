"""The pages a respondent sees, over HTTP."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from diagnostics.actions import PersonalLink, close_round, respondent_with, withdraw_response
from diagnostics.letters import REMINDER, letter
from diagnostics.models import Round
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, the_answer, the_response
from tests.integration.diagnostics.survey_data import answer, opened

HTMX = {"HX-Request": "true"}


@pytest.fixture
def links(setting: Setting) -> list[PersonalLink]:
    return opened(setting.participation, setting.lead)[1]


def enter(client: Client, link: PersonalLink) -> str:
    """Exchange a link; returns the address under which the survey is answered."""
    page = client.get(f"/s/{link.secret}/")
    assert page.status_code == 302
    return "/".join(page["Location"].split("/")[:3]) + "/"


def test_a_link_is_exchanged_at_once_and_leaves_the_address(client: Client, links: list[PersonalLink]) -> None:
    page = client.get(f"/s/{links[0].secret}/")
    assert page.status_code == 302
    assert links[0].secret not in page["Location"]
    assert page["Cache-Control"].startswith("max-age=0")
    cookie = next(iter(page.cookies.values()))
    assert links[0].secret not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == page["Location"].removesuffix("welcome/")
    # Nothing about the respondent is kept on the server's side.
    from django.contrib.sessions.models import Session

    assert not Session.objects.exists()


def test_the_first_page_says_who_sees_what_and_how_long_it_takes(client: Client, links: list[PersonalLink]) -> None:
    words = client.get(enter(client, links[0]) + "welcome/").content.decode()
    assert "sees which of the people it invited have taken part, but not what any of them said" in words
    assert "sees everybody’s answers together, never yours alone" in words
    assert "at least 5 people have answered. If fewer do, their answers are deleted unread." in words
    assert "five minutes" in words
    assert links[0].secret not in words


@pytest.mark.parametrize(("given", "page"), [(("PUR1",), "purpose"), (("PUR1", "PUR2", "GOA1", "GOA2"), "focus")])
def test_whoever_carries_on_does_so_where_they_were(
    client: Client, links: list[PersonalLink], given: tuple[str, ...], page: str
) -> None:
    root = enter(client, links[0])
    assert f'href="{root}where-you-work/">Start' in client.get(root + "welcome/").content.decode()
    client.post(root + "where-you-work/", {"place": "lead"})
    client.post(root + "questions/purpose/", {f"answer-{item}": "4" for item in given})
    assert f'href="{root}questions/{page}/">Carry on' in client.get(root + "welcome/").content.decode()


def test_it_is_said_that_only_what_is_sent_in_counts(
    client: Client, setting: Setting, links: list[PersonalLink]
) -> None:
    root = enter(client, links[0])
    only = "Answers count only once you send them in: what is saved and not sent is deleted when the survey closes."
    client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    for page in ("welcome/", "check/"):
        assert only in client.get(root + page).content.decode()
    close_round(round=Round.objects.get(), by=setting.lead)
    said = client.get(root + "check/").content.decode()
    assert "What was sent in was deleted unread, and so was what was saved and not sent in." in said
    assert every_answer() == []


def test_a_reminder_says_so_in_the_same_words_to_everybody(client: Client, links: list[PersonalLink]) -> None:
    client.post(enter(client, links[0]) + "questions/purpose/", {"answer-PUR1": "4"})
    letters = [str(letter(REMINDER, [(link.invitation, "https://triage.example/s/x/")]).body) for link in links[:2]]
    assert letters[0].replace("Person 1", "Person 2") == letters[1]
    assert "If you have begun: what you have saved counts only once you send it in." in letters[0]


def test_every_page_takes_the_methods_it_should(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    assert client.post(f"/s/{links[0].secret}/").status_code == 405
    assert client.post(root + "welcome/").status_code == 405
    assert client.post(root + "thanks/").status_code == 405
    for page in ("where-you-work/", "questions/purpose/", "check/", "withdraw/"):
        assert client.put(root + page).status_code == 405
        assert client.head(root + page).status_code == 200


def test_nobody_answers_without_a_session(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    stranger = Client()
    for page in ("welcome/", "where-you-work/", "questions/purpose/", "check/", "thanks/", "withdraw/"):
        refused = stranger.get(root + page)
        assert refused.status_code == 403
        assert "Open your link again" in refused.content.decode()
    assert stranger.post(root + "questions/purpose/", {"answer-PUR1": "4"}).status_code == 403
    assert every_answer() == []


def test_a_cookie_that_was_tampered_with_is_none(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    name = next(iter(client.cookies))
    client.cookies[name] = client.cookies[name].value.replace(":", "a:", 1)
    assert client.get(root + "welcome/").status_code == 403


def test_a_cookie_of_another_survey_opens_nothing(client: Client, links: list[PersonalLink]) -> None:
    first, second = enter(client, links[0]), enter(client, links[1])
    one, two = list(client.cookies)
    client.cookies[one], client.cookies[two] = client.cookies[two].value, client.cookies[one].value
    assert client.get(first + "welcome/").status_code == 403
    assert client.get(second + "welcome/").status_code == 403


def test_several_surveys_in_one_browser_do_not_mix(client: Client, links: list[PersonalLink]) -> None:
    first, second = enter(client, links[0]), enter(client, links[1])
    client.post(first + "questions/purpose/", {"answer-PUR1": "2"})
    client.post(second + "questions/purpose/", {"answer-PUR1": "5"})
    assert len(every_response()) == 2
    assert 'value="2" checked' in " ".join(client.get(first + "questions/purpose/").content.decode().split())


def test_where_they_work_comes_first_and_is_one_of_the_list(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    refused = client.post(root + "where-you-work/", {"place": "moon"})
    assert refused.status_code == 200
    words = refused.content.decode()
    assert "Choose where you work." in words
    assert "Error: Where do you work?" in words
    page = client.post(root + "where-you-work/", {"place": "board"})
    assert page["Location"] == root + "questions/purpose/"
    assert the_response().place == "board"


def test_the_button_saves_the_page_and_moves_on(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    page = client.post(
        root + "questions/purpose/",
        {"answer-PUR1": "1", "reason-PUR1": "Nobody said\r\nwhy", "answer-PUR2": "dont_know", "answer-GOA1": "5"},
    )
    assert page["Location"] == root + "questions/focus/"
    kept = {one.item: (one.value, one.reason) for one in every_answer()}
    assert kept == {"PUR1": (1, "Nobody said\nwhy"), "PUR2": (None, ""), "GOA1": (5, "")}


def test_from_the_check_page_a_change_leads_back_to_it(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    page = client.post(root + "questions/purpose/?then=check", {"answer-PUR1": "3"})
    assert page["Location"] == root + "check/"
    page = client.post(root + "where-you-work/?then=check", {"place": "lead"})
    assert page["Location"] == root + "check/"


def test_the_last_page_leads_to_the_check(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    assert client.post(root + "questions/hard/")["Location"] == root + "check/"


def test_htmx_saves_one_answer_and_says_so(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    page = client.post(root + "questions/purpose/", {"answer-PUR2": "4"}, headers=HTMX)
    assert page.status_code == 200
    assert page.content.decode().split() == ["Saved"]
    assert "HX-Request" in page["Vary"]
    assert the_answer().item == "PUR2"
    assert "HX-Request" in client.get(root + "questions/purpose/")["Vary"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"answer-PUR1": "7"}, "Choose one of the answers shown."),
        ({"answer-PUR1": "4'; DROP TABLE"}, "Choose one of the answers shown."),
        ({"answer-PUR1": "1", "reason-PUR1": "x" * 501}, "Shorten your reason to 500 characters or fewer"),
        ({"answer-FOC1": "4"}, "This page has changed"),
        ({"answer-NOPE": "4"}, "This page has changed"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_is_lost(
    client: Client, links: list[PersonalLink], data: dict[str, str], message: str
) -> None:
    root = enter(client, links[0])
    short = client.post(root + "questions/purpose/", data, headers=HTMX)
    assert short.status_code == 422
    words = " ".join(short.content.decode().split())
    assert "Not saved." in words
    assert message in words
    full = client.post(root + "questions/purpose/", data)
    assert full.status_code == 422
    page = full.content.decode()
    assert "There is a problem" in page
    assert message in page
    assert "Error: Purpose and goals" in page
    if "reason-PUR1" in data:
        assert data["reason-PUR1"] in page
    assert every_answer() == []


def as_shown(page: Any) -> dict[str, str]:
    """What the browser sends back of a page on which nothing is touched."""
    shown = dict(re.findall(r'name="(shown-[^"]+)"\s+value="([^"]*)"', page.content.decode()))
    answers = {name.removeprefix("shown-"): value for name, value in shown.items() if value}
    return shown | answers


def test_the_button_of_an_older_tab_leaves_alone_what_was_changed_in_a_newer_one(
    client: Client, links: list[PersonalLink]
) -> None:
    address = enter(client, links[0]) + "questions/purpose/"
    client.post(address, {"answer-PUR1": "2", "reason-PUR1": "It is\r\nvague", "answer-GOA1": "dont_know"})
    older = as_shown(client.get(address))
    client.post(address, as_shown(client.get(address)) | {"answer-PUR1": "5"}, headers=HTMX)
    page = client.post(address, older | {"answer-PUR2": "4"})
    assert page.status_code == 302
    kept = {one.item: (one.value, one.reason) for one in every_answer()}
    assert kept == {"PUR1": (5, ""), "PUR2": (4, ""), "GOA1": (None, "")}


def one_line(page: Any) -> str:
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize(("before", "here"), [("2", "1"), ("", "1"), ("2", "dont_know"), ("dont_know", "1")])
def test_where_both_tabs_changed_an_answer_the_page_asks_which_counts(
    client: Client, links: list[PersonalLink], before: str, here: str
) -> None:
    address = enter(client, links[0]) + "questions/purpose/"
    client.post(address, {"answer-PUR1": before})
    older = as_shown(client.get(address))
    client.post(address, as_shown(client.get(address)) | {"answer-PUR1": "5"})
    page = client.post(address, older | {"answer-PUR1": here, "answer-PUR2": "4"})
    assert page.status_code == 409
    words = one_line(page)
    assert "1 answer on this page was changed in another window" in words
    assert "In another window or on another device: Strongly agree." in words
    assert re.search(rf'name="answer-PUR1" type="radio" value="{here}" checked', words)
    assert {one.item: one.value for one in every_answer()} == {"PUR1": 5, "PUR2": 4}
    assert client.post(address, as_shown(page) | {"answer-PUR1": here}).status_code == 302
    assert {one.item: one.value for one in every_answer()}["PUR1"] == (None if here == "dont_know" else 1)


def test_a_post_that_was_long_on_its_way_changes_nothing_and_says_what_stands(
    client: Client, links: list[PersonalLink]
) -> None:
    address = enter(client, links[0]) + "questions/purpose/"
    first = as_shown(client.get(address))
    late = first | {"answer-PUR1": "2", "reason-PUR1": "Vague"}
    client.post(address, first | {"answer-PUR1": "4"}, headers=HTMX)
    answer = client.post(address, late, headers=HTMX)
    assert answer.status_code == 409
    assert '<span data-stands="PUR1" data-answer="4" data-reason=""></span>' in one_line(answer)
    assert (the_answer().value, the_answer().reason) == (4, "")
    again = client.post(address, first | {"answer-PUR1": "4"}, headers=HTMX)
    assert (again.status_code, again.content.decode().split()) == (200, ["Saved"])


def test_a_late_change_of_what_was_withdrawn_does_not_bring_it_back(client: Client, links: list[PersonalLink]) -> None:
    address = enter(client, links[0]) + "questions/purpose/"
    client.post(address, {"answer-PUR1": "2"})
    late = as_shown(client.get(address)) | {"answer-PUR1": "1"}
    withdraw_response(respondent=respondent_with(links[0].secret)[0])
    answer = client.post(address, late, headers=HTMX)
    assert answer.status_code == 409
    assert '<span data-stands="PUR1" data-answer="" data-reason=""></span>' in one_line(answer)
    assert every_answer() == []


def test_what_cannot_be_saved_is_still_a_change_when_it_is_sent_again(
    client: Client, links: list[PersonalLink]
) -> None:
    address = enter(client, links[0]) + "questions/purpose/"
    client.post(address, {"answer-PUR1": "2", "reason-PUR1": "Vague"})
    refused = client.post(address, as_shown(client.get(address)) | {"reason-PUR1": "x" * 501})
    assert refused.status_code == 422
    client.post(address, as_shown(refused) | {"answer-PUR1": "2", "reason-PUR1": "x" * 500})
    assert the_answer().reason == "x" * 500


def test_an_unknown_page_is_not_found(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    assert client.get(root + "questions/nonsense/").status_code == 404


def test_the_same_link_leads_back_to_where_they_were(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])

    def back() -> str:
        return Client().get(f"/s/{links[0].secret}/")["Location"].removeprefix(root)

    assert back() == "welcome/"
    client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    assert back() == "where-you-work/"
    client.post(root + "where-you-work/", {"place": "lead"})
    assert back() == "questions/purpose/"
    client.post(root + "questions/focus/", {"answer-FOC1": "4", "answer-FOC2": "4"})
    assert back() == "questions/commitment/"
    client.post(root + "questions/hard/", dict.fromkeys(("answer-PAR1", "answer-SET1"), "4"))
    assert back() == "questions/hard/"
    client.post(root + "questions/hard/", dict.fromkeys(("answer-CAN1", "answer-SUB1", "answer-SUB2"), "4"))
    assert back() == "check/"


def test_checking_sending_and_thanks(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    empty = client.post(root + "check/")
    assert empty.status_code == 422
    assert "Answer at least one before you send" in empty.content.decode()
    client.post(root + "questions/purpose/", {"answer-PUR1": "1", "reason-PUR1": "<b>Vague</b>"})
    words = client.get(root + "check/").content.decode()
    assert "You passed by 30 statements" in words
    assert "&lt;b&gt;Vague&lt;/b&gt;" in words
    assert client.get(root + "thanks/")["Location"] == root + "check/"
    sent = client.post(root + "check/")
    assert sent["Location"] == root + "thanks/"
    assert "Thank you: your answers are in" in client.get(sent["Location"]).content.decode()
    again = client.post(root + "check/")
    assert again.status_code == 410
    assert "Your answers are already in" in again.content.decode()
    late = client.post(root + "questions/purpose/", {"answer-PUR1": "5"}, headers=HTMX)
    assert late.status_code == 410
    assert "can no longer be changed" in late.content.decode()
    assert the_answer().value == 1


def test_what_was_sent_can_be_withdrawn_from_any_device_and_given_anew(links: list[PersonalLink]) -> None:
    answer(links[0], 4)
    elsewhere = Client()
    page = elsewhere.get(f"/s/{links[0].secret}/")
    assert page.status_code == 410
    [withdraw] = re.findall(r'href="(/s/[^"]+/withdraw/)"', page.content.decode())
    assert "nobody can delete them" in elsewhere.get(withdraw).content.decode()
    assert len(every_answer()) == 31
    done = elsewhere.post(withdraw, follow=True)
    assert "Your answers are deleted" in done.content.decode()
    assert "Start" in done.content.decode()
    assert every_answer() == []
    answer(links[0], 2)
    assert {one.value for one in every_answer()} == {2}


def test_what_was_begun_can_be_deleted_too(client: Client, links: list[PersonalLink]) -> None:
    root = enter(client, links[0])
    assert "withdraw/" not in client.get(root + "check/").content.decode()
    client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    assert f"{root}withdraw/" in client.get(root + "check/").content.decode()
    client.post(root + "withdraw/")
    client.post(root + "withdraw/")
    assert every_answer() == []


def test_after_closing_nothing_can_be_withdrawn(setting: Setting, links: list[PersonalLink]) -> None:
    client = Client()
    root = enter(client, links[0])
    for link in links[:5]:
        answer(link, 4)
    close_round(round=Round.objects.get(), by=setting.lead)
    assert client.post(root + "withdraw/").status_code == 410
    assert len(every_answer()) == 5 * 31


def page_for(link: PersonalLink) -> tuple[int, str]:
    page = Client().get(f"/s/{link.secret}/")
    return page.status_code, page.content.decode()


def test_each_link_that_does_not_work_says_what_to_do(setting: Setting, links: list[PersonalLink]) -> None:
    answer(links[0], 4)
    status, words = page_for(links[0])
    assert (status, "Your answers are already in" in words) == (410, True)
    wrong = Client().get("/s/not-a-link/")
    assert (wrong.status_code, "Copy the whole link" in wrong.content.decode()) == (404, True)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Round.objects.update(opens_on=yesterday, closes_on=yesterday)
    status, words = page_for(links[1])
    assert (status, "The last day to answer has passed" in words) == (410, True)
    close_round(round=Round.objects.get(), by=setting.lead)
    status, words = page_for(links[1])
    assert (status, "This survey has closed" in words) == (410, True)


def test_a_forged_request_is_refused(links: list[PersonalLink]) -> None:
    strict = Client(enforce_csrf_checks=True)
    root = enter(strict, links[0])
    assert strict.post(root + "questions/purpose/", {"answer-PUR1": "4"}).status_code == 403
    assert every_answer() == []


@pytest.mark.parametrize("address", ["welcome/", "questions/purpose/", "check/"])
def test_pages_ask_the_database_a_fixed_number_of_things(
    client: Client, links: list[PersonalLink], address: str, django_assert_max_num_queries: Any
) -> None:
    root = enter(client, links[0])
    client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    with django_assert_max_num_queries(6):
        assert client.get(root + address).status_code == 200


def test_saving_an_answer_asks_the_database_a_fixed_number_of_things(
    client: Client, links: list[PersonalLink], django_assert_max_num_queries: Any
) -> None:
    root = enter(client, links[0])
    client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    with django_assert_max_num_queries(10):
        client.post(root + "questions/purpose/", {"answer-PUR2": "4"}, headers=HTMX)
