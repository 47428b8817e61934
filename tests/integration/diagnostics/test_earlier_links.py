"""A link that was replaced still withdraws what was sent in with it, and does nothing else."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from diagnostics.access import LinkRefusedError, Refusal, respondent_with
from diagnostics.actions import (
    GivenAnswer,
    PersonalLink,
    close_round,
    issue_link,
    issue_links,
    open_round,
    record_answers,
    record_place,
    submit_response,
    withdraw_response,
)
from diagnostics.completion import mark_those_who_answered
from diagnostics.keys import keys_of
from diagnostics.links import Link, Respondent
from diagnostics.models import EarlierLink, Invitation, Round
from tests.factories import organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, the_response
from tests.integration.diagnostics.open_links import words
from tests.integration.diagnostics.survey_data import answer, begun_with, draft, opened

NEW_LINK_ENDS = "A new link replaces the one before: what somebody has begun with that and not sent in is not counted"


@pytest.fixture
def asked(setting: Setting) -> tuple[Round, list[PersonalLink]]:
    return opened(setting.participation, setting.lead)


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def begin(link: PersonalLink) -> None:
    respondent, _ = respondent_with(link.secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2, "Kestrel")})


def entered(client: Client, link: PersonalLink) -> str:
    """Open it, whatever it says; the address under which its pages are."""
    client.get(f"/s/{link.secret}/")
    return f"/s/{Link.with_secret(link.secret).handle}/"


def refusal_of(link: PersonalLink) -> tuple[Refusal, bool]:
    """Why it opens no survey, and whether it can withdraw."""
    with pytest.raises(LinkRefusedError) as refused:
        respondent_with(link.secret)
    return refused.value.refusal, refused.value.link is not None


def earlier_respondent(link: PersonalLink) -> Respondent:
    invitation = Invitation.objects.select_related("round").get(pk=link.invitation.pk)
    keys = keys_of(invitation.round).response_keys_of(invitation)
    return Respondent(Link.with_secret(link.secret), keys[0], is_replaced=True)


def test_the_page_that_refuses_it_says_of_which_survey_it_is(
    client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    """Also once nobody is acted for: of the organisation's own tables nothing is read then."""
    _, links = asked
    answer(links[0], 4)
    for link in links[:2]:
        issue_link(invitation=link.invitation, by=setting.lead)
    for link, heading in zip(links[:2], ("Your answers are already in", "This link has been replaced"), strict=True):
        said = words(client, f"/s/{link.secret}/")
        assert heading in said
        assert f'<span class="nhsuk-header__service-name">{setting.participation.partnership.name}</span>' in said


def test_what_was_sent_with_it_is_withdrawn_with_it(
    client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    _, links = asked
    answer(links[0], 4)
    fresh = issue_link(invitation=links[0].invitation, by=setting.lead)
    at = entered(client, links[0])
    assert "withdraw your answers" in words(client, f"/s/{links[0].secret}/")
    said = words(client, at + "withdraw/")
    assert "You can answer again with your newer link until" in said
    assert client.get(at + "thanks/").status_code == 200
    assert client.post(at + "withdraw/").status_code == 302
    page = client.get(at + "withdraw/")
    assert page.status_code == 410
    assert "What was sent in with it and then withdrawn is deleted." in page.content.decode()
    assert (every_answer(), the_response().submitted_on) == ([], None)
    answer(fresh, 2)
    assert {one.value for one in every_answer()} == {2}


def test_the_new_link_says_to_use_the_one_with_which_one_answered(
    client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    _, links = asked
    answer(links[0], 4)
    fresh = issue_link(invitation=links[0].invitation, by=setting.lead)
    assert refusal_of(fresh) == (Refusal.USED, False)
    page = client.get(f"/s/{fresh.secret}/")
    assert page.status_code == 410
    assert "use the link with which you answered" in page.content.decode()
    handed = issue_link(invitation=links[0].invitation, by=setting.lead, by_hand=True)
    page = client.get(f"/s/{handed.secret}/", follow=True)
    assert (page.status_code, "use the link with which you answered" in page.content.decode()) == (410, True)
    assert len(every_response()) == 1


def test_what_was_begun_with_it_is_not_counted_and_it_says_so(
    client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = asked
    begin(links[0])
    fresh = issue_link(invitation=links[0].invitation, by=setting.lead)
    assert refusal_of(links[0]) == (Refusal.REPLACED, False)
    page = client.get(f"/s/{links[0].secret}/")
    assert page.status_code == 410
    said = page.content.decode()
    assert "This link has been replaced" in said
    assert "What was begun with this link and not sent in is not counted." in said
    for link in (fresh, *links[1:5]):
        answer(link, 3)
    close_round(round=made, by=setting.lead)
    assert ({one.value for one in every_answer()}, len(every_response())) == ({3}, 5)


def test_it_reads_and_sends_nothing(client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]) -> None:
    """Not in a browser that is still in the survey, either."""
    _, links = asked
    at = entered(client, links[0])
    client.post(at + "where-you-work/", {"place": "lead"})
    client.post(at + "questions/purpose/", {"answer-PUR1": "2", "reason-PUR1": "Kestrel"})
    issue_link(invitation=links[0].invitation, by=setting.lead)
    for page in ("welcome", "where-you-work", "questions/purpose", "check", "thanks", "withdraw"):
        shown = client.get(f"{at}{page}/")
        assert (shown.status_code, "Kestrel" in shown.content.decode()) == (410, False), page
    assert client.post(at + "check/").status_code == 410
    assert client.post(at + "withdraw/").status_code == 410
    assert client.post(at + "questions/purpose/", {"answer-PUR1": "5"}).status_code == 410
    assert [one.value for one in every_answer()] == [2]
    assert the_response().submitted_on is None


def test_no_deed_is_done_with_it_but_to_withdraw_what_was_sent(
    setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    _, links = asked
    begin(links[0])
    issue_link(invitation=links[0].invitation, by=setting.lead)
    holder = earlier_respondent(links[0])
    for deed in (
        lambda: record_place(respondent=holder, place="lead"),
        lambda: record_answers(respondent=holder, answers={"PUR2": GivenAnswer(1)}),
        lambda: submit_response(respondent=holder),
        lambda: withdraw_response(respondent=holder),
    ):
        with pytest.raises(LinkRefusedError) as refused:
            deed()
        assert refused.value.refusal is Refusal.REPLACED
    assert len(every_answer()) == 1


def test_it_shows_nobody_the_address_of_a_newer_link(client: Client, setting: Setting) -> None:
    """Who began with a link that was handed out, and has been handed another."""
    made = draft(setting.participation, setting.lead)
    links = open_round(round=made, by=setting.lead, by_hand=True)
    own = PersonalLink(links[0].invitation, begun_with(links[0].secret))
    answer(own, 4)
    issue_link(invitation=links[0].invitation, by=setting.lead, by_hand=True)
    at = entered(client, own)
    page = client.get(at + "thanks/")
    assert (page.status_code, "Go on later or on another device" in page.content.decode()) == (200, False)
    assert client.post(at + "withdraw/").status_code == 302
    assert every_answer() == []


def test_who_withdraws_with_it_is_not_marked_any_more(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    issue_links(round=made, by=setting.lead, by_hand=True)
    fresh = {one.invitation.pk: one for one in (issue_link(invitation=x.invitation, by=setting.lead) for x in links)}
    for link in fresh.values():
        answer(link, 4)
    for link in links:
        issue_link(invitation=link.invitation, by=setting.lead)
    assert mark_those_who_answered(made) == 8
    done = made.invitations.filter(completed=True)[0]
    keys = keys_of(made).response_keys_of(done)
    holder = Respondent(Link.with_secret(fresh[done.pk].secret), keys[2], is_replaced=True)
    withdraw_response(respondent=holder)
    close_round(round=made, by=setting.lead)
    done.refresh_from_db()
    assert (done.completed, made.sent_in) == (False, 11)


def test_every_link_that_is_replaced_is_kept_whatever_was_done_with_it(
    setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = asked
    answer(links[0], 4)
    begin(links[1])
    hashes = set(made.invitations.values_list("link_hash", flat=True))
    issue_links(round=made, by=setting.lead, by_hand=True)
    kept = EarlierLink.objects.filter(invitation__round=made)
    assert set(kept.values_list("link_hash", flat=True)) == hashes
    assert set(kept.values_list("link_number", flat=True)) == {0}


def test_the_pages_of_the_lead_say_beforehand_what_a_new_link_ends_and_not_who_has_begun(
    setting: Setting, lead: Client, asked: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = asked
    page = f"/o/{setting.code}/surveys/{made.pk}/"
    before = words(lead, page)
    assert before.count(NEW_LINK_ENDS) == 2
    assert NEW_LINK_ENDS in words(lead, f"{page}people/{links[0].invitation.pk}/address/")
    begin(links[0])
    answer(links[1], 4)
    assert without_tokens(words(lead, page)) == without_tokens(before)


def without_tokens(said: str) -> str:
    return re.sub("[A-Za-z0-9]{64}", "", said)


def test_after_the_survey_has_closed_it_says_that(
    client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = asked
    answer(links[0], 4)
    issue_link(invitation=links[0].invitation, by=setting.lead)
    at = entered(client, links[0])
    close_round(round=made, by=setting.lead)
    assert "This survey has closed" in words(client, f"/s/{links[0].secret}/")
    assert client.post(at + "withdraw/").status_code == 410


def test_the_database_keeps_them_apart_and_with_their_owner(
    setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    made, links = asked
    issue_link(invitation=links[0].invitation, by=setting.lead)
    kept = EarlierLink.objects.get()
    with pytest.raises(IntegrityError, match="link_hash"), transaction.atomic():
        EarlierLink.objects.create(
            organisation=made.organisation, invitation=links[1].invitation, link_hash=kept.link_hash, link_number=0
        )
    other, _, _ = organisation_with_people()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
        EarlierLink.objects.create(
            organisation=other, invitation=links[1].invitation, link_hash="1" * 64, link_number=0
        )


def test_it_is_told_no_place_by_a_form_without_one(
    client: Client, setting: Setting, asked: tuple[Round, list[PersonalLink]]
) -> None:
    """Whatever the method and whatever is sent: a page that shows what was chosen shows it to nobody."""
    _, links = asked
    at = entered(client, links[0])
    client.post(at + "where-you-work/", {"place": "lead"})
    client.post(at + "questions/purpose/", {"answer-PUR1": "2", "reason-PUR1": "Kestrel"})
    issue_link(invitation=links[0].invitation, by=setting.lead)
    for page in ("where-you-work", "whom-you-work-for", "questions/purpose", "check"):
        for sent in ({}, {"place": "none"}, {"answer-PUR1": "none"}):
            shown = client.post(f"{at}{page}/", sent)
            said = shown.content.decode()
            assert (shown.status_code, "checked" in said, "Kestrel" in said) == (410, False, False), (page, sent)


def test_a_form_without_a_place_says_to_choose_one(client: Client, asked: tuple[Round, list[PersonalLink]]) -> None:
    at = entered(client, asked[1][0])
    page = client.post(at + "where-you-work/", {})
    assert (page.status_code, "Choose where you work." in page.content.decode()) == (200, True)


@pytest.mark.parametrize("by_hand", [False, True])
def test_who_was_marked_and_withdrew_with_it_can_answer_with_the_newer(
    client: Client, setting: Setting, *, by_hand: bool
) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    for one in links[:9]:
        answer(one, 5)
    new = {
        one.invitation.pk: issue_link(invitation=one.invitation, by=setting.lead, by_hand=by_hand) for one in links[:9]
    }
    assert mark_those_who_answered(made) == 5
    done = made.invitations.filter(completed=True)[0]
    old = next(one for one in links if one.invitation.pk == done.pk)
    fresh = new[done.pk]
    assert Client().get(f"/s/{fresh.secret}/", follow=True).status_code == 410, "their answers are in still"
    at = entered(client, old)
    assert client.post(at + "withdraw/").status_code == 302
    answer(PersonalLink(done, begun_with(fresh.secret)) if by_hand else fresh, 2)
    assert Counter(one.value for one in every_answer() if one.item == "PUR1") == {2: 1, 5: 8}


def test_who_is_marked_and_has_nothing_under_this_key_does_not_answer_twice(
    asked: tuple[Round, list[PersonalLink]],
) -> None:
    made, links = asked
    made.invitations.filter(pk=links[0].invitation.pk).update(completed=True)
    assert refusal_of(links[0]) == (Refusal.USED, False)
