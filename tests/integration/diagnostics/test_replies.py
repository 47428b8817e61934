"""What an organisation tells its partners: written by few, read by whoever holds the address, taken back for good."""

from __future__ import annotations

import datetime
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.actions import RoundRefusedError, close_round
from diagnostics.actions.replies import (
    publish_reply,
    remove_line,
    reply_to,
    reply_version,
    withdraw_reply,
    write_line,
    write_reply,
)
from diagnostics.models import Invitation, PartnerReply, Progress, ReplyLetter, ReplyLine, Round, Subject
from diagnostics.models.replies import new_token, token_hash
from diagnostics.replying import TRIED_FOR, send_letters
from diagnostics.tasks import send_what_waits
from partnerships.editing import ChangedMeanwhile
from partnerships.exports.record import record_rows
from partnerships.isolation import acting_for, acting_for_nobody, acting_with_link
from partnerships.record.lines import Search
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import answer, closed, opened
from tests.integration.diagnostics.test_read_bounces import number_to
from tests.integration.diagnostics.test_read_bounces import read as read_report
from tests.unit.diagnostics.mail_reports import postfix

HEARD, DOING = "You wait too long for our answers.", "Two of us may now say yes without asking."
HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} =cmd|'/c calc'!A1 \u202eevil"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_ADDRESS = "https://triage.example"


@pytest.fixture
def round_(setting: Setting) -> Round:
    return closed(setting.participation, setting.lead, [2, 3, 2, 3, 4, 3], subject=Subject.BY_PARTNERS)


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


def words_of(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def now(round_: Round) -> str:
    return reply_version(reply_to(round_))


def write(round_: Round, setting: Setting, **changes: Any) -> ReplyLine:
    said: dict[str, Any] = {
        "characteristic": "governance",
        "heard": HEARD,
        "doing": DOING,
        "progress": Progress.PLANNED,
        "on_day": datetime.date(2027, 3, 1),
        **changes,
    }
    return write_line(round=round_, by=setting.lead, expected_version=now(round_), **said)


def publish(round_: Round, setting: Setting, *, tell: bool = False) -> PartnerReply:
    return publish_reply(round=round_, by=setting.lead, tell=tell, expected_version=now(round_))


def address(reply: PartnerReply) -> str:
    return f"/r/{reply.token}/"


def read(reply: PartnerReply) -> Any:
    """As anybody who has the address: no session, no account."""
    return Client().get(address(reply))


def page(setting: Setting, round_: Round, more: str = "") -> str:
    return f"/o/{setting.code}/surveys/{round_.pk}/reply/{more}"


def test_partners_read_what_was_published_and_nothing_that_was_written_since(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    write_reply(round=round_, opening="Thank you all", shows_means=False, by=setting.lead, expected_version=now(round_))
    made = publish(round_, setting)
    words = words_of(read(made))
    for said in ("Thank you all", HEARD, DOING, "Enabling governance", "Planned", "by 1 March 2027"):
        assert said in words
    write(round_, setting, heard="Not yet for anybody")
    write(round_, setting, characteristic="trust", heard="Nor this")
    words = words_of(read(made))
    assert HEARD in words
    assert "Not yet for anybody" not in words
    assert "Nor this" not in words
    publish(round_, setting)
    assert "Not yet for anybody" in words_of(read(made))


def test_the_page_is_kept_by_nobody_and_found_by_no_search(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    answered = read(publish(round_, setting))
    assert answered["X-Robots-Tag"] == "noindex, nofollow"
    assert answered["Referrer-Policy"] == "same-origin"  # and no page leads outside
    assert "no-store" in answered["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in answered.content.decode()
    assert answered.cookies == {}


def test_means_are_shown_where_it_is_ticked_and_only_those_of_the_results(setting: Setting) -> None:
    silent: dict[str, int | None] = {"US-FOC1": None, "US-FOC2": None}
    made, links = opened(setting.participation, setting.lead, subject=Subject.BY_PARTNERS)
    for place, link in enumerate(links):
        every: dict[str, int | None] = dict.fromkeys(made.instrument.item_by_code, 2)
        answer(link, every | silent if place < 3 else every)
    round_ = close_round(round=made, by=setting.lead)
    write(round_, setting)
    assert "How partners rated us" not in words_of(read(publish(round_, setting)))
    write_reply(round=round_, opening="", shows_means=True, by=setting.lead, expected_version=now(round_))
    words = words_of(read(publish(round_, setting)))
    assert "7 of 7 people answered." in words
    assert "Trust and generosity" in words
    assert "Relentless focus" not in words  # four people had a view on it


@pytest.mark.parametrize("guess", ["", "a", "x" * 43, "../o", "%00", "é" * 43])
def test_a_token_cannot_be_guessed(setting: Setting, round_: Round, guess: str) -> None:
    write(round_, setting)
    made = publish(round_, setting)
    assert len(made.token) >= 43
    assert Client().get(f"/r/{guess}/").status_code == 404
    assert Client().get(f"/r/{made.token[:-1]}/").status_code == 404
    assert Client().get(f"/r/{made.link_hash}/").status_code == 404
    assert HEARD in words_of(read(made))


def test_what_is_not_published_or_withdrawn_is_not_there(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    begun = reply_to(round_)
    assert begun is not None
    assert read(begun).status_code == 404
    made = publish(round_, setting)
    withdraw_reply(round=round_, by=setting.lead, expected_version=now(round_))
    assert read(made).status_code == 404
    again = publish(round_, setting)
    assert again.token != made.token
    assert read(made).status_code == 404  # the old address stays dead
    assert HEARD in words_of(read(again))
    withdraw_reply(round=round_, by=setting.lead, expected_version=now(round_))
    with pytest.raises(ValidationError, match="not published"):
        withdraw_reply(round=round_, by=setting.lead, expected_version=now(round_))


def test_the_database_shows_it_to_its_organisation_and_to_who_holds_its_address(
    setting: Setting, round_: Round
) -> None:
    write(round_, setting)
    made = publish(round_, setting)
    other, *_ = organisation_with_people()
    with acting_for_nobody():
        assert not PartnerReply.objects.exists()
    with acting_for(other):
        assert not PartnerReply.objects.exists()
        assert not ReplyLine.objects.exists()
    with acting_with_link(token_hash(new_token())):
        assert not PartnerReply.objects.exists()
    with acting_with_link(made.link_hash):
        assert PartnerReply.objects.count() == 1
        assert not ReplyLine.objects.exists()
        assert PartnerReply.objects.update(opening="theirs") == 0
    with acting_for(setting.organisation):
        assert ReplyLine.objects.count() == 1


def test_nothing_is_said_without_results_of_partners(setting: Setting) -> None:
    few = closed(setting.participation, setting.lead, [4] * 4, subject=Subject.BY_PARTNERS)
    own = closed(setting.participation, setting.lead, [4] * 7, subject=Subject.BY_US)
    about = closed(setting.participation, setting.lead, [4] * 7)
    for made in (few, own, about):
        with pytest.raises(RoundRefusedError, match="closed with enough answers"):
            write(made, setting)
    assert not PartnerReply.objects.exists()


def test_nothing_to_say_is_not_published(setting: Setting, round_: Round) -> None:
    with pytest.raises(ValidationError, match="at least one characteristic"):
        publish(round_, setting)
    write(round_, setting)
    remove_line(round=round_, characteristic="governance", by=setting.lead, expected_version=now(round_))
    with pytest.raises(ValidationError, match="at least one characteristic"):
        publish(round_, setting)
    with pytest.raises(ValidationError, match="one of the eight"):
        write(round_, setting, characteristic="weather")
    with pytest.raises(ValidationError):
        write(round_, setting, heard="")
    with pytest.raises(ValidationError):
        write(round_, setting, heard="x" * 1001)


def test_only_who_may_edit_writes_and_the_second_is_told(setting: Setting, round_: Round) -> None:
    first = now(round_)
    write(round_, setting)
    with pytest.raises(ChangedMeanwhile):
        publish_reply(round=round_, by=setting.lead, tell=True, expected_version=first)
    seen = now(round_)
    publish_reply(round=round_, by=setting.lead, tell=True, expected_version=seen)
    with pytest.raises(ChangedMeanwhile):  # the button pressed twice
        publish_reply(round=round_, by=setting.lead, tell=True, expected_version=seen)
    assert PartnerReply.objects.get().publishing == 1
    with pytest.raises(PermissionDenied):
        publish_reply(round=round_, by=setting.executive, tell=True, expected_version=now(round_))


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("reply_published_by_and_at", {"published_at": timezone.now()}),
        ("reply_withdrawn_by_and_at", {"withdrawn_at": timezone.now()}),
        ("reply_letters_of_what_is_public", {"letters_waiting": True}),
        ("reply_opening_is_short", {"opening": "x" * 1001}),
    ],
)
def test_the_database_keeps_the_rules_of_a_reply(
    setting: Setting, round_: Round, rule: str, facts: dict[str, Any]
) -> None:
    write(round_, setting)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        PartnerReply.objects.update(**facts)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("reply_line_progress_is_known", {"progress": "never"}),
        ("reply_line_says_something", {"heard": ""}),
        ("reply_line_is_short", {"doing": "x" * 1001}),
        ("reply_line_once_a_characteristic", {"characteristic": "governance"}),
    ],
)
def test_the_database_keeps_the_rules_of_a_line(
    setting: Setting, round_: Round, rule: str, facts: dict[str, Any]
) -> None:
    write(round_, setting)
    line = write(round_, setting, characteristic="trust")
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        ReplyLine.objects.filter(pk=line.pk).update(**facts)


def test_everybody_asked_is_told_once_a_publishing(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    made = publish(round_, setting)
    assert send_letters(setting.organisation) == 7
    assert send_letters(setting.organisation) == 0
    told = sorted(one.to[0] for one in mail.outbox)
    assert told == [f"Person {one} <person{one}@partner.example>" for one in range(1, 8)]
    letter = mail.outbox[0]
    assert letter.subject == "Westmere Frailty Alliance: what Westmere Community Trust does with what partners said"
    assert f"https://triage.example{address(made)}" in letter.body
    assert HEARD not in letter.body
    assert not PartnerReply.objects.get().letters_waiting
    publish(round_, setting)  # not ticked
    assert send_letters(setting.organisation) == 0
    publish(round_, setting, tell=True)
    assert send_letters(setting.organisation) == 7
    assert ReplyLetter.objects.filter(sent=True).count() == 14


def test_a_letter_that_comes_back_later_is_known_by_its_number_and_shown(
    setting: Setting, round_: Round, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of somebody who is known to have answered, and once the survey is closed."""
    write(round_, setting)
    publish(round_, setting, tell=True)
    send_letters(setting.organisation)
    Invitation.objects.filter(round=round_).update(completed=True)
    to = "person1@partner.example"
    number = number_to(to)
    assert number.startswith("<survey.")
    assert "came back" not in words_of(lead.get(page(setting, round_)))
    assert "1 person is newly marked in surveys" in read_report(postfix(number, to=to), monkeypatch)
    assert Invitation.objects.exclude(email_failed_on=None).get().email == to
    assert f"came back from {to}" in words_of(lead.get(page(setting, round_)))


def test_a_letter_that_was_taken_and_never_sent_is_not_sent_again(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    made = publish(round_, setting)
    ReplyLetter.objects.create(
        organisation=setting.organisation,
        reply=made,
        invitation=round_.invitations.all()[0],
        publishing=1,
        taken_on=timezone.localdate(),
    )
    assert send_letters(setting.organisation) == 6
    with pytest.raises(IntegrityError, match="reply_letter_once"), transaction.atomic():
        ReplyLetter.objects.create(
            organisation=setting.organisation,
            reply=made,
            invitation=round_.invitations.all()[0],
            publishing=1,
            taken_on=timezone.localdate(),
        )


def test_a_withdrawn_reply_is_sent_to_nobody(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    publish(round_, setting)
    withdraw_reply(round=round_, by=setting.lead, expected_version=now(round_))
    assert send_letters(setting.organisation) == 0
    assert mail.outbox == []


def refusing(code: int) -> Any:
    def send(self: EmailBackend, messages: Any) -> int:
        address_ = messages[0].to[0]
        if "person3@" in address_:
            raise smtplib.SMTPRecipientsRefused({address_: (code, b"no")})
        mail.outbox += messages
        return 1

    return send


@pytest.mark.parametrize(("code", "waits"), [(550, False), (451, True)])
def test_an_address_that_is_refused(
    setting: Setting, round_: Round, monkeypatch: pytest.MonkeyPatch, code: int, waits: bool
) -> None:
    write(round_, setting)
    publish(round_, setting)
    monkeypatch.setattr(EmailBackend, "send_messages", refusing(code))
    assert send_letters(setting.organisation) == 6
    refused = Invitation.objects.get(email="person3@partner.example")
    assert (refused.email_failed_on is None) == waits
    assert PartnerReply.objects.get().letters_waiting == waits
    monkeypatch.undo()
    assert send_letters(setting.organisation) == (1 if waits else 0)


def test_what_is_put_off_for_days_is_given_up(setting: Setting, round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    write(round_, setting)
    publish(round_, setting)
    PartnerReply.objects.update(published_at=timezone.now() - TRIED_FOR - datetime.timedelta(hours=1))
    monkeypatch.setattr(EmailBackend, "send_messages", refusing(451))
    assert send_letters(setting.organisation) == 6
    assert not PartnerReply.objects.get().letters_waiting


def test_the_schedule_finds_what_waits(setting: Setting, round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr("diagnostics.tasks.send_to_each", lambda task, organisations: sent.extend(organisations))
    send_what_waits()
    assert sent == []
    write(round_, setting)
    publish(round_, setting)
    with acting_for_nobody():
        send_what_waits()
    assert sent == [setting.organisation.pk]


def test_without_mail_nothing_waits(setting: Setting, round_: Round, settings: Any) -> None:
    settings.SITE_ADDRESS = ""
    write(round_, setting)
    assert not publish(round_, setting).letters_waiting
    assert send_letters(setting.organisation) == 0


def test_a_lead_writes_publishes_and_withdraws_on_the_pages(setting: Setting, round_: Round, lead: Client) -> None:
    here = page(setting, round_)
    first = words_of(lead.get(here))
    assert "asked for under freedom of information" in first
    assert "Publish what is saved" not in first
    line = page(setting, round_, "governance/")
    assert "Enabling governance" in words_of(lead.get(line))
    data = {"heard": HEARD, "doing": DOING, "progress": "under_way", "version": now(round_)}
    wrong = lead.post(line, {**data, "heard": ""})
    assert "Enter what you heard from partners." in words_of(wrong)
    assert DOING in words_of(wrong)
    assert lead.post(line, data)["Location"] == here
    assert f"We heard: {HEARD}" in words_of(lead.get(here))
    lead.post(here, {"deed": "save", "opening": "Thank you", "shows_means": "on", "version": now(round_)})
    answered = lead.post(here, {"deed": "publish", "version": now(round_)}, follow=True)
    assert "Those who were asked are told by email." in words_of(answered)
    made = PartnerReply.objects.get()
    assert f"https://triage.example{address(made)}" in words_of(answered)
    assert "To be done" not in words_of(read(made))
    partner = f"/o/{setting.code}/partnerships/{setting.participation.partnership.slug}/partner/"
    assert address(made) in words_of(lead.get(partner))
    stale = lead.post(here, {"deed": "withdraw", "version": "old"}, follow=True)
    assert "Somebody else changed this reply meanwhile." in words_of(stale)
    assert "Withdrawn." in words_of(lead.post(here, {"deed": "withdraw", "version": now(round_)}, follow=True))
    assert read(made).status_code == 404
    assert lead.post(line, {"deed": "remove", "version": now(round_)})["Location"] == here
    assert not ReplyLine.objects.exists()
    assert "Choose what to do with the buttons" in words_of(lead.post(here, {"deed": "eat"}, follow=True))


def test_the_pages_are_of_a_survey_of_partners_with_results(setting: Setting, lead: Client) -> None:
    about = closed(setting.participation, setting.lead, [4] * 7)
    few = closed(setting.participation, setting.lead, [4] * 4, subject=Subject.BY_PARTNERS)
    for made in (about, few):
        assert lead.get(page(setting, made)).status_code == 404
        assert lead.get(page(setting, made, "trust/")).status_code == 404


def test_a_characteristic_that_is_none_is_not_found(setting: Setting, round_: Round, lead: Client) -> None:
    assert lead.get(page(setting, round_, "weather/")).status_code == 404


def test_others_do_not_write(setting: Setting, round_: Round) -> None:
    client = Client()
    client.force_login(setting.executive)
    for more in ("", "trust/"):
        assert client.get(page(setting, round_, more)).status_code == 403
        assert client.post(page(setting, round_, more), {"deed": "publish"}).status_code == 403


def test_hostile_words_are_words(setting: Setting, round_: Round, lead: Client) -> None:
    write(round_, setting, heard=HOSTILE, doing=HOSTILE)
    write_reply(round=round_, opening=HOSTILE, shows_means=False, by=setting.lead, expected_version=now(round_))
    made = publish(round_, setting)
    for answered in (read(made), lead.get(page(setting, round_)), lead.get(page(setting, round_, "governance/"))):
        content = answered.content.decode()
        assert "<script>alert(1)" not in content
        assert "&lt;script&gt;alert(1)" in content
        assert "{{ 7|add:7 }}" in content


def test_the_next_survey_of_partners_leads_to_it(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    made = publish(round_, setting)
    for subject, leads in ((Subject.BY_PARTNERS, True), (Subject.BY_US, False), (Subject.PARTNERSHIP, False)):
        _, links = opened(setting.participation, setting.lead, subject=subject)
        words = words_of(Client().get(f"/s/{links[0].secret}/", follow=True))
        assert (address(made) in words) == leads
        assert ("What was done with what partners said last time" in words) == leads
    another = active_participation(setting.organisation)
    _, links = opened(another, setting.lead, subject=Subject.BY_PARTNERS)
    assert "/r/" not in words_of(Client().get(f"/s/{links[0].secret}/", follow=True))


def test_its_changes_are_on_the_record_and_its_address_is_not(setting: Setting, round_: Round) -> None:
    write(round_, setting)
    write(round_, setting, heard="Otherwise")
    made = publish(round_, setting)
    withdraw_reply(round=round_, by=setting.lead, expected_version=now(round_))
    lines = list(ReplyLine.pgh_event_model.objects.order_by("pgh_id").values_list("heard", flat=True))  # type: ignore[attr-defined]
    assert lines == [HEARD, "Otherwise"]
    events = list(PartnerReply.pgh_event_model.objects.order_by("pgh_id").values())  # type: ignore[attr-defined]
    assert [bool(one["published_at"]) for one in events] == [False, True, True]
    assert bool(events[-1]["withdrawn_at"])
    assert made.token not in str(events)
    assert made.link_hash not in str(events)


def test_the_record_of_a_reply_names_its_partnership_also_where_the_reply_begins_without_words(
    setting: Setting, round_: Round
) -> None:
    write(round_, setting)
    said = [" ".join(row) for row in record_rows(Search(organisation=setting.organisation))[0]]
    name = setting.participation.partnership.display_name
    assert len([line for line in said if "part of a reply to partners" in line and name in line]) == 1
    assert not any("no longer there" in line for line in said)
