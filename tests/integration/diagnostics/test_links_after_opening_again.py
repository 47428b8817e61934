"""Links that people have go on working when a survey was opened again, also where they are sent others for them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from diagnostics.access import LinkRefusedError, Refusal
from diagnostics.actions import (
    PersonalLink,
    close_round,
    correct_address,
    give_more_time,
    issue_link,
    issue_links,
    open_round,
    respondent_with,
)
from diagnostics.links import Link
from diagnostics.models import EarlierLink, Round
from diagnostics.reminding import address_again
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, the_response
from tests.integration.diagnostics.open_links import words
from tests.integration.diagnostics.survey_data import answer, draft, next_week, opened
from tests.integration.diagnostics.test_handed_links import begin


def again(made: Round, setting: Setting) -> None:
    close_round(round=made, by=setting.lead)
    give_more_time(round=made, closes_on=next_week(), by=setting.lead)


@pytest.fixture
def reopened(setting: Setting) -> tuple[Round, list[PersonalLink]]:
    made, links = opened(setting.participation, setting.lead)
    again(made, setting)
    return made, links


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def resend(lead: Client, made: Round) -> str:
    """Email everybody their link again; what the page says then."""
    page = lead.post(
        f"/o/{made.organisation.code}/surveys/{made.pk}/", {"deed": "new_links", "delivery": "email"}, follow=True
    )
    return " ".join(page.content.decode().split())


def root_of(client: Client, link: PersonalLink) -> str:
    page = client.get(f"/s/{link.secret}/")
    assert page.status_code == 302, page.content.decode()
    return "/".join(page["Location"].split("/")[:3]) + "/"


def refusal_of(link: PersonalLink) -> Refusal:
    with pytest.raises(LinkRefusedError) as refused:
        respondent_with(link.secret)
    return refused.value.refusal


def test_who_has_sent_withdraws_with_the_link_they_had(
    lead: Client, reopened: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = reopened
    answer(links[0], 4)
    resend(lead, made)
    client = Client()
    page = client.get(f"/s/{links[0].secret}/")
    assert (page.status_code, b"withdraw your answers" in page.content) == (410, True)
    at = f"/s/{Link.with_secret(links[0].secret).handle}/"
    assert "with the same link until" in words(client, at + "withdraw/")
    assert client.post(at + "withdraw/").status_code == 302
    assert every_answer() == []


def test_where_no_letter_leaves_links_go_on_working(
    lead: Client, reopened: tuple[Round, list[PersonalLink]], settings: Any
) -> None:
    made, links = reopened
    settings.EMAIL_BACKEND = "tests.integration.diagnostics.test_staff_pages.IsDown"
    assert "The links that people have still work" in resend(lead, made)
    for one in links:
        answer(one, 3)
    assert len(every_response()) == 7


def test_both_links_lead_to_one_response(
    setting: Setting, lead: Client, reopened: tuple[Round, list[PersonalLink]]
) -> None:
    """From page to page and with every way of saving, in the browser that had the link of before."""
    made, links = reopened
    client, other = Client(), Client()
    root = root_of(client, links[0])
    resend(lead, made)
    fresh = next(one for one in issue_links(round=made, by=setting.lead) if one.invitation.pk == links[0].invitation.pk)
    assert fresh.secret != links[0].secret
    for page, sent in (
        ("where-you-work", {"place": "lead"}),
        ("questions/purpose", {"answer-PUR1": "2", "shown-answer-PUR1": "", "shown-reason-PUR1": ""}),
        ("questions/purpose", {"answer-PUR2": "1", "reason-PUR2": "Kestrel"}),
    ):
        assert client.post(f"{root}{page}/", sent).status_code == 302, page
    assert "Kestrel" in words(other, root_of(other, fresh) + "questions/purpose/")
    assert root_of(client, links[0]) == root
    assert client.post(root + "check/")["Location"] == root + "thanks/"
    assert the_response().submitted_on is not None
    assert [refusal_of(one) for one in (links[0], fresh)] == [Refusal.USED] * 2


def test_sending_them_twice_keeps_each_once_and_the_third_key_does_too(
    setting: Setting, lead: Client, reopened: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = reopened
    resend(lead, made)
    resend(lead, made)
    assert EarlierLink.objects.count() == 7
    second = issue_links(round=made, by=setting.lead)
    again(made, setting)
    resend(lead, made)
    assert EarlierLink.objects.count() == 14
    first = {one.invitation.pk: one for one in links}
    for one in second:
        old = respondent_with(first[one.invitation.pk].secret)[0]
        assert old.response_key == respondent_with(one.secret)[0].response_key


def test_once_they_are_replaced_they_only_withdraw(
    setting: Setting, lead: Client, reopened: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = reopened
    resend(lead, made)
    answer(links[0], 4)
    fresh = issue_link(invitation=links[0].invitation, by=setting.lead)
    mended = correct_address(invitation=links[1].invitation, email="new@partner.example", by=setting.lead)
    issue_link(invitation=mended, by=setting.lead)
    assert [refusal_of(one) for one in (links[0], links[1], fresh)] == [Refusal.USED, Refusal.REPLACED, Refusal.USED]
    client = Client()
    client.get(f"/s/{links[0].secret}/")
    at = f"/s/{Link.with_secret(links[0].secret).handle}/"
    assert client.post(at + "where-you-work/", {}).status_code == 410
    assert client.post(at + "withdraw/").status_code == 302
    answer(fresh, 2)
    assert {one.value for one in every_answer()} == {2}


def test_a_reminder_has_the_link_of_the_new_key_once_that_was_sent(
    lead: Client, reopened: tuple[Round, list[PersonalLink]], settings: Any
) -> None:
    made, links = reopened
    settings.SITE_ADDRESS = "https://survey.example"
    person = made.invitations.get(pk=links[0].invitation.pk)
    assert address_again(person) == "", "the letter refers to the first"
    resend(lead, made)
    person.refresh_from_db()
    secret = address_again(person).split("/")[-2]
    assert any(secret in str(letter.body) for letter in mail.outbox)
    assert respondent_with(secret)[0].response_key == respondent_with(links[0].secret)[0].response_key


def test_what_was_handed_out_begins_once_whichever_of_both_is_used(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    handed = open_round(round=made, by=setting.lead, by_hand=True)
    again(made, setting)
    resend(lead, made)
    again(made, setting)
    resend(lead, made)
    fresh = {one.invitation.pk: one for one in issue_links(round=made, by=setting.lead)}
    begin(Client(), handed[0])
    page = Client().get(f"/s/{fresh[handed[0].invitation.pk].secret}/", follow=True)
    assert (page.status_code, "This link has been used" in page.content.decode()) == (410, True)
    issue_link(invitation=handed[1].invitation, by=setting.lead, by_hand=True)
    assert refusal_of(handed[1]) is Refusal.UNKNOWN, "replaced"
    assert Client().get(f"/s/{handed[1].secret}/", follow=True).status_code == 404
    assert refusal_of(handed[2]) is Refusal.UNKNOWN, "it begins, and opens no answers"
