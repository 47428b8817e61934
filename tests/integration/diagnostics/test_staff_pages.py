"""The pages of those who run surveys and read them."""

from __future__ import annotations

import datetime
import re
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from diagnostics.actions import GivenAnswer, close_round, record_answers, respondent_with
from diagnostics.completion import mark_those_who_answered
from diagnostics.keys import destroy_keys
from diagnostics.models import Answer, Invitation, Round
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import rewrite
from tests.integration.diagnostics.survey_data import ITEMS, answer, closed, draft, next_week, opened

HTMX = {"HX-Request": "true"}
PEOPLE = "\n".join(f"Person {one}, person{one}@partner.example" for one in range(1, 8))


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


@pytest.fixture
def executive(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.executive)
    return client


def filled(setting: Setting, **changes: str) -> dict[str, str]:
    day = next_week()
    return {
        "participation": str(setting.participation.pk),
        "people": PEOPLE,
        "closes_on-day": str(day.day),
        "closes_on-month": str(day.month),
        "closes_on-year": str(day.year),
        **changes,
    }


def addresses(setting: Setting, made: Round) -> dict[str, str]:
    root = f"/o/{setting.code}"
    return {
        "list": f"{root}/surveys/",
        "start": f"{root}/surveys/start/",
        "round": f"{root}/surveys/{made.pk}/",
        "close": f"{root}/surveys/{made.pk}/close/",
        "links": f"{root}/surveys/{made.pk}/links.csv",
        "health": f"{root}/partnerships/{setting.participation.partnership.slug}/health/",
    }


def test_who_gets_in(setting: Setting, lead: Client, executive: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    pages = addresses(setting, made)
    anonymous, stranger = Client(), Client()
    _, another_lead, _ = organisation_with_people()
    stranger.force_login(another_lead)
    for name, address in pages.items():
        method = "post" if name == "links" else "get"
        assert getattr(anonymous, method)(address)["Location"].startswith("/accounts/login/"), name
        assert getattr(stranger, method)(address).status_code == 404, name
        assert getattr(lead, method)(address).status_code == 200, name
        expected = 403 if name in ("start", "close", "links") else 200
        assert getattr(executive, method)(address).status_code == expected, name


def test_anothers_survey_is_not_found_under_ones_own_organisation(setting: Setting, lead: Client) -> None:
    other, other_lead, _ = organisation_with_people()
    made, links = opened(active_participation(other), other_lead)
    for name, address in addresses(setting, made).items():
        if name in ("round", "close"):
            assert lead.get(address).status_code == 404
            assert lead.post(address, {"deed": "open"}).status_code == 404
    assert lead.post(addresses(setting, made)["links"], {"secret": links[0].secret}).status_code == 404


def test_methods(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    pages = addresses(setting, made)
    assert lead.post(pages["list"]).status_code == 405
    assert lead.post(pages["health"]).status_code == 405
    assert lead.get(pages["links"]).status_code == 405
    for name in ("start", "round", "close"):
        assert lead.delete(pages[name]).status_code == 405


def test_an_executive_may_press_no_button(setting: Setting, executive: Client) -> None:
    made = draft(setting.participation, setting.lead)
    address = addresses(setting, made)["round"]
    for deed in ("open", "discard", "new_links", "new_link"):
        assert executive.post(address, {"deed": deed, "delivery": "links"}).status_code == 403
    assert "Open the survey" not in executive.get(address).content.decode()
    made.refresh_from_db()
    assert made.state == "draft"


def test_an_empty_list_says_what_to_do(setting: Setting, lead: Client, executive: Client) -> None:
    assert "Start a survey" in lead.get(f"/o/{setting.code}/surveys/").content.decode()
    assert "Your strategy lead can start one" in executive.get(f"/o/{setting.code}/surveys/").content.decode()


def test_the_list_has_its_rounds_in_two_orders_of_time_and_a_fixed_number_of_queries(
    setting: Setting, lead: Client, django_assert_num_queries: Any
) -> None:
    closed(setting.participation, setting.lead, [4] * 5)
    opened(setting.participation, setting.lead)
    address = f"/o/{setting.code}/surveys/"
    words = lead.get(address).content.decode()
    assert words.index("0 of 7") < words.index("5 of 7")
    closed(active_participation(setting.organisation), setting.lead, [3] * 6)
    # Session, person, roles, rounds; and three to keep the session.
    with django_assert_num_queries(7):
        lead.get(address)


def test_starting_a_survey(setting: Setting, lead: Client) -> None:
    address = f"/o/{setting.code}/surveys/start/"
    page = lead.get(f"{address}?partnership={setting.participation.partnership.slug}").content.decode()
    assert f'value="{setting.participation.pk}" selected' in page
    made = lead.post(address, filled(setting))
    found = Round.objects.get()
    assert made["Location"] == f"/o/{setting.code}/surveys/{found.pk}/"
    assert found.invitations.count() == 7
    assert "7 people to ask" in lead.get(made["Location"]).content.decode()
    assert found.closes_on == next_week()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"participation": ""}, "Choose the partnership that the survey is about."),
        ({"participation": "999999"}, "Choose a partnership from the list."),
        ({"people": ""}, "Enter the people to ask, one a line."),
        ({"people": "Ada, ada@example.org"}, "Enter at least 5 people"),
        ({"people": PEOPLE + "\nAda Shah"}, "Line 8: Enter a name, a comma and an email address"),
        (
            {"people": PEOPLE + "\nAgain, person1@partner.example"},
            "Line 8: person1@partner.example is already on line 1",
        ),
        ({"closes_on-day": "31", "closes_on-month": "2"}, "Enter a real date"),
        ({"closes_on-year": "2020"}, "Enter a last day to answer that is today or later."),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(
    setting: Setting, lead: Client, changes: dict[str, str], message: str
) -> None:
    data = filled(setting, **changes)
    page = lead.post(f"/o/{setting.code}/surveys/start/", data)
    words = page.content.decode()
    assert page.status_code == 200
    assert message in words
    assert "Error: Start a survey" in words
    assert data["people"].split("\n")[-1] in words
    assert not Round.objects.exists()


def test_many_wrong_lines_are_all_listed_and_that_they_are_too_many_comes_first(setting: Setting, lead: Client) -> None:
    data = filled(setting, people="\n".join(f"Person {one}" for one in range(10_000)))
    words = lead.post(f"/o/{setting.code}/surveys/start/", data).content.decode()
    limit = words.index("Enter 2000 people or fewer. This list has 10000.")
    assert limit < words.index("Line 1: ") < words.index("9980 more lines cannot be used either. All of them are")
    assert words.count("<li>Line 10000: Enter a name") == 1
    assert "Person 9999" in words


def test_a_partnership_with_a_survey_under_way_is_not_offered(setting: Setting, lead: Client) -> None:
    draft(setting.participation, setting.lead)
    data = filled(setting)
    words = lead.post(f"/o/{setting.code}/surveys/start/", data).content.decode()
    assert "One with a survey under way is not in it" in words
    assert Round.objects.count() == 1


def test_opening_shows_the_links_once_with_a_file(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    address = addresses(setting, made)["round"]
    assert "Choose how people get their links." in lead.post(address, {"deed": "open"}).content.decode()
    page = lead.post(address, {"deed": "open", "delivery": "links"})
    secrets = [link.secret for link, _ in page.context["links"]]
    assert len(set(secrets)) == 7
    words = page.content.decode()
    assert f"http://testserver/s/{secrets[0]}/" in words
    assert "kept nowhere" in words
    later = lead.get(address).content.decode()
    assert not [secret for secret in secrets if secret in later]
    file = lead.post(addresses(setting, made)["links"], {"secret": [*secrets, "not-a-link"]})
    assert file["Content-Type"].startswith("text/csv")
    assert f"survey-links-{made.pk}.csv" in file["Content-Disposition"]
    assert file.content.decode().count("http://testserver/s/") == 7
    again = lead.post(address, {"deed": "open", "delivery": "links"}, follow=True)
    assert "already open or closed" in again.content.decode()
    assert Client().get(f"/s/{secrets[0]}/").status_code == 302


def test_without_a_mail_server_no_email_is_offered(lead: Client, setting: Setting, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    made = draft(setting.participation, setting.lead)
    address = addresses(setting, made)["round"]
    page = lead.get(address).content.decode()
    assert "no mail server to do it for you" in page
    assert 'value="email"' not in page
    refused = lead.post(address, {"deed": "open", "delivery": "email"})
    assert refused.context["form"].errors["delivery"]
    opened = lead.post(address, {"deed": "open", "delivery": "links"})
    assert len(opened.context["links"]) == made.invitations.count() > 0
    again = lead.get(address).content.decode()
    assert "Show me new links" in again
    assert "Email everybody their link again" not in again


def test_opening_by_email_sends_each_person_their_own_link(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    page = lead.post(addresses(setting, made)["round"], {"deed": "open", "delivery": "email"}, follow=True)
    assert "Links are on their way to 7 people" in page.content.decode()
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"Person {one} <person{one}@partner.example>" for one in range(1, 8)
    ]
    body = str(mail.outbox[0].body)
    assert "never yours alone" in body
    assert "Dear Person" in body
    link = next(word for word in body.split() if word.startswith("http://testserver/s/"))
    assert Client().get(link.removeprefix("http://testserver")).status_code == 302


class RefusesSome(EmailBackend):
    """A mail server that refuses one address and loses the connection at another."""

    refuses = "person2@partner.example"
    fails_at = "person5@partner.example"

    def send_messages(self, messages: Any) -> int:
        if self.refuses in messages[0].to[0]:
            raise smtplib.SMTPRecipientsRefused({})
        if self.fails_at in messages[0].to[0]:
            raise smtplib.SMTPServerDisconnected
        return super().send_messages(messages)


class IsDown(EmailBackend):
    def open(self) -> None:
        raise ConnectionRefusedError


def test_emails_that_cannot_be_sent_leave_their_links_to_hand_out(
    setting: Setting, lead: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusesSome"
    made = draft(setting.participation, setting.lead)
    page = lead.post(addresses(setting, made)["round"], {"deed": "open", "delivery": "email"})
    assert "Some emails could not be sent" in page.content.decode()
    unsent = {link.invitation.email: link.secret for link, _ in page.context["links"]}
    assert sorted(unsent) == [f"person{one}@partner.example" for one in (2, 5, 6, 7)]
    assert len(mail.outbox) == 3
    assert Client().get(f"/s/{unsent['person5@partner.example']}/").status_code == 302


def test_with_the_mail_server_down_every_link_is_shown(setting: Setting, lead: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.IsDown"
    made = draft(setting.participation, setting.lead)
    page = lead.post(addresses(setting, made)["round"], {"deed": "open", "delivery": "email"})
    assert "The emails could not be sent" in page.content.decode()
    assert len(page.context["links"]) == 7


@pytest.mark.parametrize(("server", "sent"), [("IsDown", 0), ("RefusesSome", 3)])
def test_sending_again_with_the_mail_server_down_replaces_no_link(
    setting: Setting, lead: Client, settings: Any, server: str, sent: int
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{server}"
    made, links = opened(setting.participation, setting.lead)
    phone = Client()
    begun = phone.get(f"/s/{links[6].secret}/")["Location"].replace("welcome/", "questions/purpose/")
    phone.post(begun, {"answer-PUR1": "2"})
    page = lead.post(addresses(setting, made)["round"], {"deed": "new_links", "delivery": "email"}, follow=True)
    words = page.content.decode()
    assert "emails were sent" not in words, "so many have not answered at this moment"
    assert "The email could not be sent to person" in words
    assert "person7@partner.example. The links that people have still work" in words
    assert not any(link.secret in words for link in links)
    assert [Client().get(f"/s/{link.secret}/").status_code for link in links] == [302] * 7
    assert 'value="2" checked' in " ".join(phone.get(begun).content.decode().split())


def test_a_new_link_for_one_person(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    address = addresses(setting, made)["round"]
    page = lead.post(address, {"deed": "new_link", "invitation": str(links[0].invitation.pk)})
    assert "This link is" in page.content.decode()
    assert Client().get(f"/s/{page.context['links'][0][0].secret}/").status_code == 302
    assert Client().get(f"/s/{links[0].secret}/").status_code == 410
    assert lead.post(address, {"deed": "new_link", "invitation": "x"}).status_code == 404
    for link in links[1:10]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    done = made.invitations.filter(completed=True)[0]
    refused = lead.post(address, {"deed": "new_link", "invitation": str(done.pk)}, follow=True)
    assert "has already answered" in refused.content.decode()


def test_links_that_are_shown_are_new_and_those_that_are_sent_the_same(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    for link in links[:9]:
        answer(link, 4)
    mark_those_who_answered(made)
    address = addresses(setting, made)["round"]
    shown = lead.post(address, {"deed": "new_links", "delivery": "links"}).context["links"]
    assert {link.invitation for link, _ in shown} == set(made.invitations.filter(completed=False))
    assert not {link.secret for link, _ in shown} & {link.secret for link in links}
    lead.post(address, {"deed": "new_links", "delivery": "email"})
    waiting = [link for link, _ in shown if link.invitation in {one.invitation for one in links[9:]}]
    assert [letter.body.count(link.secret) for letter, link in zip(mail.outbox, waiting, strict=True)] == [1] * 3


def test_the_link_goes_again_to_nobody_who_has_answered(setting: Setting, lead: Client) -> None:
    """Though nobody is marked in so small a survey; and the page tells nobody how many that was."""
    made, links = opened(setting.participation, setting.lead)
    for link in links[:5]:
        answer(link, 4)
    address = addresses(setting, made)["round"]
    said = lead.post(address, {"deed": "new_links", "delivery": "email"}, follow=True).content.decode()
    assert [letter.body.count(link.secret) for letter, link in zip(mail.outbox, links[5:], strict=True)] == [1] * 2
    assert "Their link is on its way again to whoever has not answered." in said
    for link in links[5:]:
        answer(link, 4)
    again = lead.post(address, {"deed": "new_links", "delivery": "email"}, follow=True).content.decode()
    assert len(mail.outbox) == 2
    assert "Their link is on its way again to whoever has not answered." in again


def test_where_the_key_was_lost_the_page_says_so_and_gives_no_links(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    address = addresses(setting, made)["round"]
    assert "key to this survey" not in lead.get(address).content.decode()
    destroy_keys(made.organisation_id, made.pk)
    words = lead.get(address).content.decode()
    assert "The key to this survey’s links is missing" in words
    assert "new_link" not in words
    again = lead.post(address, {"deed": "new_links", "delivery": "links"}, follow=True).content.decode()
    assert "Close the survey, which keeps what was sent in" in again


def test_a_draft_is_discarded_and_a_button_unknown_changes_nothing(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    address = addresses(setting, made)["round"]
    page = lead.post(address, {"deed": "explode"}, follow=True)
    assert "Choose what to do with the buttons" in page.content.decode()
    assert Round.objects.exists()
    lead.post(address, {"deed": "discard"})
    assert not Invitation.objects.exists()


def test_an_open_survey_shows_progress_and_no_results(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead, 9)
    for link in links:
        answer(link, 1)
    page = lead.get(addresses(setting, made)["round"])
    words = " ".join(page.content.decode().split())
    assert "0 of 9" in words
    assert "counted in groups of 5 or more" in words
    mark_those_who_answered(made)
    page = lead.get(addresses(setting, made)["round"])
    words = " ".join(page.content.decode().split())
    assert "5 of 9" in words
    assert page.context["results"] is None
    assert "Overall" not in words
    health = lead.get(addresses(setting, made)["health"]).content.decode()
    assert "A survey is open: 5 of 9 have answered" in " ".join(health.split())
    assert "Not known" in health


def test_past_the_last_day_the_page_says_to_close(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Round.objects.update(opens_on=yesterday, closes_on=yesterday)
    assert "The last day to answer was" in lead.get(addresses(setting, made)["round"]).content.decode()


@pytest.mark.parametrize(("days", "warned"), [(0, True), (3, True), (4, False)])
def test_near_the_last_day_the_page_warns_of_too_few_answers(
    setting: Setting, lead: Client, days: int, warned: bool
) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    Round.objects.update(closes_on=in_some_days(days))
    page = addresses(setting, made)["round"]
    said = " ".join(lead.get(page).content.decode().split())
    assert "If fewer have, what they sent in is deleted unread as the survey closes" in said
    assert ("The last day is near" in said) is warned
    for link in links[:9]:
        answer(link, 4)
    mark_those_who_answered(made)
    assert "The last day is near" not in lead.get(page).content.decode()


def test_closing_asks_first_and_then_shows_the_results(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead, 10)
    pages = addresses(setting, made)
    said = " ".join(lead.get(pages["close"]).content.decode().split())
    assert "What was sent in may be deleted unread" in said
    assert "if fewer than 5 people have sent their answers in, nobody is shown them" in said
    assert "Give people more time instead" in said
    for place, link in enumerate(links[:9]):
        answer(link, {item: 2 + (place + number) % 4 for number, item in enumerate(ITEMS)})
    mark_those_who_answered(made)
    assert "You will see the results at once" in lead.get(pages["close"]).content.decode()
    assert lead.post(pages["close"])["Location"] == pages["round"]
    words = " ".join(lead.get(pages["round"]).content.decode().split())
    assert "9 of 10 answered" in words
    assert "Overall 3.5 of 5, likely between" in words
    for name in ("Strategy", "Culture", "Structure", "Relentless focus", "Skills and capabilities", "Time"):
        assert name in words
    assert "chart-characteristics-data" in words
    again = lead.post(pages["close"], follow=True)
    assert "not open, or is closed already" in again.content.decode()
    assert lead.get(pages["close"])["Location"] == pages["round"]


def test_under_five_answers_nothing_is_shown(setting: Setting, lead: Client) -> None:
    made = closed(setting.participation, setting.lead, [1] * 4)
    page = lead.get(addresses(setting, made)["round"])
    words = page.content.decode()
    assert page.context["results"] is None
    assert "what they sent in was deleted unread as the survey closed" in words
    assert "Overall" not in words
    assert "chart" not in page.context or page.context["chart"] is None
    assert "too few answered the last survey" in lead.get(addresses(setting, made)["health"]).content.decode()


def test_a_scale_on_which_too_few_have_a_view_is_hidden_with_its_items(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead)
    for place, link in enumerate(links):
        few = dict.fromkeys(("FOC1", "FOC2", "PUR1"), 2 if place < 4 else None)
        answer(link, {**dict.fromkeys(ITEMS, 4), **few})
    close_round(round=made, by=setting.lead)
    results = lead.get(addresses(setting, made)["round"]).context["results"]
    lines = {line.name: line for line in results.characteristics}
    assert lines["Relentless focus"].estimate is None
    assert not lines["Relentless focus"].items
    # Enough have a view on the whole; one item has not, counts nowhere, and its three neighbours are shown.
    assert lines["Clear purpose, realistic goals"].estimate.mean == 4
    assert [one.item.code for one in lines["Clear purpose, realistic goals"].items] == ["PUR2", "GOA1", "GOA2"]
    assert "One statement is not shown: fewer than 5 people had a view on it." in page_of(setting, made, lead)
    assert len(lines["Skills and capabilities"].items) == 2


def test_reasons_are_shown_in_no_order_of_writing(setting: Setting, lead: Client) -> None:
    """But in one that is drawn as the survey closes, by which they stand whenever the page is opened."""
    made, links = opened(setting.participation, setting.lead, 12)
    for number, link in enumerate(links):
        respondent, _ = respondent_with(link.secret)
        record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(1, f"Reason {number}")})
        answer(link, dict.fromkeys(set(ITEMS) - {"PUR1"}, 1))
    close_round(round=made, by=setting.lead)
    first, again = (re.findall(r"Reason \d+", page_of(setting, made, lead)) for _ in range(2))
    written = [f"Reason {number}" for number in range(12)]
    assert sorted(first) == sorted(written)
    assert first == again
    assert first not in (written, written[::-1])  # by chance once in two hundred million times
    as_they_lie = list(Answer.objects.exclude(reason="").order_by("pk").values_list("reason", flat=True))
    assert first == as_they_lie


def test_what_fewer_wrote_than_it_takes_is_not_shown(setting: Setting, lead: Client) -> None:
    """However much each of them wrote: by how they write it could be told whose it is."""
    for number in (4, 5):
        made, links = opened(setting.participation, setting.lead, 9)
        for place, link in enumerate(links):
            respondent, _ = respondent_with(link.secret)
            written = {item: GivenAnswer(1, f"Reason {place}") for item in ITEMS} if place < number else {}
            record_answers(respondent=respondent, answers=written)
            answer(link, {"PUR1": 1} if place < number else 1)
        close_round(round=made, by=setting.lead)
        assert ("Reason 0" in page_of(setting, made, lead)) == (number == 5)


def test_who_wrote_where_nothing_is_shown_is_nobody_to_hide_among(setting: Setting, lead: Client) -> None:
    """Four wrote beside what is hidden and one beside all that is shown: every word on the page would be theirs."""
    made, links = opened(setting.participation, setting.lead, 9)
    for place, link in enumerate(links):
        respondent, _ = respondent_with(link.secret)
        beside = {"FOC1", "FOC2"} if place < 4 else set(ITEMS) - {"FOC1", "FOC2"} if place == 4 else set()
        written = {item: GivenAnswer(1, f"Reason {place}") for item in beside}
        record_answers(respondent=respondent, answers=written)
        answer(link, {item: None if item in {"FOC1", "FOC2"} else 1 for item in ITEMS if item not in beside})
    close_round(round=made, by=setting.lead)
    words = page_of(setting, made, lead)
    assert "Boundary-spanning leadership" in words
    assert "Reason" not in words


def page_of(setting: Setting, made: Round, lead: Client) -> str:
    return lead.get(addresses(setting, made)["round"]).content.decode()


def test_reasons_are_shown_without_markup(setting: Setting, lead: Client) -> None:
    made = closed(setting.participation, setting.lead, [1] * 5)
    for answered in Answer.objects.filter(item="PUR1"):
        rewrite(answered, "reason", "<script>alert(1)</script>")
    words = lead.get(addresses(setting, made)["round"]).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words
    assert "<script>alert(1)" not in words


def more_time(setting: Setting, made: Round) -> str:
    return f"/o/{setting.code}/surveys/{made.pk}/last-day/"


def in_some_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def in_days(days: int) -> dict[str, str]:
    day = in_some_days(days)
    return {"closes_on-day": str(day.day), "closes_on-month": str(day.month), "closes_on-year": str(day.year)}


def test_the_last_day_is_changed_on_a_page_of_its_own(setting: Setting, lead: Client) -> None:
    made, _ = opened(setting.participation, setting.lead)
    assert "Change the last day" in lead.get(addresses(setting, made)["round"]).content.decode()
    # As it stands, so that a hasty Save shortens nothing; two weeks from now where the day has passed.
    assert lead.get(more_time(setting, made)).context["form"].initial == {"closes_on": made.closes_on}
    Round.objects.filter(pk=made.pk).update(opens_on=in_some_days(-9), closes_on=in_some_days(-1))
    assert lead.get(more_time(setting, made)).context["form"].initial == {"closes_on": in_some_days(14)}
    wrong = lead.post(more_time(setting, made), in_days(-3))
    assert "Enter a last day to answer that is today or later." in wrong.content.decode()
    assert "<title>Error: " in wrong.content.decode()
    assert lead.post(more_time(setting, made), in_days(20)).status_code == 302
    made.refresh_from_db()
    assert made.closes_on == in_some_days(20)


def test_a_survey_without_results_opens_again_and_one_with_them_does_not(setting: Setting, lead: Client) -> None:
    few = closed(setting.participation, setting.lead, [4] * 2)
    assert "Open it again" in lead.get(addresses(setting, few)["round"]).content.decode()
    said = " ".join(lead.get(more_time(setting, few)).content.decode().split())
    assert "2 of 7 had answered when it closed, too few to show results, and what they sent in was deleted" in said
    assert "Opening it again asks <strong>everybody anew</strong>" in said
    page = lead.post(more_time(setting, few), in_days(5), follow=True)
    assert "asks everybody anew: what was sent in before was deleted" in page.content.decode()
    few.refresh_from_db()
    assert few.state == "open"
    close_round(round=few, by=setting.lead)
    enough = closed(setting.participation, setting.lead, [4] * 6)
    answered = lead.get(more_time(setting, enough), follow=True)
    assert "Its results have been shown" in answered.content.decode()
    lead.post(more_time(setting, enough), in_days(5))
    enough.refresh_from_db()
    assert enough.state == "closed"


def test_the_next_survey_begins_with_the_people_of_the_last(setting: Setting, lead: Client) -> None:
    closed(setting.participation, setting.lead, [4] * 6)
    page = lead.get(f"{addresses(setting, Round(pk=1))['start']}?partnership={setting.participation.partnership.slug}")
    assert "Person 1, person1@partner.example" in page.content.decode()
    unasked = lead.get(addresses(setting, Round(pk=1))["start"]).content.decode()
    assert "person1@partner.example" not in unasked


def test_health_as_a_page_and_as_a_tile(setting: Setting, lead: Client, executive: Client) -> None:
    address = f"/o/{setting.code}/partnerships/{setting.participation.partnership.slug}/health/"
    assert "nobody has been asked yet" in lead.get(address).content.decode()
    made = closed(setting.participation, setting.lead, [4] * 6)
    page = lead.get(address)
    assert "<h1>" in page.content.decode()
    assert "HX-Request" in page["Vary"]
    tile = lead.get(address, headers=HTMX)
    words = tile.content.decode()
    assert words.strip().startswith('<div id="partnership-health">')
    assert "<h1>" not in words
    assert "HX-Request" in tile["Vary"]
    assert "4.0" in words
    assert f"/surveys/{made.pk}/" in words
    assert "Start a survey" in words
    assert "Start a survey" not in executive.get(address, headers=HTMX).content.decode()
    draft(setting.participation, setting.lead)
    assert "being prepared" in lead.get(address, headers=HTMX).content.decode()
    assert lead.get(f"/o/{setting.code}/partnerships/nonsense/health/").status_code == 404
