"""Promises: recorded, moved, handed over and closed, by whom that is for, and what the pages say of them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import (
    Promised,
    close_promise,
    hand_over_promise,
    make_promise,
    move_promise,
    promise_version,
)
from decisions.models import Promise, PromiseMoved, PromiseState
from partnerships.editing import ChangedMeanwhile
from partnerships.models import AccessGrant, Organisation, Participation, Person, Role
from tests.factories import in_role
from tests.integration.decisions.scored import decided, scored_portfolio
from tests.integration.decisions.test_pages import at, leads_to, signed_in, words
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return portfolio()


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    found: Participation = people[0].participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


def promised(owner: Person, **facts: Any) -> Promised:
    today = timezone.localdate()
    given = {
        "what": "Send the council our bed plan",
        "made_to": "The council",
        "owner": owner,
        "made_on": today,
        "due_on": today + 30 * DAY,
        **facts,
    }
    return Promised(**given)


def promise_in(one: Participation, by: Person, *, owner: Person | None = None, **facts: Any) -> Promise:
    return make_promise(participation=one, by=by, promised=promised(owner or by, **facts))


def overdue(promise: Promise, days: int = 3) -> Promise:
    """As if it had been made in time, for a day that has passed."""
    day = timezone.localdate() - days * DAY
    Promise.objects.filter(pk=promise.pk).update(made_on=day - 30 * DAY, due_on=day)
    promise.refresh_from_db()
    return promise


def closed(promise: Promise, by: Person, state: PromiseState = PromiseState.KEPT, **facts: Any) -> Promise:
    said = {"evidence": "The minutes of March"} if state == PromiseState.KEPT else {"why": "The team was cut"}
    given = {"closed_on": timezone.localdate(), "expected_version": promise_version(promise), **said, **facts}
    return close_promise(promise=promise, by=by, state=state, **given)


def test_a_promise_is_recorded_with_the_decision_it_came_with() -> None:
    organisation, lead, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    decision = decided(one, executive)
    address = at(organisation, f"decisions/{one.partnership.slug}/promise/")
    client = signed_in(executive)
    assert "To whom" in words(client.get(address))
    answer = client.post(address, sent(executive, owner=str(lead.pk)))
    assert leads_to(answer) == at(organisation, f"decisions/{one.partnership.slug}/")
    promise = Promise.objects.get()
    assert (promise.owner, promise.decision, promise.state) == (lead, decision, PromiseState.OPEN)
    shown = words(client.get(leads_to(answer)))
    assert "Send the council our bed plan" in shown
    assert f"{lead} sees to it" in shown


def sent(person: Person, prefix: str = "", **facts: str) -> dict[str, str]:
    """The form of a new promise as a person fills it in."""
    today = timezone.localdate()
    days = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("made_on", today), ("due_on", today + 30 * DAY))
        for part in ("day", "month", "year")
    }
    return {"what": "Send the council our bed plan", "made_to": "The council", "owner": str(person.pk), **days, **facts}


def day_in(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, _ = people
    client = signed_in(lead)
    address = at(organisation, f"decisions/{one.partnership.slug}/promise/")
    yesterday = timezone.localdate() - DAY
    late = client.post(address, sent(lead) | day_in("due_on", yesterday))
    assert "This day has passed. Enter today or a day that is still to come." in words(late)
    assert "Send the council our bed plan" in late.content.decode()
    assert "Error: " in late.content.decode()
    far = client.post(address, sent(lead) | day_in("due_on", yesterday.replace(year=yesterday.year + 70, day=1)))
    assert "This is more than five years from today. Check the year." in words(far)
    early = client.post(address, sent(lead) | day_in("made_on", timezone.localdate() + DAY))
    assert "This day has not come yet. Enter the day on which it was promised." in words(early)
    stranger = in_role(portfolio(name="Another")[0], Role.READER)
    assert "Choose who sees to it from the list." in words(client.post(address, sent(lead, owner=str(stranger.pk))))
    assert "Enter what is promised." in words(client.post(address, sent(lead, what=" ")))
    assert not Promise.objects.exists()


def test_the_same_form_sent_twice_is_one_promise(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    client = signed_in(lead)
    address = at(organisation, f"decisions/{one.partnership.slug}/promise/")
    for _ in range(2):
        assert client.post(address, sent(lead)).status_code == 302
    assert Promise.objects.count() == 1
    other = signed_in(executive).post(address, sent(executive))
    assert "This promise is on record already, for the same day." in words(other)
    closed(Promise.objects.get(), lead)
    assert client.post(address, sent(lead)).status_code == 302
    assert Promise.objects.count() == 2


def test_a_promise_is_kept_by_evidence_and_stays_closed(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, _ = people
    promise = promise_in(one, lead)
    client, address = signed_in(lead), at(organisation, f"promises/{promise.pk}/")
    today = timezone.localdate()
    form = {"close": "yes", "close-state": "kept", "close-version": promise_version(promise)}
    form |= day_in("close-closed_on", today)
    missing = client.post(address, form)
    assert "Say by what one can tell that it was kept." in words(missing)
    assert "Leave this empty where it was kept" in words(
        client.post(address, form | {"close-evidence": "Minutes", "close-why": "Because"})
    )
    promise.refresh_from_db()
    assert promise.is_open
    assert client.post(address, form | {"close-evidence": "Minutes of 3 March"}).status_code == 302
    shown = words(client.get(address))
    assert "Kept on" in shown
    assert "Minutes of 3 March" in shown
    assert "Move its day" not in shown
    again = client.post(address, form | {"close-evidence": "Minutes of 3 March"})
    assert again.status_code == 302  # the same once more
    promise.refresh_from_db()
    with pytest.raises(ValidationError, match="closed already"):
        closed(promise, lead, PromiseState.WITHDRAWN)


def test_the_second_of_two_tabs_is_told_and_keeps_what_it_typed(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    promise = promise_in(one, lead)
    version = promise_version(promise)
    closed(promise, executive, PromiseState.NOT_KEPT)
    form = {"close": "yes", "close-state": "kept", "close-version": version, "close-evidence": "Minutes of 3 March"}
    answer = signed_in(lead).post(
        at(organisation, f"promises/{promise.pk}/"), form | day_in("close-closed_on", timezone.localdate())
    )
    shown = words(answer)
    assert "Somebody else saved this page while you were editing it." in shown
    assert "The team was cut" in shown
    assert "Minutes of 3 March" in shown
    promise.refresh_from_db()
    assert promise.state == PromiseState.NOT_KEPT


def test_a_day_moves_with_a_reason_that_stays_on_record(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, _ = people
    promise = overdue(promise_in(one, lead))
    was, becomes = promise.due_on, timezone.localdate() + 40 * DAY
    client, address = signed_in(lead), at(organisation, f"promises/{promise.pk}/")
    form = {"move": "yes", "move-version": promise_version(promise)} | day_in("move-due_on", becomes)
    assert "Enter why the day moves." in words(client.post(address, form))
    past = client.post(address, form | {"move-reason": "Late"} | day_in("move-due_on", was))
    assert "This day has passed." in words(past)
    far = client.post(address, form | {"move-reason": "Late"} | day_in("move-due_on", was + 70 * 365 * DAY))
    assert "This is more than five years from today. Check the year." in words(far)
    for _ in range(2):  # the second time nothing changes
        assert client.post(address, form | {"move-reason": "The council asked for it"}).status_code == 302
    moved = PromiseMoved.objects.get()
    assert (moved.was_due_on, moved.due_on, moved.moved_by) == (was, becomes, lead)
    shown = words(client.get(address))
    assert f"due {was:%-d %B %Y}; moved by {lead}: The council asked for it" in shown
    with pytest.raises(ChangedMeanwhile):
        move_promise(promise=promise, by=lead, due_on=becomes + DAY, reason="So", expected_version=form["move-version"])


def test_it_is_handed_to_somebody_else(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, lead, executive = people
    promise = promise_in(one, executive)
    AccessGrant.objects.filter(person=executive).delete()
    client, address = signed_in(lead), at(organisation, f"promises/{promise.pk}/")
    shown = words(client.get(address))
    assert f"{executive} has no access here any more. Until somebody else sees to it, reminders go" in shown
    assert "has no access any more" in words(client.get(at(organisation, "promises/")))
    form = {"hand": "yes", "hand-version": promise_version(promise), "hand-owner": str(lead.pk)}
    assert client.post(address, form).status_code == 302
    promise.refresh_from_db()
    assert promise.owner == lead
    with pytest.raises(ValidationError, match="no access here any more"):
        hand_over_promise(promise=promise, by=lead, owner=executive, expected_version=promise_version(promise))


def test_who_may_do_what(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, lead, _ = people
    reader, contributor = in_role(organisation, Role.READER), in_role(organisation, Role.CONTRIBUTOR)
    promise = promise_in(one, lead, owner=contributor)
    with pytest.raises(PermissionDenied):
        promise_in(one, contributor)
    with pytest.raises(PermissionDenied):
        closed(promise, reader)
    with pytest.raises(PermissionDenied):
        move_promise(promise=promise, by=contributor, due_on=promise.due_on + DAY, reason="So", expected_version="")
    with pytest.raises(PermissionDenied):
        hand_over_promise(promise=promise, by=contributor, owner=lead, expected_version="")
    page = at(organisation, f"promises/{promise.pk}/")
    assert "Close the promise" not in words(signed_in(reader).get(page))
    shown = words(signed_in(contributor).get(page))
    assert "Close the promise" in shown
    assert "Move its day" not in shown
    assert closed(promise, contributor).closed_by == contributor
    other = in_role(organisation, Role.CONTRIBUTOR)
    another = promise_in(one, lead, owner=other, what="Another")
    AccessGrant.objects.filter(person=other).delete()
    with pytest.raises(PermissionDenied):
        closed(another, other)
    stranger = portfolio(name="Another")[1]
    assert signed_in(stranger).get(page).status_code == 404


def test_the_list_has_what_is_overdue_first_and_counts_by_owner(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    client = signed_in(executive)
    assert "Nobody has recorded a promise yet." in words(client.get(at(organisation, "promises/")))
    today = timezone.localdate()
    promise_in(one, lead, what="Later", due_on=today + 90 * DAY)
    promise_in(one, lead, what="Soon", due_on=today, owner=executive)
    overdue(promise_in(one, lead, what="Late"))
    closed(promise_in(one, lead, what="Done"), lead)
    shown = words(client.get(at(organisation, "promises/")))
    assert "3 promises are open, 1 overdue." in shown
    places = [shown.index(word) for word in ("Overdue (1)", "Due within 30 days (1)", "Due later (1)", "Closed (1)")]
    assert places == sorted(places)
    row = shown[shown.index("Open promises by who sees to them") :]
    assert re.search(rf"{lead} .*?Overdue 1 Within 30 days 0 Later 1", row)
    mine = words(client.get(at(organisation, f"promises/?person={executive.pk}")))
    assert "Soon" in mine
    assert "Late " not in mine
    assert client.get(at(organisation, "promises/?person=x")).status_code == 404
    assert "Promises overdue (1)" in words(client.get(at(organisation, "decisions/")))


def test_the_list_takes_as_many_queries_for_many_as_for_few() -> None:
    counted = []
    for size in (2, 9):
        organisation, lead, executive = portfolio()
        for number, one in enumerate(organisation.participations.all()[:size]):
            owner = in_role(organisation, Role.READER)
            overdue(promise_in(one, lead, what=f"One {number}", owner=owner))
            closed(promise_in(one, lead, what=f"Two {number}", owner=owner), executive)
        reader = signed_in(executive)
        reader.get(at(organisation, "promises/"))
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(at(organisation, "promises/")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("facts", "words_of_rule"),
    [
        ({"state": "lost"}, "A promise is open, kept, not kept or withdrawn."),
        ({"what": "  "}, "Enter what is promised."),
        ({"made_to": "  "}, "Enter to whom it is promised."),
        ({"due_on": datetime.date(2020, 1, 1)}, "A promise cannot be due before it was made."),
        ({"state": "kept", "evidence": "Minutes"}, "Record both who closed the promise and when"),
        ({"closed_on": datetime.date(2030, 1, 1)}, "Record both who closed the promise and when"),
        (
            {"state": "kept", "closed": datetime.date(2020, 1, 1), "evidence": "x"},
            "cannot be closed before it was made",
        ),
        ({"state": "kept", "closed": "today", "evidence": " "}, "Say by what one can tell that the promise was kept."),
        ({"evidence": "Minutes"}, "Say by what one can tell that the promise was kept."),
        ({"state": "withdrawn", "closed": "today"}, "Say why the promise was not kept, or was taken back."),
        ({"why": "Because"}, "Say why the promise was not kept, or was taken back."),
    ],
)
def test_every_rule_holds_in_the_database(
    people: tuple[Organisation, Person, Person], one: Participation, facts: dict[str, Any], words_of_rule: str
) -> None:
    promise = promise_in(one, people[1])
    if "closed" in facts:
        day = facts.pop("closed")
        promise.closed_by, promise.closed_on = people[1], timezone.localdate() if day == "today" else day
    for name, value in facts.items():
        setattr(promise, name, value)
    with pytest.raises(ValidationError) as refused:
        promise.validate_constraints()
    assert words_of_rule in " ".join(refused.value.messages)
    with pytest.raises(Exception, match="violates check constraint"), transaction.atomic():
        promise.save()


def test_lines_of_moved_days_follow_rules_and_are_only_added(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    lead = people[1]
    promise = promise_in(one, lead)
    moved = move_promise(
        promise=promise,
        by=lead,
        due_on=promise.due_on + DAY,
        reason="So",
        expected_version=promise_version(promise),
    ).moves.get()
    for facts, said in (({"due_on": moved.was_due_on}, "It is due on this day already."), ({"reason": " "}, "Say why")):
        line = PromiseMoved.objects.get(pk=moved.pk)
        line.pk = None
        for name, value in facts.items():
            setattr(line, name, value)
        with pytest.raises(ValidationError, match=said):
            line.validate_constraints()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PromiseMoved.objects.update(reason="Otherwise")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PromiseMoved.objects.all().delete()


def test_a_promise_belongs_to_its_partnership_and_organisation(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    promise = promise_in(one, people[1])
    other = people[0].participations.exclude(pk=one.pk).first()
    stranger = portfolio(name="Another")[0]
    assert other is not None
    move_promise(
        promise=promise,
        by=people[1],
        due_on=promise.due_on + DAY,
        reason="So",
        expected_version=promise_version(promise),
    )
    for facts in ({"participation": other}, {"organisation": stranger}):
        with pytest.raises(Exception, match="violates foreign key constraint"), transaction.atomic():
            _change_at_once(promise, facts)


def _change_at_once(promise: Promise, facts: dict[str, Any]) -> None:
    Promise.objects.filter(pk=promise.pk).update(**facts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("made_to", "within"),
    [
        ("The council", "to the council"),
        ("Professor Ifor Lathom", "to Professor Ifor Lathom"),
        ("Our partners at the coast", "to our partners at the coast"),
        ("The", "to The"),
    ],
)
def test_whom_it_is_made_to_keeps_the_capitals_of_names(
    people: tuple[Organisation, Person, Person], one: Participation, made_to: str, within: str
) -> None:
    organisation, _, executive = people
    promise_in(one, executive, made_to=made_to)
    assert f"{within} " in words(signed_in(executive).get(at(organisation, "promises/")))
