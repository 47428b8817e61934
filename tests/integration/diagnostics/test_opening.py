"""A survey opens by itself on the day that was set, and each person has their link by one letter."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from config.settings import CELERY_BEAT_SCHEDULE
from diagnostics import reminding
from diagnostics.actions import (
    RoundRefusedError,
    close_round,
    correct_address,
    discard_round,
    give_more_time,
    issue_link,
    issue_links,
    open_round,
    set_opening_day,
    start_round,
)
from diagnostics.keys import destroy_keys
from diagnostics.models import Invitation, Reminder, ReminderKind, Round, RoundState
from diagnostics.opening import open_on_their_day
from diagnostics.reminding import days_of, remind
from diagnostics.tasks import open_everywhere
from partnerships.models import AccessGrant
from partnerships.over_all_organisations import ids_of
from tests.factories import active_participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.mail_server import MailServer, mail_server, port_where_nobody_listens
from tests.integration.diagnostics.survey_data import answer, draft, next_week, people

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
EVERYBODY = [f"person{number}@partner.example" for number in range(1, 8)]


@pytest.fixture(autouse=True)
def writing(settings: Any) -> None:
    """At any hour, so that these tests may run at night; hours are what some of them are about."""
    settings.SITE_ADDRESS = "http://testserver/"
    settings.REMINDERS_AT_ANY_TIME = True


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as one:
        settings.EMAIL_BACKEND = one.environment["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
        yield one


def weekday(days: int = 1) -> datetime.date:
    """The first weekday in so many days or later."""
    day = timezone.localdate() + days * DAY
    while day.weekday() > 4:
        day += DAY
    return day


def due(made: Round, setting: Setting) -> Round:
    """A draft whose day has come."""
    Round.objects.filter(pk=made.pk).update(opens_by_itself_on=timezone.localdate(), opening_set_by=setting.lead)
    made.refresh_from_db()
    return made


def opened_by_itself(setting: Setting, number: int = 7) -> Round:
    made = due(draft(setting.participation, setting.lead, number), setting)
    assert open_on_their_day(setting.organisation) == 1
    made.refresh_from_db()
    return made


def link_in(server: MailServer, address: str) -> str:
    [found] = [word for word in server.body_to(address).split() if word.startswith("http://testserver/s/")]
    return found.removeprefix("http://testserver/s/").rstrip("/")


def test_it_opens_on_its_day_and_everybody_has_one_letter_with_a_link_that_works(
    setting: Setting, server: MailServer
) -> None:
    made = opened_by_itself(setting)
    assert (made.state, made.opened_by, made.opens_on) == (RoundState.OPEN, setting.lead, timezone.localdate())
    assert (made.opens_by_itself_on, made.opening_set_by) == (timezone.localdate(), setting.lead)
    assert ids_of("diagnostics_with_reminders_due", timezone.localdate()) == [setting.organisation.pk]
    assert remind(setting.organisation) == 7
    assert server.reached() == EVERYBODY
    assert not server.letters[0][1]["Subject"].startswith("Reminder")
    assert Client().get(f"/s/{link_in(server, EVERYBODY[0])}/").status_code == 302
    assert set(Reminder.objects.values_list("kind", "sent")) == {("first", True)}
    for _ in range(2):
        assert open_on_their_day(setting.organisation) == remind(setting.organisation) == 0
    assert ids_of("diagnostics_with_reminders_due", timezone.localdate()) == []


def test_before_its_day_it_stays_a_draft(setting: Setting, server: MailServer) -> None:
    made = draft(setting.participation, setting.lead)
    day = weekday()
    set_opening_day(round=made, day=day, by=setting.lead)
    assert open_on_their_day(setting.organisation) == 0
    assert ids_of("diagnostics_due_to_open", timezone.localdate()) == []
    assert ids_of("diagnostics_due_to_open", day) == [setting.organisation.pk]
    made.refresh_from_db()
    assert (made.state, made.opens_by_itself_on) == (RoundState.DRAFT, day)


@pytest.mark.parametrize(("day", "hour"), [(0, 6), (0, 19), (5, 12)])
def test_it_opens_when_people_may_be_written_to(setting: Setting, settings: Any, day: int, hour: int) -> None:
    settings.REMINDERS_AT_ANY_TIME = False
    made = due(draft(setting.participation, setting.lead), setting)
    monday = timezone.localdate() - timezone.localdate().weekday() * DAY + 7 * DAY
    Round.objects.filter(pk=made.pk).update(closes_on=monday + 20 * DAY)

    def clock(day: int, hour: int) -> Any:
        moment = datetime.datetime.combine(monday + day * DAY, datetime.time(hour), tzinfo=datetime.UTC)
        return lambda: moment

    assert open_on_their_day(setting.organisation, clock=clock(day, hour)) == 0
    assert open_on_their_day(setting.organisation, clock=clock(0, 10)) == 1


def test_what_opens_it_before_sends_the_links_and_they_come_once(setting: Setting, server: MailServer) -> None:
    made = due(draft(setting.participation, setting.lead), setting)
    assert len(open_round(round=made, by=setting.lead)) == 7
    made.refresh_from_db()
    assert (made.opens_by_itself_on, made.opening_set_by) == (None, None)
    assert open_on_their_day(setting.organisation) == remind(setting.organisation) == 0
    assert server.letters == []


def test_discarded_or_taken_back_it_does_not_open(setting: Setting, server: MailServer) -> None:
    made = due(draft(setting.participation, setting.lead), setting)
    set_opening_day(round=made, day=None, by=setting.lead)
    assert open_on_their_day(setting.organisation) == 0
    discard_round(round=due(made, setting), by=setting.lead)
    assert open_on_their_day(setting.organisation) == 0
    with pytest.raises(RoundRefusedError, match="discarded"):
        set_opening_day(round=made, day=weekday(), by=setting.lead)


def test_whoever_is_given_a_link_by_somebody_is_sent_none(setting: Setting, server: MailServer) -> None:
    made = opened_by_itself(setting)
    first, second, third, *_ = made.invitations.order_by("email")
    issue_link(invitation=first, by=setting.lead)
    corrected = correct_address(invitation=second, email="new@partner.example", by=setting.lead)
    issue_link(invitation=corrected, by=setting.lead)
    assert remind(setting.organisation) == 5
    assert server.reached() == EVERYBODY[2:]
    assert third.email in server.reached()
    issue_links(round=made, by=setting.lead)
    assert remind(setting.organisation) == 0


def test_sent_again_by_a_person_before_the_letters_leave_there_is_one_of_each(
    setting: Setting, server: MailServer
) -> None:
    made = opened_by_itself(setting)
    client = Client()
    client.force_login(setting.lead)
    client.post(f"/o/{setting.code}/surveys/{made.pk}/", {"deed": "new_links", "delivery": "email"})
    assert server.reached() == EVERYBODY
    assert remind(setting.organisation) == 0


def test_more_time_does_not_send_it_again(setting: Setting, server: MailServer) -> None:
    made = opened_by_itself(setting)
    assert remind(setting.organisation) == 7
    give_more_time(round=made, closes_on=next_week() + 7 * DAY, by=setting.lead)
    assert remind(setting.organisation) == 0
    one = Reminder.objects.all()[0]
    one.pk, one.last_day = None, next_week() + 7 * DAY
    with pytest.raises(IntegrityError, match="reminder_first_once"), transaction.atomic():
        one.save()


def test_with_the_mail_server_down_letters_come_later_and_nobody_is_reminded_before(
    setting: Setting, settings: Any
) -> None:
    port = port_where_nobody_listens()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    made = opened_by_itself(setting)
    assert remind(setting.organisation) == 0
    assert not Reminder.objects.exists()
    with mail_server(port) as server:
        server.refused.add(EVERYBODY[0])
        server.put_off.add(EVERYBODY[1])
        # by the day of a reminder, too, people have the invitation and no reminder of what they have not had
        later = made.closes_on - DAY
        moment = datetime.datetime.combine(later, datetime.time(10), tzinfo=datetime.UTC)
        Round.objects.filter(pk=made.pk).update(remind_before_last_day=True)
        assert remind(setting.organisation, clock=lambda: moment) == 5
        server.put_off.clear()
        assert remind(setting.organisation, clock=lambda: moment) == 1
        assert server.reached() == EVERYBODY[1:]
        assert not any(letter["Subject"].startswith("Reminder") for _, letter in server.letters)
        moment += DAY
        assert remind(setting.organisation, clock=lambda: moment) == 6
        assert all(letter["Subject"].startswith("Reminder") for _, letter in server.letters[6:])
    assert made.invitations.get(email=EVERYBODY[0]).email_failed_on is not None


def test_opened_again_whoever_never_had_a_letter_gets_a_link_that_works(setting: Setting, server: MailServer) -> None:
    made = opened_by_itself(setting)
    close_round(round=made, by=setting.lead)
    give_more_time(round=made, closes_on=next_week() + DAY, by=setting.lead)
    assert remind(setting.organisation) == 7
    assert Client().get(f"/s/{link_in(server, EVERYBODY[0])}/").status_code == 302


def test_a_worker_killed_before_its_letter_leaves_a_line_and_the_page_says_so(
    setting: Setting, server: MailServer
) -> None:
    made = opened_by_itself(setting)
    lost = made.invitations.order_by("email")[0]
    Reminder.objects.create(
        organisation=setting.organisation,
        invitation=lost,
        kind=ReminderKind.FIRST,
        last_day=made.closes_on,
        taken_on=timezone.localdate(),
    )
    words = page(setting, made)
    assert "6 people are still to get their link by email" in words
    assert remind(setting.organisation) == 6
    assert server.reached() == EVERYBODY[1:]
    words = page(setting, made)
    assert "6 people were sent their link. Of 1 more it is not known whether the email left" in words
    assert "still to get" not in words


def page(setting: Setting, made: Round) -> str:
    client = Client()
    client.force_login(setting.lead)
    return " ".join(client.get(f"/o/{setting.code}/surveys/{made.pk}/").content.decode().split())


def test_no_invitation_without_a_link_leaves_where_the_survey_closes_meanwhile(
    setting: Setting, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = opened_by_itself(setting)
    take = reminding._take

    def taken_and_then_closed(*arguments: Any) -> list[Reminder]:
        lines = take(*arguments)
        destroy_keys(made.organisation_id, made.pk)
        return lines

    monkeypatch.setattr(reminding, "_take", taken_and_then_closed)
    assert remind(setting.organisation) == 0
    assert server.letters == []
    assert not Reminder.objects.exists()


def test_with_an_open_link_alone_it_opens_and_writes_to_nobody(setting: Setting, server: MailServer) -> None:
    made = start_round(
        participation=setting.participation, people=[], closes_on=next_week(), by=setting.lead, open_link_for=9
    )
    Round.objects.filter(pk=made.pk).update(opens_by_itself_on=weekday(), opening_set_by=setting.lead)
    assert "Nobody is asked by name, so give people the open link yourself." in page(setting, made)
    due(made, setting)
    assert open_on_their_day(setting.organisation) == 1
    assert remind(setting.organisation) == 0
    made.refresh_from_db()
    assert made.state == RoundState.OPEN
    assert not made.invitations.filter(link_hash=None).exists()


def test_where_it_cannot_open_it_stays_a_draft_and_says_why(setting: Setting, settings: Any) -> None:
    made = due(draft(setting.participation, setting.lead), setting)
    settings.SITE_ADDRESS = ""
    assert open_on_their_day(setting.organisation) == 0
    assert "set SITE_ADDRESS, or open the survey yourself" in page(setting, made)
    settings.SITE_ADDRESS = "http://testserver/"
    other = setting.executive
    Round.objects.filter(pk=made.pk).update(opening_set_by=other)
    assert open_on_their_day(setting.organisation) == 0
    words = page(setting, made)
    assert "It has not opened by itself" in words
    assert f"{other}, who set the day, may no longer change surveys here. Set the day again" in words
    yesterday = timezone.localdate() - DAY
    Round.objects.filter(pk=made.pk).update(
        opening_set_by=setting.lead, opens_by_itself_on=yesterday, closes_on=yesterday
    )
    assert open_on_their_day(setting.organisation) == 0
    assert "The last day to answer has passed. Change the last day" in page(setting, made)
    made.refresh_from_db()
    assert made.state == RoundState.DRAFT


def test_whose_role_has_ended_opens_nothing(setting: Setting) -> None:
    made = due(draft(setting.participation, setting.lead), setting)
    assert AccessGrant.objects.filter(person=setting.lead).exists()
    type(setting.lead).objects.filter(pk=setting.lead.pk).update(is_active=False)
    assert open_on_their_day(setting.organisation) == 0
    made.refresh_from_db()
    assert made.state == RoundState.DRAFT


def test_where_no_key_can_be_drawn_it_stays_a_draft_and_the_next_one_opens(
    setting: Setting, settings: Any, tmp_path: Path
) -> None:
    made = due(draft(setting.participation, setting.lead), setting)
    Round.objects.filter(pk=made.pk).update(opens_by_itself_on=timezone.localdate() - 5 * DAY)
    kept, settings.SURVEY_KEYS = settings.SURVEY_KEYS, str(tmp_path / "file")
    Path(settings.SURVEY_KEYS).write_text("no folder")
    assert open_on_their_day(setting.organisation) == 0
    made.refresh_from_db()
    assert made.state == RoundState.DRAFT
    assert not Invitation.objects.filter(link_by_letter=True).exists()
    assert "no key for its links could be drawn" in page(setting, made)
    settings.SURVEY_KEYS = kept
    assert open_on_their_day(setting.organisation) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_opens_it_and_each_letter_leaves_once(setting: Setting, server: MailServer) -> None:
    due(draft(setting.participation, setting.lead), setting)
    opened: list[int] = []
    sent: list[int] = []

    def work() -> None:
        try:
            opened.append(open_on_their_day(setting.organisation))
            sent.append(remind(setting.organisation))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sum(opened) == 1
    assert sum(sent) == 7
    assert server.reached() == EVERYBODY


def test_the_day_is_checked(setting: Setting, settings: Any) -> None:
    made = draft(setting.participation, setting.lead)
    saturday = weekday(3)
    Round.objects.filter(pk=made.pk).update(closes_on=saturday + 14 * DAY)
    while saturday.weekday() != 5:
        saturday += DAY
    for day, words in (
        (timezone.localdate(), "from tomorrow on"),
        (saturday + 20 * DAY, "up to the last day to answer"),
        (saturday, "is a Saturday. Enter a weekday"),
    ):
        with pytest.raises(ValidationError, match=words):
            set_opening_day(round=made, day=day, by=setting.lead)
    with pytest.raises(PermissionDenied):
        set_opening_day(round=made, day=weekday(), by=setting.executive)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(RoundRefusedError, match="no mail server"):
        set_opening_day(round=made, day=weekday(), by=setting.lead)


def test_the_last_day_does_not_move_before_it(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    set_opening_day(round=made, day=weekday(2), by=setting.lead)
    with pytest.raises(ValidationError, match="This survey opens by itself on"):
        give_more_time(round=made, closes_on=timezone.localdate(), by=setting.lead)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("round_opening_day_and_who_set_it", {"opening_set_by": None}),
        ("round_opening_day_and_who_set_it", {"opens_by_itself_on": None}),
        ("round_opens_by_itself_on_its_day_or_later", {"opens_by_itself_on": timezone.localdate() + DAY}),
    ],
)
def test_the_database_keeps_the_rules_of_opening(setting: Setting, constraint: str, facts: dict[str, Any]) -> None:
    made = opened_by_itself(setting)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**facts)


def test_the_database_lets_none_open_after_its_last_day(setting: Setting) -> None:
    made = due(draft(setting.participation, setting.lead), setting)
    with pytest.raises(IntegrityError, match="round_opens_by_itself_by_its_last_day"), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(opens_by_itself_on=made.closes_on + DAY)


def test_the_database_keeps_letters_to_people_with_a_link(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    with pytest.raises(IntegrityError, match="invitation_by_letter_to_somebody"), transaction.atomic():
        made.invitations.update(link_by_letter=True)


def test_the_day_is_set_changed_and_taken_back_on_a_page(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    client = Client()
    client.force_login(setting.lead)
    address = f"/o/{setting.code}/surveys/{made.pk}/opening-day/"
    assert "Open it by itself on a day" in page(setting, made)

    def post(day: datetime.date) -> Any:
        parts = {"day": day.day, "month": day.month, "year": day.year}
        return client.post(address, {f"opens_by_itself_on-{part}": str(value) for part, value in parts.items()})

    wrong = post(timezone.localdate())
    assert "from tomorrow on" in wrong.content.decode()
    assert "Error: Open it by itself on a day" in wrong.content.decode()
    assert f'value="{timezone.localdate().year}"' in wrong.content.decode()
    assert post(weekday()).status_code == 302
    assert f"Opens by itself on {weekday():%A} {weekday().day} {weekday():%B %Y}</strong>" in page(setting, made)
    assert "opens by itself" in client.get(f"/o/{setting.code}/surveys/").content.decode()
    assert client.post(address, {"deed": "take_back"}).status_code == 302
    made.refresh_from_db()
    assert (made.opens_by_itself_on, made.opening_set_by) == (None, None)
    open_round(round=made, by=setting.lead)
    assert client.get(address).status_code == 302
    assert "opened already" in post(weekday()).content.decode()
    assert client.post(address, {"deed": "take_back"}, follow=True).content.decode().count("has opened already") == 1


def test_a_survey_starts_with_the_day_on_which_it_opens(setting: Setting, settings: Any) -> None:
    client = Client()
    client.force_login(setting.lead)
    address = f"/o/{setting.code}/surveys/start/"
    parts = ("day", "month", "year")
    days = {"opens_by_itself_on": weekday(), "closes_on": weekday(8)}
    data = {
        "participation": str(setting.participation.pk),
        "people": "\n".join(f"{one.name}, {one.email}" for one in people()),
        **{
            f"{name}-{part}": str(getattr(day, part)) for name, day in days.items() for part in ("day", "month", "year")
        },
    }
    late = {f"opens_by_itself_on-{part}": str(getattr(weekday(15), part)) for part in parts}
    assert "up to the last day to answer" in client.post(address, data | late).content.decode()
    assert not Round.objects.exists()
    assert client.post(address, data).status_code == 302
    made = Round.objects.get()
    assert (made.opens_by_itself_on, made.opening_set_by) == (weekday(), setting.lead)
    settings.SITE_ADDRESS = ""
    assert "Open it by itself" not in client.get(address).content.decode()


def test_answers_come_in_as_to_any_other(setting: Setting, server: MailServer) -> None:
    made = opened_by_itself(setting)
    links = issue_links(round=made, by=setting.lead)
    for link in links[:5]:
        answer(link, 4)
    assert close_round(round=made, by=setting.lead).sent_in == 5


def test_lists_ask_no_more_of_the_database_with_letters_to_come(
    setting: Setting, django_assert_max_num_queries: Any
) -> None:
    made = opened_by_itself(setting)
    active_participation(setting.organisation)
    client = Client()
    client.force_login(setting.lead)
    with django_assert_max_num_queries(60):
        client.get(f"/o/{setting.code}/surveys/{made.pk}/")


def test_the_schedule_asks_for_it() -> None:
    assert CELERY_BEAT_SCHEDULE["open surveys on the day that was set"]["task"] == open_everywhere.name


def test_reminders_are_told_by_the_day_on_which_it_opens(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    closes_on = weekday(40)
    Round.objects.filter(pk=made.pk).update(closes_on=closes_on, remind_halfway=True)
    made = set_opening_day(round=Round.objects.get(pk=made.pk), day=weekday(20), by=setting.lead)
    assert days_of(made)[ReminderKind.HALFWAY] >= weekday(20) + (closes_on - weekday(20)) // 2


def parts_of(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_several_surveys_open_by_themselves_and_somebody_asked_in_both_has_one_letter(
    setting: Setting, server: MailServer
) -> None:
    other = active_participation(setting.organisation)
    client = Client()
    client.force_login(setting.lead)
    names = [one.partnership.display_name for one in (setting.participation, other)]
    listed = "\n".join(f"{name}\t{one.name}\t{one.email}" for name in names for one in people())
    days = parts_of("opens_by_itself_on", weekday()) | parts_of("closes_on", weekday(8))
    address = f"/o/{setting.code}/surveys/start/list/"
    sunday = parts_of("opens_by_itself_on", weekday() + (6 - weekday().weekday()) * DAY)
    assert (
        "at weekends nobody is written to" in client.post(address, {"people": listed} | days | sunday).content.decode()
    )
    assert client.post(address, {"people": listed} | days).status_code == 302
    drafts = client.get(f"/o/{setting.code}/surveys/open/").content.decode()
    assert drafts.count(f"opens by itself on {weekday().day} {weekday():%B %Y} unless opened before") == 2
    for made in Round.objects.all():
        due(made, setting)
    assert open_on_their_day(setting.organisation) == 2
    assert remind(setting.organisation) == 7
    assert server.reached() == EVERYBODY
    assert server.body_to(EVERYBODY[0]).count("http://testserver/s/") == 2


def test_both_sides_of_how_good_a_partner_we_are_open_by_themselves(setting: Setting) -> None:
    client = Client()
    client.force_login(setting.lead)
    slug, pk = setting.participation.partnership.slug, setting.participation.pk
    own = "\n".join(f"Own {one}, own{one}@westmere.example" for one in range(6))
    data = {
        f"partners-{pk}": "\n".join(f"{one.name}, {one.email}" for one in people()),
        f"ours-{pk}": own,
        **parts_of("opens_by_itself_on", weekday()),
        **parts_of("closes_on", weekday(8)),
    }
    address = f"/o/{setting.code}/partner/start/?partnership={slug}"
    form = client.post(address, data | {"sort": "1"}).context["form"]
    assert form["opens_by_itself_on"].value()["day"] == str(weekday().day)
    assert not Round.objects.exists()
    assert client.post(address, data).status_code == 302
    assert set(Round.objects.values_list("opens_by_itself_on", "opening_set_by")) == {(weekday(), setting.lead.pk)}
    assert Round.objects.count() == 2
