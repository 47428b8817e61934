"""What a lead does with an open link: offer it, say for how many, show it, replace it, withdraw it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.access import LinkRefusedError, Refusal
from diagnostics.actions import (
    RoundRefusedError,
    close_round,
    give_more_time,
    issue_links,
    offer_open_link,
    open_round,
    read_answers_as,
    replace_open_link,
    respondent_with,
    start_round,
    withdraw_open_link,
)
from diagnostics.keys import destroy_keys
from diagnostics.known_people import asked_last_time
from diagnostics.models import Invitation, OpenLink, Round, RoundMode
from diagnostics.reminding import waiting_in
from diagnostics.results import results_of
from diagnostics.tasks import keep_up
from partnerships.models import Role
from tests.factories import active_participation, in_role
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.open_links import offered, secret_of, several_start, start, words
from tests.integration.diagnostics.survey_data import answer, draft, next_week, opened, people


@pytest.fixture(autouse=True)
def keys(tmp_path: Any, settings: Any) -> None:
    settings.SURVEY_KEYS = str(tmp_path)


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def page_of(made: Round) -> str:
    return f"/o/{made.organisation.code}/surveys/{made.pk}/"


def refused(secret: str, made: Round) -> Refusal:
    with pytest.raises(LinkRefusedError) as raised:
        start(made, secret)
    return raised.value.refusal


def invited(made: Round) -> int:
    return Round.objects.with_progress().get(pk=made.pk).invited


def test_there_is_none_until_somebody_offers_it(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    said = words(lead, page_of(made))
    assert "Nobody can answer without a link of their own." in said
    assert "nobody who has it can be reminded, and somebody could answer twice" in said
    assert not OpenLink.objects.exists()


def test_one_that_is_offered_while_the_survey_is_prepared_works_once_it_opens(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    page = lead.post(f"{page_of(made)}open-link/", {"people": "40"}, follow=True)
    assert "It is on this page, with its QR code, once you open the survey." in " ".join(page.content.decode().split())
    assert OpenLink.objects.get().link_hash is None
    assert "47 people to ask, 40 of them with an open link." in words(lead, page_of(made))
    links = open_round(round=made, by=setting.lead)
    assert len(links) == 7, "nobody is given the links of those whose name nobody knows"
    assert start(made, secret_of(made)).invitation.is_seat
    assert invited(made) == 47


def test_the_page_shows_it_with_its_code_and_how_many_have_it(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    for link in several_start(made, secret, 10):
        answer(link, 4)
    keep_up()
    said = words(lead, f"{page_of(made)}open-link/")
    assert f"http://testserver/s/{secret}/" in said
    assert '<svg class="qr-code"' in said
    assert "10 of 40 people have started with it. 6 are known to have answered." in said
    assert "6 of 40 with the open link are known to have answered. 10 have started." in words(lead, page_of(made))


def test_only_who_runs_surveys_sees_it_and_changes_it(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    for act in (replace_open_link, withdraw_open_link):
        with pytest.raises(PermissionDenied):
            act(round=made, by=setting.executive)
    with pytest.raises(PermissionDenied):
        offer_open_link(round=made, people=4, by=setting.executive)
    client = Client()
    client.force_login(setting.executive)
    assert secret not in words(client, page_of(made))
    assert "0 of 40 with the open link" in words(client, page_of(made))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter how many people the open link is given to."),
        ("many", "Enter how many people the open link is given to as a whole number, such as 40."),
        ("0", "Enter how many people the open link is given to, as 1 or more."),
        ("2001", "Enter how many people the open link is given to, as 2000 or fewer."),
        ("2000", "Ask 2000 people or fewer in all. 7 are asked by name."),
        ("2", "3 people have started with the open link. Enter 3 or more."),
    ],
)
def test_a_number_that_cannot_be(setting: Setting, lead: Client, typed: str, message: str) -> None:
    made, _ = opened(setting.participation, setting.lead)
    several_start(made, offered(made, setting.lead), 3)
    page = lead.post(f"{page_of(made)}open-link/", {"people": typed})
    assert page.status_code == 200
    assert message in page.content.decode()
    assert "Error: Open link" in page.content.decode()
    assert OpenLink.objects.get().seats == 40


def test_more_may_have_it_and_fewer_and_nobody_who_has_started_loses_their_seat(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead, 4)
    links = several_start(made, secret, 4)
    assert refused(secret, made) is Refusal.FULL
    offer_open_link(round=made, people=30, by=setting.lead)
    links += several_start(made, secret, 6)
    offer_open_link(round=made, people=11, by=setting.lead)
    links += several_start(made, secret, 1)
    assert refused(secret, made) is Refusal.FULL
    assert len({link.invitation.pk for link in links}) == 11
    assert invited(made) == 7 + 11
    for link in links:
        answer(link, 4)
    assert Round.objects.get(pk=close_round(round=made, by=setting.lead).pk).sent_in == 11


def test_a_replaced_one_leads_nowhere_and_whoever_has_started_goes_on(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    begun = start(made, secret)
    lead.post(f"{page_of(made)}open-link/", {"deed": "replace"})
    assert refused(secret, made) is Refusal.UNKNOWN
    page = Client().get(f"/s/{secret}/")
    assert (page.status_code, "This link does not work" in page.content.decode()) == (404, True)
    new = secret_of(made)
    assert new != secret
    assert start(made, new).invitation != begun.invitation
    answer(begun, 4)
    assert OpenLink.objects.get().taken == 2


def test_a_withdrawn_one_leads_nowhere_and_one_that_is_offered_again_is_another(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    begun = start(made, secret)
    lead.post(f"{page_of(made)}open-link/", {"deed": "withdraw"})
    assert refused(secret, made) is Refusal.UNKNOWN
    said = words(lead, f"{page_of(made)}open-link/")
    assert "The open link is withdrawn. 1 person had started with it, and can go on." in said
    assert invited(made) == 47, "they had it, so they count as asked"
    answer(begun, 4)
    offer_open_link(round=made, people=40, by=setting.lead)
    assert secret_of(made) != secret
    assert refused(secret, made) is Refusal.UNKNOWN
    assert start(made, secret_of(made)).invitation != begun.invitation


def test_withdrawn_before_anybody_started_it_was_given_to_nobody(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    offered(made, setting.lead)
    withdraw_open_link(round=made, by=setting.lead)
    assert invited(made) == 7
    assert "Nobody can answer without a link of their own." in words(lead, page_of(made))
    page = lead.post(f"{page_of(made)}open-link/", {"deed": "withdraw"}, follow=True)
    assert "This survey has no open link. Nothing was changed." in page.content.decode()


def test_what_cannot_be_done_is_said(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    offer_open_link(round=made, people=9, by=setting.lead)
    with pytest.raises(RoundRefusedError, match="begins to work when the survey opens"):
        replace_open_link(round=made, by=setting.lead)
    open_round(round=made, by=setting.lead)
    close_round(round=made, by=setting.lead)
    with pytest.raises(RoundRefusedError, match="This survey is closed"):
        offer_open_link(round=made, people=9, by=setting.lead)
    page = lead.get(f"{page_of(made)}open-link/", follow=True)
    assert "This survey is closed, so nobody can answer with an open link." in page.content.decode()
    assert lead.get(f"{page_of(made)}open-link/print/").status_code == 302
    assert lead.get(f"{page_of(made)}open-link.png").status_code == 404


def test_a_page_to_print_and_the_code_as_files(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    sheet = words(lead, f"{page_of(made)}open-link/print/")
    for said in (
        "Scan to answer",
        "Westmere Frailty Alliance",
        "never yours alone",
        f"/s/{secret}/",
        "Please answer once",
    ):
        assert said in sheet
    assert f"The last day is {made.closes_on:%A %-d %B %Y}" in sheet
    drawing, picture = lead.get(f"{page_of(made)}open-link.svg"), lead.get(f"{page_of(made)}open-link.png")
    assert (drawing["Content-Type"], picture["Content-Type"]) == ("image/svg+xml", "image/png")
    assert drawing.content.startswith(b"<svg xmlns=")
    assert picture.content.startswith(b"\x89PNG")
    assert f'filename="survey-qr-code-{made.pk}.png"' in picture["Content-Disposition"]


def test_a_survey_of_nobody_by_name(setting: Setting, lead: Client) -> None:
    """Started, opened and answered with the open link alone."""
    day = next_week()
    form = {
        "participation": setting.participation.pk,
        "people": "",
        "open_link_for": "4",
        "closes_on-day": day.day,
        "closes_on-month": day.month,
        "closes_on-year": day.year,
    }
    address = f"/o/{setting.code}/surveys/start/"
    assert "Enter the people to ask, one a line." in lead.post(address, form).content.decode()
    page = lead.post(address, form | {"open_link_for": "9"})
    made = Round.objects.get()
    assert page["Location"] == page_of(made)
    assert "Nobody is asked by name" in words(lead, page_of(made))
    page = lead.post(page_of(made), {"deed": "open"})
    assert page["Location"] == f"{page_of(made)}open-link/"
    for link in several_start(made, secret_of(made), 9):
        answer(link, 4)
    keep_up()
    assert "5 of 9 <span" in words(lead, page_of(made))


def test_the_next_survey_carries_the_offer_and_nobody_of_it(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    several_start(made, offered(made, setting.lead, 23), 2)
    close_round(round=made, by=setting.lead)
    assert asked_last_time(setting.participation) == people()
    page = words(lead, f"/o/{setting.code}/surveys/start/?partnership={setting.participation.partnership.slug}")
    assert re.search(r'name="open_link_for"[^>]* value="23"', page)
    several = f"/o/{setting.code}/surveys/start/several/?partnership={setting.participation.partnership.slug}"
    assert "As last time, 23 others are offered an open link." in words(lead, several)


def test_nobody_with_the_open_link_is_a_line_of_the_list_or_reminded(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    link = start(made, offered(made, setting.lead))
    assert set(waiting_in(made)) == set(made.invitations.of_people())
    said = words(lead, page_of(made))
    assert said.count('value="new_link"') == 7
    seat = link.invitation.pk
    assert lead.post(page_of(made), {"deed": "new_link", "invitation": seat}).status_code == 404
    assert lead.get(f"{page_of(made)}people/{seat}/address/").status_code == 404
    before = link.secret
    assert len(issue_links(round=made, by=setting.lead, by_hand=True)) == 7
    assert respondent_with(before)[1] == made
    file = lead.post(f"{page_of(made)}links.csv", {"secret": before}).content.decode()
    assert before not in file


def test_results_are_of_everybody_who_was_asked(setting: Setting) -> None:
    """The more had the open link, the less is known of them all: the finite population correction."""
    intervals = []
    for seats in (5, 200):
        made, links = opened(setting.participation, setting.lead, 5)
        own = several_start(made, offered(made, setting.lead, seats), 5)
        for value, link in enumerate([*links, *own]):
            answer(link, 1 + value % 5)
        close_round(round=made, by=setting.lead)
        results = results_of(Round.objects.get(pk=made.pk))
        assert results is not None
        assert results.overall.estimate is not None
        assert (results.invited, results.answered) == (5 + seats, 10)
        intervals.append(results.overall.estimate.high - results.overall.estimate.low)
    assert intervals[0] == pytest.approx(0)
    assert intervals[1] > 1.5


def test_opened_again_it_is_a_new_link_and_nobody_has_somebody_elses_seat(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead, 9)
    links = several_start(made, secret, 4)
    answer(links[0], 4)
    close_round(round=made, by=setting.lead)
    assert refused_by_page(secret) == 404
    assert "The open link gets a new address and a new QR code" in words(lead, f"{page_of(made)}last-day/")
    give_more_time(round=Round.objects.get(pk=made.pk), closes_on=next_week(), by=setting.lead)
    assert secret_of(made) != secret
    for link in links:  # also who had answered: what they said was deleted
        answer(link, 4)
    more = several_start(made, secret_of(made), 5)
    assert not {one.invitation.pk for one in more} & {one.invitation.pk for one in links}
    for link in more:
        answer(link, 4)
    assert refused(secret_of(made), made) is Refusal.FULL
    assert invited(made) == 7 + 9


def refused_by_page(secret: str) -> int:
    return Client().get(f"/s/{secret}/").status_code


def test_where_the_key_was_lost_nobody_starts_any_more(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead, 12)
    start(made, secret)
    destroy_keys(made.organisation_id, made.pk)
    assert "does not work" in words(lead, f"{page_of(made)}open-link/")
    with pytest.raises(RoundRefusedError, match="The key to this survey’s links is missing"):
        offer_open_link(round=made, people=50, by=setting.lead)
    assert refused(secret, made) is Refusal.UNKNOWN


def test_how_answers_are_read_is_fixed_once_it_has_opened(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    made.invitations.update(works_for="Westmere Trust")
    offer_open_link(round=made, people=9, by=setting.lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, by=setting.lead)
    open_round(round=Round.objects.get(pk=made.pk), by=setting.lead)
    with pytest.raises(RoundRefusedError, match="people were told who sees what"):
        read_answers_as(round=made, mode=RoundMode.ANONYMOUS, by=setting.lead)


def test_offering_replacing_and_withdrawing_are_on_the_record(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    start(made, secret)
    offer_open_link(round=made, people=50, by=setting.lead)
    replace_open_link(round=made, by=setting.lead)
    withdraw_open_link(round=made, by=setting.lead)
    lines = OpenLink.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    told = [(one.pgh_label, one.seats, one.link_number, one.is_withdrawn) for one in lines]
    assert told == [
        ("insert", 40, 0, False),
        ("update", 50, 0, False),
        ("update", 50, 1, False),
        ("update", 50, 2, True),
    ], "and nothing of who started, or when"


def test_the_record_says_it_in_words(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    administrator = Client()
    administrator.force_login(in_role(setting.organisation, Role.ADMINISTRATOR))
    client = Client()
    client.force_login(setting.lead)
    client.post(f"{page_of(made)}open-link/", {"people": "40"})
    said = words(administrator, f"/o/{setting.code}/audit/")
    assert "Offered the open link" in said
    assert "people it is given to" in said.lower()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"seats": 0}, "open_link_for_somebody"),
        ({"seats": 2001}, "open_link_for_somebody"),
        ({"taken": 41}, "open_link_taken_by_no_more"),
        ({"is_withdrawn": True}, "open_link_withdrawn_leads_nowhere"),
    ],
)
def test_the_database_refuses(setting: Setting, facts: dict[str, Any], constraint: str) -> None:
    made, _ = opened(setting.participation, setting.lead)
    offered(made, setting.lead)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OpenLink.objects.update(**facts)


def test_it_is_of_the_partnership_that_its_survey_is_about(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    offered(made, setting.lead)
    other = active_participation(setting.organisation)

    def move() -> None:
        OpenLink.objects.update(participation=other)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="survey_openlink_participation_id_of_its_round"), transaction.atomic():
        move()


@pytest.mark.parametrize(
    "facts",
    [
        {"email": ""},
        {"seat_batch": 1},
        {"email": "", "seat_batch": 1},
        {"email": "", "name": "", "seat_batch": 1, "works_for": "Westmere Trust"},
        {"email": "", "name": "", "seat_batch": 1, "email_failed_on": datetime.date(2026, 1, 1)},
    ],
)
def test_an_invitation_is_of_somebody_or_of_nobody(setting: Setting, facts: dict[str, Any]) -> None:
    made = draft(setting.participation, setting.lead)
    with pytest.raises(IntegrityError, match="invitation_of_somebody_or_of_nobody"), transaction.atomic():
        Invitation.objects.filter(round=made).update(**facts)


def test_the_page_of_a_survey_asks_no_more_of_the_database_with_more_seats(
    setting: Setting, lead: Client, django_assert_max_num_queries: Any
) -> None:
    made, _ = opened(setting.participation, setting.lead)
    offered(made, setting.lead, 300)
    with django_assert_max_num_queries(40) as before:
        lead.get(page_of(made))
    offer_open_link(round=made, people=900, by=setting.lead)
    with django_assert_max_num_queries(len(before)):
        lead.get(page_of(made))


def test_a_survey_that_starts_with_an_open_link_and_two_people(setting: Setting) -> None:
    made = start_round(
        participation=setting.participation,
        people=people(2),
        closes_on=timezone.localdate(),
        by=setting.lead,
        open_link_for=3,
    )
    assert invited(made) == 5
    with pytest.raises(RoundRefusedError, match="already has a survey"):
        start_round(participation=setting.participation, people=people(), closes_on=next_week(), by=setting.lead)
