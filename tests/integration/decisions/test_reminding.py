"""Who promised something, and who looks at decisions again, is reminded once and never twice; on a real mail server."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import close_practice, move_promise, practice_version, promise_version
from decisions.actions.kind_noes import record_telling
from decisions.models import Decision, DueKind, DueReminder, Letter, PlanState, PracticeState, Promise
from decisions.reminding import due_in, remind
from partnerships.models import AccessGrant, Organisation, Participation, Person, Role
from partnerships.over_all_organisations import ids_of
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import House, sent, stepped_down
from tests.integration.decisions.scored import decided, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import added
from tests.integration.decisions.test_plan import moved as action_moved
from tests.integration.decisions.test_plan_worth import practice_of
from tests.integration.decisions.test_promises import DAY, closed, promise_in
from tests.integration.decisions.test_reviewing import again, reviewed
from tests.integration.diagnostics.mail_server import MailServer, mail_server, port_where_nobody_listens
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
DUE = datetime.date(2027, 3, 10)  # a Wednesday


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as one:
        settings.EMAIL_BACKEND = one.environment["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
        yield one


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return portfolio()


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    found: Participation = people[0].participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


def clock(day: datetime.date, hour: int = 10) -> Any:
    moment = datetime.datetime.combine(day, datetime.time(hour), tzinfo=datetime.UTC)
    return lambda: moment


def is_looked_at(organisation: Organisation, day: datetime.date) -> bool:
    """Whether the schedule would have it looked at on that day."""
    return organisation.pk in ids_of("decisions_with_reminders_due", day)


def test_an_owner_is_reminded_a_week_before_and_once_it_is_overdue(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://triage.example.org/"
    organisation, lead, executive = people
    promise = promise_in(one, lead, owner=executive, due_on=DUE)
    early = DUE - 8 * DAY
    assert not is_looked_at(organisation, early)
    assert remind(organisation, clock=clock(early)) == 0
    week = DUE - 7 * DAY
    assert is_looked_at(organisation, week)
    assert remind(organisation, clock=clock(week)) == 1
    assert server.reached() == [executive.email]
    body = server.body_to(executive.email)
    assert "Send the council our bed plan" in body
    assert "due Wednesday 10 March 2027" in body
    assert f"https://triage.example.org/o/{organisation.code}/promises/" in body
    for day in (week, week + DAY, DUE):
        assert not is_looked_at(organisation, day)
        assert remind(organisation, clock=clock(day)) == 0
    assert is_looked_at(organisation, DUE + DAY)
    assert remind(organisation, clock=clock(DUE + DAY)) == 1
    assert remind(organisation, clock=clock(DUE + 9 * DAY)) == 0
    subjects = [letter["subject"] for _, letter in server.letters]
    assert [subject.split(" –")[0] for subject in subjects] == ["1 promise due soon", "1 promise overdue"]
    assert [(row.kind, row.sent) for row in DueReminder.objects.all()] == [("before", True), ("overdue", True)]
    assert "Reminded by email" in words(signed_in(lead).get(at(organisation, f"promises/{promise.pk}/")))


def test_nobody_is_reminded_of_what_is_closed_moved_or_of_today(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer
) -> None:
    organisation, lead, _ = people
    today = timezone.localdate()
    promise_in(one, lead, what="Of today", due_on=today)
    closed(promise_in(one, lead, what="Closed", due_on=today + DAY), lead)
    assert due_in(organisation, today) == []
    [due] = due_in(organisation, today + DAY)
    assert (due.kind, due.about.pk) == (DueKind.OVERDUE, Promise.objects.get(what="Of today").pk)
    promise = Promise.objects.get(what="Of today")
    weekday = today + next(number for number in range(1, 4) if (today + number * DAY).weekday() < 5) * DAY
    assert remind(organisation, clock=clock(weekday)) == 1
    move_promise(
        promise=promise, by=lead, due_on=weekday + 5 * DAY, reason="So", expected_version=promise_version(promise)
    )
    assert [row.kind for row in due_in(organisation, weekday)] == [DueKind.BEFORE]


def test_where_the_owner_has_left_the_strategy_leads_are_reminded(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer
) -> None:
    organisation, lead, _ = people
    owner = in_role(organisation, Role.CONTRIBUTOR)
    promise_in(one, lead, owner=owner, due_on=DUE)
    AccessGrant.objects.filter(person=owner).delete()
    other = in_role(organisation, Role.STRATEGY_LEAD)
    assert remind(organisation, clock=clock(DUE + DAY)) == 2
    assert server.reached() == sorted([lead.email, other.email])
    assert f"{owner}, who saw to it, has no access any more: please hand it to somebody." in server.body_to(lead.email)
    AccessGrant.objects.filter(role=Role.STRATEGY_LEAD).delete()
    assert {due.to for due in due_in(organisation, DUE + DAY)} == {people[2]}


def test_reviews_are_told_to_the_strategy_leads(server: MailServer) -> None:
    organisation, lead, executive = scored_portfolio()
    one, other = organisation.participations.order_by("pk")[:2]
    decision = decided(one, executive, review_on=DUE)
    second = decided(other, executive, review_on=DUE - DAY)
    assert remind(organisation, clock=clock(DUE - 2 * DAY)) == 0
    assert is_looked_at(organisation, DUE)
    assert remind(organisation, clock=clock(DUE)) == 1
    body = server.body_to(lead.email)
    assert one.partnership.display_name in body
    assert other.partnership.display_name in body
    assert not is_looked_at(organisation, DUE + DAY)
    reviewed(decision, lead, review_on=DUE + 90 * DAY)
    again(second, lead)
    assert [due.about for due in due_in(organisation, DUE + 90 * DAY)] == [second, decision]
    assert is_looked_at(organisation, DUE + 90 * DAY)
    today = timezone.localdate()
    assert due_in(organisation, today) == []  # who found it knows, for a week
    assert [due.about for due in due_in(organisation, today + 7 * DAY)] == [second]
    assert Decision.objects.count() == 2


def test_one_letter_tells_of_all_that_is_due(server: MailServer) -> None:
    organisation, lead, executive = scored_portfolio()
    one = organisation.participations.order_by("pk")[0]
    decided(one, executive, review_on=DUE)
    promise_in(one, lead, what="Late", due_on=DUE - DAY)
    promise_in(one, lead, what="Soon", due_on=DUE + DAY)
    assert remind(organisation, clock=clock(DUE)) == 1
    [(_, letter)] = server.letters
    assert letter["subject"].strip().startswith("1 promise overdue, 1 promise due soon and 1 decision to look at again")
    assert DueReminder.objects.filter(sent=True).count() == 3


@pytest.mark.parametrize("moment", [clock(DUE, 7), clock(DUE, 18), clock(DUE + 3 * DAY)])
def test_in_quiet_hours_nobody_is_reminded(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer, moment: Any
) -> None:
    organisation, lead, _ = people
    promise_in(one, lead, due_on=DUE)
    assert remind(organisation, clock=moment) == 0
    assert not DueReminder.objects.exists()


def test_a_mail_server_that_is_down_costs_nothing_but_time(
    people: tuple[Organisation, Person, Person], one: Participation, settings: Any
) -> None:
    organisation, lead, _ = people
    promise_in(one, lead, due_on=DUE)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port_where_nobody_listens()
    assert remind(organisation, clock=clock(DUE)) == 0
    assert not DueReminder.objects.exists()
    with mail_server(settings.EMAIL_PORT) as server:
        server.put_off.add(lead.email)
        assert remind(organisation, clock=clock(DUE)) == 0
        assert not DueReminder.objects.exists()
        server.put_off.clear()
        assert remind(organisation, clock=clock(DUE)) == 1


def test_a_letter_of_which_nobody_knows_is_said_on_the_page_and_not_sent_again(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer, settings: Any
) -> None:
    organisation, lead, executive = people
    promise = promise_in(one, lead, due_on=DUE)
    settings.EMAIL_TIMEOUT = 1
    server.silent_at.add(lead.email)
    assert remind(organisation, clock=clock(DUE)) == 0
    [taken] = DueReminder.objects.all()
    assert not taken.sent
    server.silent_at.clear()
    assert remind(organisation, clock=clock(DUE)) == 0
    shown = words(signed_in(executive).get(at(organisation, f"promises/{promise.pk}/")))
    assert "it may not have arrived, and is not sent again. Remind them yourself." in shown
    server.refused.add(lead.email)
    assert remind(organisation, clock=clock(DUE + DAY)) == 0
    assert DueReminder.objects.filter(sent=False).count() == 2


def test_what_is_due_takes_as_many_queries_for_many_as_for_few() -> None:
    counted = []
    for size in (2, 8):
        organisation, lead, executive = scored_portfolio(size=8)
        for one in organisation.participations.all()[:size]:
            promise_in(one, lead, owner=in_role(organisation, Role.READER), due_on=DUE)
            decided(one, executive, review_on=DUE)
        with CaptureQueriesContext(connection) as queries:
            assert len(due_in(organisation, DUE)) == 2 * size
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"kind": "never"}, "due_reminder_kind_is_known"),
        ({"kind": "review"}, "due_reminder_of_one_thing"),
        ({"promise": None}, "due_reminder_of_one_thing"),
        ({}, "due_reminder_of_promise_once"),
    ],
)
def test_every_rule_holds_in_the_database(
    people: tuple[Organisation, Person, Person], one: Participation, facts: dict[str, Any], rule: str
) -> None:
    organisation, lead, _ = people
    about = {"promise": promise_in(one, lead), "kind": DueKind.BEFORE, "day": DUE, "to": lead, "taken_on": DUE}
    DueReminder.objects.create(organisation=organisation, **about)
    row = DueReminder(organisation=organisation, **about | facts)
    wanted = next(found for found in DueReminder._meta.constraints if found.name == rule)
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    assert wanted.get_violation_error_message() in refused.value.messages
    with pytest.raises(Exception, match="violates"), transaction.atomic():
        row.save()


def test_a_review_is_told_of_once() -> None:
    organisation, lead, executive = scored_portfolio()
    decision = decided(organisation.participations.order_by("pk")[0], executive)
    facts = {"decision": decision, "kind": DueKind.REVIEW, "day": DUE, "to": lead, "taken_on": DUE}
    DueReminder.objects.create(organisation=organisation, **facts)
    with pytest.raises(ValidationError, match="has been reminded of this review"):
        DueReminder(organisation=organisation, **facts).validate_constraints()
    with pytest.raises(Exception, match="due_reminder_of_review_once"), transaction.atomic():
        DueReminder.objects.create(organisation=organisation, **facts)


def test_who_sees_to_an_action_is_reminded_a_week_before_and_once_it_is_overdue(
    people: tuple[Organisation, Person, Person], server: MailServer, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://triage.example.org/"
    organisation, lead, executive = people
    action = added(organisation, lead, owner=executive, begins_on=DUE - 60 * DAY, due_on=DUE)
    early, week = DUE - 8 * DAY, DUE - 7 * DAY
    assert not is_looked_at(organisation, early)
    assert remind(organisation, clock=clock(early)) == 0
    assert is_looked_at(organisation, week)
    assert remind(organisation, clock=clock(week)) == 1
    assert server.reached() == [executive.email]
    body = server.body_to(executive.email)
    assert "Meet the council’s directors each month" in body
    assert "Alliance 4, due Wednesday 10 March 2027" in body
    assert f"https://triage.example.org/o/{organisation.code}/plan/" in body
    assert "Once it is done, say so and by what one can tell" not in body
    for day in (week, week + DAY, DUE):
        assert not is_looked_at(organisation, day)
        assert remind(organisation, clock=clock(day)) == 0
    assert remind(organisation, clock=clock(DUE + 4 * DAY, hour=3)) == 0  # nobody is written to at night
    assert is_looked_at(organisation, DUE + DAY)
    assert remind(organisation, clock=clock(DUE + DAY)) == 1
    assert remind(organisation, clock=clock(DUE + 9 * DAY)) == 0
    subjects = [letter["subject"].split(" –")[0] for _, letter in server.letters]
    assert subjects == ["1 action due soon", "1 action overdue"]
    assert [(row.kind, row.action, row.sent) for row in DueReminder.objects.all()] == [
        ("before", action, True),
        ("overdue", action, True),
    ]
    assert "Reminded by email" in words(signed_in(lead).get(at(organisation, f"plan/actions/{action.pk}/")))


def test_nobody_is_reminded_of_an_action_that_ended_or_was_put_into_the_plan_today(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    today = timezone.localdate()
    added(organisation, lead, due_on=today + DAY)
    ended = added(organisation, lead, what="Ended", due_on=today + DAY)
    action_moved(ended, lead, PlanState.STOPPED)
    assert due_in(organisation, today) == []
    [due] = due_in(organisation, today + DAY)
    assert (due.kind, due.day) == (DueKind.BEFORE, today + DAY)


def test_a_promise_and_an_action_of_the_same_number_are_two_things(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer
) -> None:
    """One letter about both, to the strategy leads where the owner has left."""
    organisation, lead, _ = people
    owner = in_role(organisation, Role.CONTRIBUTOR)
    promise = promise_in(one, lead, owner=owner, due_on=DUE)
    action = added(organisation, lead, owner=owner, participation=None, begins_on=DUE - 60 * DAY, due_on=DUE)
    AccessGrant.objects.filter(person=owner).delete()
    assert {due.about for due in due_in(organisation, DUE + DAY)} == {promise, action}
    assert remind(organisation, clock=clock(DUE + DAY)) == 1
    body = server.body_to(lead.email)
    assert f"The whole organisation, due Wednesday 10 March 2027. {owner}, who saw to it, has no access any" in body
    assert remind(organisation, clock=clock(DUE + DAY)) == 0
    assert "1 promise overdue and 1 action overdue" in server.letters[0][1]["subject"]


def test_a_reminder_is_of_one_thing_and_of_an_action_of_ones_own(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    facts: dict[str, Any] = {"day": DUE, "to": lead, "taken_on": DUE}
    kinds: dict[str, dict[str, Any]] = {
        "due_reminder_of_one_thing": {"kind": DueKind.REVIEW, "action": action},
        "due_reminder_of_action_once": {"kind": DueKind.OVERDUE, "action": action},
        "duereminder_action_id_same_owner": {"kind": DueKind.OVERDUE, "action": added(*portfolio()[:2])},
    }
    DueReminder.objects.create(organisation=organisation, kind=DueKind.OVERDUE, action=action, **facts)
    for rule, wrong in kinds.items():
        with pytest.raises(IntegrityError, match=rule):
            _reminded_at_once(organisation, **wrong, **facts)


def _reminded_at_once(organisation: Organisation, **facts: Any) -> None:
    """With what the database else looks at only as the transaction ends."""
    with transaction.atomic():
        DueReminder.objects.create(organisation=organisation, **facts)
        connection.check_constraints()


def test_who_sees_to_the_end_of_a_practice_is_reminded_a_week_before_and_once_it_is_overdue(
    people: tuple[Organisation, Person, Person], server: MailServer, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://triage.example.org/"
    organisation, lead, executive = people
    practice = practice_of(organisation, lead, owner=executive, stop_by=DUE)
    early, week = DUE - 8 * DAY, DUE - 7 * DAY
    assert not is_looked_at(organisation, early)
    assert remind(organisation, clock=clock(early)) == 0
    assert is_looked_at(organisation, week)
    assert remind(organisation, clock=clock(week)) == 1
    assert server.reached() == [executive.email]
    body = server.body_to(executive.email)
    assert "Three reports of the same to be stopped by Wednesday 10 March 2027." in " ".join(body.split())
    assert "its days are free from then on" in body
    assert f"https://triage.example.org/o/{organisation.code}/plan/" in body
    for day in (week, week + DAY, DUE):
        assert not is_looked_at(organisation, day)
        assert remind(organisation, clock=clock(day)) == 0
    assert is_looked_at(organisation, DUE + DAY)
    assert remind(organisation, clock=clock(DUE + DAY)) == 1
    assert remind(organisation, clock=clock(DUE + 9 * DAY)) == 0
    subjects = [letter["subject"].split(" –")[0].strip() for _, letter in server.letters]
    assert subjects == ["1 practice to stop soon", "1 practice that should have stopped"]
    assert [(row.kind, row.practice, row.sent) for row in DueReminder.objects.all()] == [
        ("before", practice, True),
        ("overdue", practice, True),
    ]
    page = words(signed_in(lead).get(at(organisation, f"plan/practices/{practice.pk}/")))
    assert f"Reminded by email {executive}" in page
    assert "may not have arrived" not in page
    DueReminder.objects.update(sent=False)
    assert "may not have arrived" in words(signed_in(lead).get(at(organisation, f"plan/practices/{practice.pk}/")))


def test_a_practice_is_in_the_same_letter_and_goes_to_the_leads_where_its_owner_has_left(
    people: tuple[Organisation, Person, Person], one: Participation, server: MailServer
) -> None:
    organisation, lead, _ = people
    owner = in_role(organisation, Role.CONTRIBUTOR)
    action = added(organisation, lead, participation=None, begins_on=DUE - 60 * DAY, due_on=DUE)
    practice = practice_of(organisation, lead, owner=owner, stop_by=DUE)
    AccessGrant.objects.filter(person=owner).delete()
    assert {(due.about, due.to) for due in due_in(organisation, DUE + DAY)} == {(action, lead), (practice, lead)}
    assert remind(organisation, clock=clock(DUE + DAY)) == 1
    body = server.body_to(lead.email)
    assert "The whole organisation, due Wednesday 10 March 2027." in body
    assert f"by Wednesday 10 March 2027. {owner}, who saw to it, has no access any more: please choose" in body
    assert "1 action overdue and 1 practice that should have stopped" in server.letters[0][1]["subject"]
    assert remind(organisation, clock=clock(DUE + DAY)) == 0


@pytest.mark.parametrize("state", [PracticeState.STOPPED, PracticeState.KEPT])
def test_nobody_is_reminded_of_a_practice_that_stopped_is_kept_or_was_proposed_today(
    people: tuple[Organisation, Person, Person], state: PracticeState
) -> None:
    organisation, lead, _ = people
    practice = practice_of(organisation, lead, stop_by=timezone.localdate() + DAY)
    assert due_in(organisation, timezone.localdate()) == []
    tomorrow = timezone.localdate() + DAY
    assert [due.kind for due in due_in(organisation, tomorrow)] == [DueKind.BEFORE]
    close_practice(
        practice=practice, by=lead, state=state, came_of_it="So", expected_version=practice_version(practice)
    )
    assert due_in(organisation, tomorrow) == []
    assert not is_looked_at(organisation, tomorrow)


def test_a_reminder_of_a_practice_is_of_one_and_of_ones_own(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    other, their_lead, _ = portfolio()
    practice, theirs = practice_of(organisation, lead), practice_of(other, their_lead)
    facts: dict[str, Any] = {"day": DUE, "to": lead, "taken_on": DUE}
    DueReminder.objects.create(organisation=organisation, kind=DueKind.OVERDUE, practice=practice, **facts)
    kinds: dict[str, dict[str, Any]] = {
        "due_reminder_of_one_thing": {"kind": DueKind.REVIEW, "practice": practice},
        "due_reminder_of_practice_once": {"kind": DueKind.OVERDUE, "practice": practice},
        "duereminder_practice_id_same_owner": {"kind": DueKind.OVERDUE, "practice": theirs},
    }
    for rule, wrong in kinds.items():
        with pytest.raises(IntegrityError, match=rule):
            _reminded_at_once(organisation, **wrong, **facts)


@pytest.fixture
def told() -> House:
    return stepped_down()


@pytest.mark.parametrize("state", ["refused", "in_doubt", "returned", "held"])
def test_a_letter_that_reaches_nobody_is_told_to_whoever_sent_it_and_to_the_leads(
    told: House, server: MailServer, state: str
) -> None:
    organisation, today = told.organisation, timezone.localdate()
    letter = sent(told)
    Letter.objects.update(asked_by=told.executive)
    now = timezone.now()
    by_state: dict[str, dict[str, Any]] = {
        "refused": {"trouble": "refused", "taken_at": now},
        "in_doubt": {"taken_at": now},
        "returned": {"taken_at": now, "sent_at": now, "returned_at": now, "server_said": "550 gone"},
        "held": {"held_because": "partner_left"},
    }
    assert not is_looked_at(organisation, today)
    Letter.objects.update(state=state, **by_state[state])
    assert is_looked_at(organisation, today)
    assert {one.to for one in due_in(organisation, today)} == {told.executive, told.lead}
    weekday = today + next(number for number in range(4) if (today + number * DAY).weekday() < 5) * DAY
    assert remind(organisation, clock=clock(weekday)) == 2
    assert server.reached() == sorted([told.executive.email, told.lead.email])
    body = server.body_to(told.executive.email)
    letter.refresh_from_db()
    assert f"Alliance 4, to Asha Rao: {letter.what_is_wrong}" in body
    assert letter.what_is_wrong
    assert server.letters[0][1]["subject"].startswith("1 letter that reaches nobody")
    assert not is_looked_at(organisation, weekday)
    assert remind(organisation, clock=clock(weekday)) == 0
    due = words(signed_in(told.lead).get(at(organisation, "promises/due/")))
    assert "1 letter to partners that reaches nobody" in due
    mine = words(signed_in(told.executive).get(at(organisation, f"promises/?person={told.executive.pk}")))
    assert "Letters that reach nobody (1)" in mine
    theirs = words(signed_in(told.lead).get(at(organisation, f"promises/?person={told.lead.pk}")))
    assert "Letters that reach nobody" not in theirs


def test_leads_are_told_once_of_a_partner_who_still_holds_a_no(told: House, server: MailServer) -> None:
    organisation, today = told.organisation, timezone.localdate()
    record_telling(participation=told.one, by=told.lead, who="P", whom="Asha", how="call", told_on=today)
    assert not is_looked_at(organisation, today)
    decided(told.one, told.executive, level_code="prioritise", reason="We found the days")
    assert is_looked_at(organisation, today)
    weekday = today + next(number for number in range(4) if (today + number * DAY).weekday() < 5) * DAY
    assert remind(organisation, clock=clock(weekday)) == 1
    assert server.reached() == [told.lead.email]
    assert f"Alliance 4, told on {today:%-d %B %Y}." in server.body_to(told.lead.email)
    assert not is_looked_at(organisation, weekday)
    assert remind(organisation, clock=clock(weekday)) == 0


def test_a_reminder_is_about_one_thing(told: House) -> None:
    letter = sent(told)
    row = DueReminder.objects.create(
        organisation=told.organisation, letter=letter, kind="letter", day=DUE, to=told.lead, taken_on=DUE
    )
    for facts in ({"kind": "changed"}, {"kind": "review"}, {"kind_no": letter.kind_no}):
        with pytest.raises(IntegrityError, match="due_reminder_of_one_thing"), transaction.atomic():
            DueReminder.objects.filter(pk=row.pk).update(**facts)
    row.pk = None
    with pytest.raises(IntegrityError, match="due_reminder_of_letter_once"), transaction.atomic():
        row.save(force_insert=True)
    row.letter, row.kind_no, row.kind = None, letter.kind_no, DueKind.CHANGED
    row.save(force_insert=True)
    row.pk = None
    with pytest.raises(IntegrityError, match="due_reminder_of_change_once"), transaction.atomic():
        row.save(force_insert=True)
