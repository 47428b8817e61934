"""The calendar file, read as a calendar reads it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from decisions.actions import change_action, move_promise, plan_version, promise_version, undo
from decisions.models import PlanState, Promise
from partnerships.actions.merging import merge
from partnerships.models import Deed, Organisation, Person, Role
from tests.factories import in_role
from tests.integration.decisions.scored import decided, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in
from tests.integration.decisions.test_plan import added, planned
from tests.integration.decisions.test_plan import moved as action_moved
from tests.integration.decisions.test_promises import DAY, closed, promise_in
from tests.integration.decisions.test_reviewing import reviewed

pytestmark = pytest.mark.django_db
AWKWARD = "Bring; the, plan\\n and “ours”\nBEGIN:VEVENT"


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


def events(person: Person, organisation: Organisation, whose: str) -> dict[str, Any]:
    answer = signed_in(person).get(at(organisation, f"promises/calendar/{whose}.ics"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content).events
    return {str(event["uid"]).split(".")[0]: event for event in found}


def test_every_day_is_an_event_of_a_whole_day_under_a_name_that_stays(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, executive = people
    one = organisation.participations.order_by("pk")[0]
    decision = decided(one, executive)
    promise = promise_in(one, lead, what=AWKWARD)
    closed(promise_in(one, lead, what="Closed"), lead)
    found = events(lead, organisation, "all")
    assert set(found) == {f"promise-{promise.pk}", f"review-of-{one.pk}"}
    event = found[f"promise-{promise.pk}"]
    assert event["summary"] == f"Promise due: {AWKWARD}"
    assert event.decoded("dtstart") == promise.due_on
    assert event.decoded("dtend") == promise.due_on + DAY
    assert event["url"] == f"http://testserver/o/{organisation.code}/promises/{promise.pk}/"
    assert found[f"review-of-{one.pk}"].decoded("dtstart") == decision.review_on
    move_promise(
        promise=promise, by=lead, due_on=promise.due_on + DAY, reason="So", expected_version=promise_version(promise)
    )
    reviewed(decision, lead, review_on=timezone.localdate() + 300 * DAY)
    again = events(lead, organisation, "all")
    assert set(again) == set(found)
    assert again[f"promise-{promise.pk}"].decoded("dtstart") == promise.due_on + DAY
    assert again[f"promise-{promise.pk}"]["sequence"] > event["sequence"]
    assert again[f"review-of-{one.pk}"].decoded("dtstart") == timezone.localdate() + 300 * DAY


def test_a_review_keeps_its_name_and_moves_whatever_is_decided(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    one, duplicate = organisation.participations.select_related("partnership").order_by("pk")[:2]
    today, name = timezone.localdate(), f"review-of-{one.pk}"
    steps: list[tuple[Any, int]] = [(decided(one, executive, review_on=today + 100 * DAY), 100)]
    files = [events(lead, organisation, "all")]
    steps.append((decided(one, executive, review_on=today + 200 * DAY, reason="Sooner"), 200))
    files.append(events(lead, organisation, "all"))
    steps.append((reviewed(steps[1][0], lead, review_on=today + 300 * DAY), 300))
    files.append(events(lead, organisation, "all"))
    steps.append((undo(decision=steps[1][0], by=executive), 100))
    files.append(events(lead, organisation, "all"))
    for number, (found, (line, days)) in enumerate(zip(files, steps, strict=True)):
        assert set(found) == {name}
        assert found[name].decoded("dtstart") == today + days * DAY
        assert found[name]["sequence"] == number
        changed = found[name].decoded("last-modified")
        assert changed == line.recorded_at.replace(microsecond=0)
    decided(duplicate, executive)
    assert len(events(lead, organisation, "all")) == 2
    merge(duplicate=duplicate, into=one, by=lead)
    assert set(events(lead, organisation, "all")) == {name}


def test_a_promise_that_moved_says_when(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    promise = promise_in(organisation.participations.order_by("pk")[0], lead)
    before = events(lead, organisation, "all")[f"promise-{promise.pk}"]
    assert before.decoded("last-modified") == promise.recorded_at.replace(microsecond=0)
    day = promise.due_on + DAY
    move_promise(promise=promise, by=lead, due_on=day, reason="So", expected_version=promise_version(promise))
    after = events(lead, organisation, "all")[f"promise-{promise.pk}"]
    moved_at = promise.moves.get().moved_at
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert after.decoded("last-modified") == moved_at.replace(microsecond=0)


def test_ones_own_are_apart_and_no_address_of_anybody_is_in_it(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    reader = in_role(organisation, Role.READER)
    one = organisation.participations.order_by("pk")[0]
    decided(one, executive)
    theirs = promise_in(one, lead, what="Theirs", owner=reader)
    mine = promise_in(one, lead, what="Mine")
    assert set(events(reader, organisation, "mine")) == {f"promise-{theirs.pk}"}
    assert f"promise-{mine.pk}" in events(lead, organisation, "mine")
    assert f"promise-{theirs.pk}" not in events(lead, organisation, "mine")
    assert len(events(reader, organisation, "all")) == 3
    content = signed_in(lead).get(at(organisation, "promises/calendar/all.ics")).content.decode()
    assert not any(person.email in content for person in (lead, executive, reader))
    assert max(len(line.encode()) for line in content.split("\r\n")) <= 75


def test_each_is_on_the_record(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    promise_in(organisation.participations.order_by("pk")[0], lead)
    events(lead, organisation, "mine")
    deed = Deed.objects.get(kind="exported")
    assert (deed.person, deed.rows, deed.what) == (lead, 1, "their own promises for a calendar")
    client = signed_in(lead)
    assert client.get(at(organisation, "promises/calendar/yours.ics")).status_code == 404
    administrator = in_role(organisation, Role.ADMINISTRATOR)
    assert signed_in(administrator).get(at(organisation, "promises/calendar/all.ics")).status_code == 403
    assert Promise.objects.count() == 1


def test_actions_of_the_plan_are_in_it_until_they_end(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    action = added(organisation, lead, what=AWKWARD)
    theirs = added(organisation, lead, what="Theirs", owner=executive, participation=None)
    found = events(lead, organisation, "all")
    assert set(found) == {f"action-{action.pk}", f"action-{theirs.pk}"}
    event = found[f"action-{action.pk}"]
    assert event["summary"] == f"Action due: {AWKWARD}"
    assert event.decoded("dtstart") == action.due_on
    assert event["url"] == f"http://testserver/o/{organisation.code}/plan/actions/{action.pk}/"
    assert "The whole organisation: Trust and generosity" in found[f"action-{theirs.pk}"]["description"]
    assert set(events(lead, organisation, "mine")) == {f"action-{action.pk}"}
    later = planned(lead, organisation, what=AWKWARD, due_on=action.due_on + DAY)
    change_action(action=action, by=lead, planned=later, expected_version=plan_version(action))
    again = events(lead, organisation, "all")[f"action-{action.pk}"]
    assert again.decoded("dtstart") == action.due_on + DAY
    assert again["sequence"] > event["sequence"]
    action_moved(theirs, lead, PlanState.STOPPED)
    assert set(events(lead, organisation, "all")) == {f"action-{action.pk}"}
