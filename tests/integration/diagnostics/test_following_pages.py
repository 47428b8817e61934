"""While a survey is open: who has taken part, whom a letter did not reach, and who is reminded when."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from diagnostics.actions import open_round, start_round
from diagnostics.completion import mark_everybody
from diagnostics.invitees import Invitee
from diagnostics.models import Invitation, Reminder, Round
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.mail_server import MailServer, mail_server
from tests.integration.diagnostics.survey_data import answer, closed, draft, next_week, opened
from tests.integration.diagnostics.test_staff_pages import addresses, filled

TODAY = timezone.localdate()


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as one:
        settings.EMAIL_BACKEND = one.environment["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
        yield one


def words_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


def at(setting: Setting, made: Round, rest: str = "") -> str:
    return f"{addresses(setting, made)['round']}{rest}"


def address_page(setting: Setting, one: Invitation) -> str:
    return at(setting, one.round, f"people/{one.pk}/address/")


def open_by_email(setting: Setting, lead: Client) -> Round:
    made = draft(setting.participation, setting.lead)
    lead.post(at(setting, made), {"deed": "open", "delivery": "email"})
    return made


def test_reminders_are_ticked_unless_somebody_unticks_them(setting: Setting, lead: Client) -> None:
    start = addresses(setting, Round(pk=1))["start"]
    assert lead.get(start).context["form"]["reminders"].value() == ["halfway", "before_last_day"]
    lead.post(start, {**filled(setting), "reminders": ["before_last_day"]})
    made = Round.objects.get()
    assert (made.remind_halfway, made.remind_before_last_day) == (False, True)


def test_where_no_email_is_sent_no_reminder_is_offered(setting: Setting, lead: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    start = addresses(setting, Round(pk=1))["start"]
    assert "Reminders" not in words_of(lead.get(start))
    lead.post(start, {**filled(setting), "reminders": ["halfway"]})
    assert not Round.objects.get().remind_halfway


def test_reminders_are_changed_on_a_page_of_their_own(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    assert "No reminders are chosen." in words_of(lead.get(at(setting, made)))
    page = at(setting, made, "reminders/")
    assert lead.get(page).context["form"]["reminders"].value() == []
    assert "from the list" in words_of(lead.post(page, {"reminders": ["hourly"]}))
    assert lead.post(page, {"reminders": ["halfway", "before_last_day"]})["Location"] == at(setting, made)
    made.refresh_from_db()
    assert made.remind_halfway
    assert made.remind_before_last_day
    lead.post(page, {})
    made.refresh_from_db()
    assert not made.remind_halfway
    assert not made.remind_before_last_day
    executive = Client()
    executive.force_login(setting.executive)
    assert executive.post(page, {"reminders": ["halfway"]}).status_code == 403
    assert lead.get(at(setting, closed_one(setting), "reminders/")).status_code == 404


def closed_one(setting: Setting) -> Round:
    Round.objects.all().delete()
    return closed(setting.participation, setting.lead, [4] * 5)


def test_the_page_says_which_reminders_are_to_come_and_what_became_of_the_last(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    monday = TODAY - datetime.timedelta(days=TODAY.weekday() + 7)
    last = monday + datetime.timedelta(days=28)
    Round.objects.filter(pk=made.pk).update(
        opens_on=monday, closes_on=last, remind_halfway=True, remind_before_last_day=True
    )
    friday = last - datetime.timedelta(days=3)
    words = words_of(lead.get(at(setting, made)))
    assert f"and on {friday:%A} {friday.day} {friday:%B}, between 08:00 and 18:00" in words
    for one, sent in zip(made.invitations.all(), [True, True, False], strict=False):
        facts = {"kind": "halfway", "last_day": last, "taken_on": monday, "sent": sent}
        Reminder.objects.create(organisation=setting.organisation, invitation=one, **facts)
    words = words_of(lead.get(at(setting, made)))
    assert f"{monday:%A} {monday.day} {monday:%B}: it was the turn of 2 people." in words
    assert "Of 1 more it is not known whether the email left" in words


def test_a_refused_address_is_shown_with_what_to_do(setting: Setting, lead: Client, server: MailServer) -> None:
    server.refused = {"person2@partner.example"}
    server.put_off = {"person3@partner.example"}
    made = open_by_email(setting, lead)
    assert [one.email for one in made.invitations.exclude(email_failed_on=None)] == ["person2@partner.example"]
    assert len(server.letters) == 5
    words = words_of(lead.get(at(setting, made)))
    assert "1 address could not be reached" in words
    assert "Correct the address and send the link again, or hand the link out yourself." in words
    assert f"refused on {TODAY.day} {TODAY:%B %Y}" in words
    executive = Client()
    executive.force_login(setting.executive)
    assert "could not be reached" not in words_of(executive.get(at(setting, made)))


def test_a_corrected_address_gets_a_link_that_works(setting: Setting, lead: Client, server: MailServer) -> None:
    server.refused = {"person2@partner.example"}
    one = open_by_email(setting, lead).invitations.get(email="person2@partner.example")
    page = address_page(setting, one)
    assert "A mail server refused person2@partner.example" in words_of(lead.get(page))
    sent_on = lead.post(page, {"email": "Person.Two@partner.example"}, follow=True)
    assert "A link is on its way to person.two@partner.example" in words_of(sent_on)
    one.refresh_from_db()
    assert (one.email, one.email_failed_on) == ("person.two@partner.example", None)
    link = next(word for word in server.body_to(one.email).split() if "/s/" in word)
    assert Client().get(link.removeprefix("http://testserver")).status_code == 302
    assert "could not be reached" not in words_of(sent_on)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the email address."),
        ("person1@partner.example", "Somebody else in this survey has this email address."),
        ("no address", "Enter the email address in full"),
        ("person@pärtner.example", "letters that mail servers may refuse"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(setting: Setting, lead: Client, typed: str, message: str) -> None:
    made, links = opened(setting.participation, setting.lead)
    page = lead.post(address_page(setting, links[1].invitation), {"email": typed})
    assert message in words_of(page)
    assert "<title>Error: Correct the address" in words_of(page)
    assert mail.outbox == []
    assert made.invitations.filter(email="person2@partner.example").exists()


def test_nobody_who_has_answered_and_nobody_elsewhere_has_an_address_to_correct(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link in links[:5]:
        answer(link, 4)
    mark_everybody(made)
    for page in (address_page(setting, links[0].invitation), at(setting, made, "people/999999/address/")):
        assert lead.get(page).status_code == lead.post(page, {"email": "new@partner.example"}).status_code == 404


def test_without_email_the_corrected_persons_link_is_shown(setting: Setting, lead: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    _, links = opened(setting.participation, setting.lead)
    page = address_page(setting, links[1].invitation)
    assert "Save and show the link" in words_of(lead.get(page))
    shown = lead.post(page, {"email": "new@partner.example"})
    [(link, _)] = shown.context["links"]
    assert link.invitation.email == "new@partner.example"


def test_who_has_taken_part_is_counted_by_organisation(
    setting: Setting, lead: Client, django_assert_max_num_queries: Any
) -> None:
    people = [
        Invitee(f"Person {one}", f"person{one}@partner.example", works_for)
        for one, works_for in enumerate(["Wye Council"] * 3 + ["Ashford Trust"] * 2 + [""] * 2)
    ]
    made = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
    links = {link.invitation.email: link for link in open_round(round=made, by=setting.lead)}
    for number in (0, 1, 2, 3, 5):
        answer(links[f"person{number}@partner.example"], 4)
    # Some of five are kept back, and the rest are too few to be told from each other by nothing: nobody is counted yet.
    assert [one.answered for one in lead.get(at(setting, made)).context["taken_part"]] == [0, 0, 0]
    mark_everybody(made)
    with django_assert_max_num_queries(20):
        page = lead.get(at(setting, made))
    counted = [(one.works_for, one.answered, one.invited) for one in page.context["taken_part"]]
    assert counted == [("Ashford Trust", 1, 2), ("Wye Council", 3, 3), ("", 1, 2)]
    words = words_of(page)
    assert "Who has taken part, by organisation" in words
    assert "It says nothing about what anybody answered." in words


def test_who_has_answered_is_shown_by_name_to_those_who_run_the_survey_and_counted_for_others(
    setting: Setting, lead: Client
) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link in links[:5]:
        answer(link, 4)
    mark_everybody(made)
    page = words_of(lead.get(at(setting, made)))
    assert page.count("> Answered ") == 5
    assert page.index("person6@partner") < page.index("person1@partner")
    executive = Client()
    executive.force_login(setting.executive)
    page = words_of(executive.get(at(setting, made)))
    assert "5 of 7" in page
    assert "Answered </" not in page
    assert "> Answered " not in page
    assert "Not known" not in page
    assert page.index("person1@partner") < page.index("person6@partner"), "nor does the order say it"


def test_where_nobodys_organisation_is_known_there_is_no_such_table(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    assert "by organisation" not in words_of(lead.get(at(setting, made)))
