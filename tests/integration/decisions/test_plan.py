"""The better partner plan: actions added, changed and ended, the days that they take, and what the pages say."""

from __future__ import annotations

import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import Planned, add_action, change_action, move_action, plan_version
from decisions.models import Characteristic, PlanAction, PlanState
from decisions.models.plan import OPEN_STATES
from diagnostics.instrument import instrument
from partnerships.balance import pool_balances
from partnerships.editing import ChangedMeanwhile
from partnerships.isolation import acting_for
from partnerships.models import AccessGrant, CapacityAdjustment, Organisation, Participation, Person, Quarter, Role
from partnerships.record.lines import Search, page_of
from partnerships.record.words import in_words
from scoring.runner.freezing import freeze
from tests.factories import in_role
from tests.integration.decisions.scored import scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.diagnostics.survey_data import closed as closed_round
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FIRST_DAY, LAST_DAY = datetime.date.min, datetime.date.max
People = tuple[Organisation, Person, Person]


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> People:
    return portfolio()


def one_of(organisation: Organisation) -> Participation:
    found: Participation = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


def pool_of(organisation: Organisation, code: str = "executive") -> int:
    return int(organisation.capacity_pools.get(code=code).pk)


def planned(owner: Person, organisation: Organisation, **facts: Any) -> Planned:
    today = timezone.localdate()
    given: dict[str, Any] = {
        "characteristic": Characteristic.TRUST,
        "what": "Meet the council’s directors each month",
        "owner": owner,
        "begins_on": today,
        "due_on": today + 60 * DAY,
        "participation": facts["participation"] if "participation" in facts else one_of(organisation),
        "days": {pool_of(organisation): Decimal(4)},
        **facts,
    }
    return Planned(**given)


def added(organisation: Organisation, by: Person, **facts: Any) -> PlanAction:
    return add_action(organisation=organisation, by=by, planned=planned(facts.pop("owner", by), organisation, **facts))


def moved(action: PlanAction, by: Person, state: PlanState, **facts: Any) -> PlanAction:
    said = "" if state == PlanState.UNDER_WAY else "They now write to us first"
    given = {"came_of_it": said, "expected_version": plan_version(action), **facts}
    return move_action(action=action, by=by, state=state, **given)


def available(organisation: Organisation, quarter: Quarter | None = None) -> Decimal | None:
    balances = pool_balances(organisation, quarter or Quarter.containing(timezone.localdate()))
    return next(one.available for one in balances if one.pool.code == "executive")


def sent(organisation: Organisation, owner: Person, **facts: Any) -> dict[str, str]:
    today = timezone.localdate()
    given = {
        "participation": str(one_of(organisation).pk),
        "characteristic": "trust",
        "what": "Meet the council’s directors each month",
        "owner": str(owner.pk),
        f"days-{pool_of(organisation)}": "4",
        **_day("begins_on", today),
        **_day("due_on", today + 60 * DAY),
    }
    return given | facts


def _day(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def under(prefix: str, data: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}-{name}": value for name, value in data.items()}


def test_the_characteristics_are_those_of_the_survey() -> None:
    assert list(Characteristic.choices) == [(one.code, one.name) for one in instrument().characteristics]


def test_an_action_is_added_and_its_days_are_set_aside(people: People) -> None:
    organisation, lead, executive = people
    client = signed_in(executive)
    assert "No action is open" in words(client.get(at(organisation, "plan/")))
    answer = client.post(at(organisation, "plan/add/"), sent(organisation, lead))
    assert answer.status_code == 302, answer.context["form"].errors
    action = organisation.plan_actions.get()
    assert (action.state, action.owner, action.recorded_by) == (PlanState.PLANNED, lead, executive)
    page = words(client.get(at(organisation, "plan/")))
    assert "Meet the council’s directors each month 4 executive days a quarter" in page
    assert "We have 1 action open, none overdue." in page
    assert available(organisation) == Decimal(23)
    capacity = words(client.get(at(organisation, "capacity/")))
    assert "Meet the council’s directors each month" in capacity


def test_the_same_sent_twice_is_one_action(people: People) -> None:
    organisation, lead, _ = people
    client = signed_in(lead)
    for _ in range(2):
        assert client.post(at(organisation, "plan/add/"), sent(organisation, lead)).status_code == 302
    assert organisation.plan_actions.count() == 1
    assert available(organisation) == Decimal(23)
    answer = client.post(
        at(organisation, "plan/add/"), sent(organisation, lead, **{f"days-{pool_of(organisation)}": "9"})
    )
    assert "This action is in the plan already" in words(answer)
    assert available(organisation) == Decimal(23), "a refused action leaves no days set aside"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(people: People) -> None:
    organisation, lead, _ = people
    client = signed_in(lead)
    today = timezone.localdate()
    wrong: dict[str, tuple[dict[str, str], str]] = {
        "nothing": ({"what": " "}, "Enter what will be done"),
        "no characteristic": ({"characteristic": ""}, "Choose which characteristic it is about"),
        "another one": ({"characteristic": "luck"}, "Choose which characteristic it is about from the list"),
        "negative": ({f"days-{pool_of(organisation)}": "-1"}, "as 0 or more"),
        "words": ({f"days-{pool_of(organisation)}": "many"}, "a number"),
        "due before": (_day("due_on", today - DAY), "cannot be due before it begins"),
        "passed": ({**_day("begins_on", today - 9 * DAY), **_day("due_on", today - DAY)}, "This day has passed"),
        "far": (_day("due_on", today + 3000 * DAY), "more than five years after it begins"),
        "long ago": (_day("begins_on", today - 3000 * DAY), "more than five years from today"),
        "the last year": (_day("due_on", LAST_DAY), "more than five years after it begins"),
        "begins in the last": (_day("begins_on", LAST_DAY), "more than five years from today"),
        "both": (_day("begins_on", LAST_DAY) | _day("due_on", LAST_DAY), "more than five years from today"),
        "the first year": (_day("begins_on", FIRST_DAY) | _day("due_on", FIRST_DAY), "more than five years from today"),
        "too many": ({f"days-{pool_of(organisation)}": "10000.01"}, "days a quarter as 10000 or less"),
        "no day": ({"due_on-day": "31", "due_on-month": "2"}, "Enter a real date"),
    }
    for name, (facts, error) in wrong.items():
        answer = client.post(at(organisation, "plan/add/"), sent(organisation, lead, **facts))
        assert answer.status_code == 200, name
        assert error in words(answer), name
        assert name == "nothing" or "Meet the council" in answer.content.decode(), name
        assert "Error: Add an action" in answer.content.decode(), name
    assert not organisation.plan_actions.exists()
    assert not organisation.capacity_adjustments.exists()


def test_a_suggestion_fills_in_the_form(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    address = at(organisation, f"plan/add/?partnership={one.partnership.slug}&characteristic=focus")
    form = signed_in(lead).get(address).context["form"]
    assert (form["participation"].value(), form["characteristic"].value()) == (str(one.pk), "focus")
    form = signed_in(lead).get(at(organisation, "plan/add/?partnership=none&characteristic=luck")).context["form"]
    assert (form["participation"].value(), form["characteristic"].value()) == (None, None)


def test_a_change_moves_the_days(people: People) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    client = signed_in(lead)
    address = at(organisation, f"plan/actions/{action.pk}/")
    form = client.get(address).context["change_form"]
    assert form[f"days-{pool_of(organisation)}"].value() == "4"
    version = plan_version(action)
    changed = sent(organisation, lead, version=version, **{f"days-{pool_of(organisation)}": ""})
    changed |= {f"days-{pool_of(organisation, 'clinical')}": "7.5"}
    answer = client.post(address, {**under("change", changed), "change": "yes"})
    assert answer.status_code == 302, answer.context["change_form"].errors
    assert available(organisation) == Decimal(27)
    assert "7.5 clinical" in words(client.get(address)).lower()


@pytest.mark.django_db(transaction=True)
def test_the_record_finds_an_action_and_its_days_by_the_partnership_that_they_were_of_then(people: People) -> None:
    organisation, lead, _ = people
    here, other = one_of(organisation), organisation.participations.get(partnership__name="Alliance 3")
    what = "Meet the council’s directors each month"

    def said(participation: Participation | None = None) -> set[str]:
        search = Search(organisation, partnership=participation.partnership_id if participation else None)
        with acting_for(organisation):
            lines = in_words(organisation, page_of(search, size=500).entries)
        return {str(line) for line in lines if what in str(line)}

    def moved_to(participation: Participation | None, days: int) -> None:
        with acting_for(organisation, person=lead):
            now, taken = organisation.plan_actions.get(), {pool_of(organisation): Decimal(days)}
            facts = planned(lead, organisation, participation=participation, days=taken)
            change_action(action=now, by=lead, planned=facts, expected_version=plan_version(now))

    with acting_for(organisation, person=lead):
        added(organisation, lead)
    of_here = {
        f"Added the action of the plan of Alliance 4: {what}",
        f"Added the days set aside or freed of Alliance 4: {what}",
        f"Added the days of one pool set aside or freed of Alliance 4: {what}, Executive",
    }
    assert (said(here), said(other)) == (of_here, set())

    moved_to(other, 5)
    to_the_other = {
        f"Changed the action of the plan of Alliance 3: {what}",
        f"Changed the days set aside or freed of Alliance 3: {what}",
    }
    of_other = to_the_other | {f"Changed the days of one pool set aside or freed of Alliance 3: {what}, Executive"}
    assert (said(here), said(other)) == (of_here | to_the_other, of_other)

    moved_to(None, 6)
    to_all = {f"Changed the action of the plan: {what}", f"Changed the days set aside or freed: {what}"}
    assert (said(here), said(other)) == (of_here | to_the_other, of_other | to_all)
    of_nobody = {f"Changed the days of one pool set aside or freed: {what}, Executive"}
    assert said() == of_here | of_other | to_all | of_nobody


def test_days_of_before_they_said_where_they_are_follow_their_action(people: People) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    everywhere = added(organisation, lead, participation=None, what="Learn from each other")
    organisation.capacity_adjustments.update(participation=None)
    migration = import_module("decisions.migrations.0014_days_of_actions_are_found")
    with connection.cursor() as cursor:
        cursor.execute(migration.OF_THEIR_ACTION)
    found = dict(organisation.capacity_adjustments.values_list("pk", "participation"))
    assert found == {action.adjustment_id: one_of(organisation).pk, everywhere.adjustment_id: None}


def test_the_second_to_save_is_told_and_keeps_what_was_typed(people: People) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    before = plan_version(action)
    current = moved(action, lead, PlanState.UNDER_WAY)
    with pytest.raises(ChangedMeanwhile):
        change_action(action=current, by=lead, planned=planned(lead, organisation), expected_version=before)
    typed = sent(organisation, lead, version=before, what="Something else by now")
    answer = signed_in(lead).post(
        at(organisation, f"plan/actions/{action.pk}/"), {**under("change", typed), "change": "1"}
    )
    assert answer.status_code == 200
    assert "Somebody else saved this page" in words(answer)
    assert "Something else by now" in answer.content.decode()
    far = {"far-state": "stopped", "far-came_of_it": "No time", "far-version": before, "far": "yes"}
    assert "Somebody else saved this page" in words(
        signed_in(lead).post(at(organisation, f"plan/actions/{action.pk}/"), far)
    )


def test_how_far_it_is_and_its_days_are_given_back(people: People) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    client, address = signed_in(lead), at(organisation, f"plan/actions/{action.pk}/")

    def say(state: str, came_of_it: str = "") -> Any:
        version = client.get(address).context["far_form"].initial["version"]
        data = {"far-state": state, "far-came_of_it": came_of_it, "far-version": version, "far": "yes"}
        return client.post(address, data)

    assert "Say that it has begun first" in words(say("done", "They trust us"))
    assert "Leave this empty until it has ended" in words(say("under_way", "Something"))
    assert say("under_way").status_code == 302
    assert available(organisation) == Decimal(23)
    assert "Say what came of it, or why it stops" in words(say("done"))
    assert "Choose how far it is" in words(say(""))
    assert say("done", "They write to us first").status_code == 302
    assert available(organisation) == Decimal(27)
    page = words(client.get(address))
    assert "given back on" in page
    assert "They write to us first" in page
    assert "Say how far it is" not in page
    ended = organisation.plan_actions.get()
    same = move_action(
        action=ended,
        by=lead,
        state=PlanState.DONE,
        came_of_it="They write to us first",
        expected_version="an older one",
    )
    assert same.closed_on == timezone.localdate()
    with pytest.raises(ValidationError, match="has ended already"):
        moved(ended, lead, PlanState.STOPPED)
    with pytest.raises(ValidationError, match="has ended already"):
        change_action(action=ended, by=lead, planned=planned(lead, organisation), expected_version=plan_version(ended))


def test_who_sees_to_it_may_say_how_far_it_is_and_nobody_else(people: People) -> None:
    organisation, lead, _ = people
    owner, other = in_role(organisation, Role.READER), in_role(organisation, Role.CONTRIBUTOR)
    action = added(organisation, lead, owner=owner)
    with pytest.raises(PermissionDenied):
        moved(action, other, PlanState.UNDER_WAY)
    assert "Save how far it is" not in words(signed_in(other).get(at(organisation, f"plan/actions/{action.pk}/")))
    assert "Save how far it is" in words(signed_in(owner).get(at(organisation, f"plan/actions/{action.pk}/")))
    current = moved(action, owner, PlanState.UNDER_WAY)
    moved(current, owner, PlanState.DONE)
    assert available(organisation) == Decimal(27)
    for person in (owner, other):
        with pytest.raises(PermissionDenied):
            added(organisation, person)
        with pytest.raises(PermissionDenied):
            change_action(action=action, by=person, planned=planned(lead, organisation), expected_version="")


def test_an_owner_who_left_is_named_and_can_be_replaced(people: People) -> None:
    organisation, lead, executive = people
    owner = in_role(organisation, Role.CONTRIBUTOR)
    action = added(organisation, lead, owner=owner)
    AccessGrant.objects.filter(organisation=organisation, person=owner).delete()
    address = at(organisation, f"plan/actions/{action.pk}/")
    assert "has no access here any more" in words(signed_in(lead).get(address))
    assert "has no access any more" in words(signed_in(lead).get(at(organisation, "plan/")))
    with pytest.raises(PermissionDenied):
        moved(action, owner, PlanState.UNDER_WAY)
    with pytest.raises(ValidationError, match="Choose somebody else"):
        added(organisation, lead, what="Another", owner=owner)
    changed = change_action(
        action=action, by=lead, planned=planned(executive, organisation), expected_version=plan_version(action)
    )
    assert changed.owner == executive


def test_an_action_of_the_whole_organisation_and_of_no_days(people: People) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead, participation=None, days={})
    assert action.adjustment is None
    page = words(signed_in(lead).get(at(organisation, f"plan/actions/{action.pk}/")))
    assert "The whole organisation" in page
    assert "None are set aside" in page
    with pytest.raises(ValidationError, match="in the plan already"):
        added(organisation, lead, participation=None, days={pool_of(organisation): Decimal(1)})
    other, *_ = portfolio()
    with pytest.raises(ValidationError, match="one of your active partnerships"):
        added(organisation, lead, what="Theirs", participation=one_of(other))


def test_what_is_overdue_goes_on_taking_its_days_until_it_has_ended(people: People) -> None:
    """Four days a quarter, due in the quarter before this one: 23 of 27 are left until somebody ends it."""
    organisation, lead, _ = people
    this = Quarter.containing(timezone.localdate())
    before = this.previous()
    action = _in_quarters(added(organisation, lead), before, before)
    assert "We have 1 action open, 1 overdue." in words(signed_in(lead).get(at(organisation, "plan/")))
    page = words(signed_in(lead).get(at(organisation, f"plan/actions/{action.pk}/")))
    assert "It goes on taking its days, in each quarter, until it is done or stops" in page
    assert (available(organisation), available(organisation, this.next())) == (Decimal(23), None)
    assert _set_aside(organisation, this.next()) == Decimal(4)
    shown = words(signed_in(lead).get(at(organisation, "capacity/")))
    assert "Nobody has said that it has ended, so it goes on taking them" in shown
    document = freeze(organisation, on=timezone.localdate(), draws=4).document
    assert [pool.get("set_aside") for pool in document["pools"] if pool["id"] == "executive"] == [4.0]
    moved(action, lead, PlanState.STOPPED)
    assert available(organisation) == Decimal(27)
    assert [_set_aside(organisation, one) for one in (before, this, this.next())] == [Decimal(4), 0, 0]


def test_what_was_spent_stays_spent_as_an_action_ends_early(people: People) -> None:
    """From two quarters ago until the next one, and ended now: the two quarters before keep its four days."""
    organisation, lead, _ = people
    this = Quarter.containing(timezone.localdate())
    first = this.previous().previous()
    action = _in_quarters(added(organisation, lead), first, this.next())
    quarters = [first.previous(), first, this.previous(), this, this.next()]
    assert [_set_aside(organisation, one) for one in quarters] == [0, 4, 4, 4, 4]
    moved(action, lead, PlanState.STOPPED)
    assert [_set_aside(organisation, one) for one in quarters] == [0, 4, 4, 0, 0]
    shown = words(signed_in(lead).get(at(organisation, f"capacity/?quarter={first.first_day}")))
    assert f"until it ended on {timezone.localdate():%-d %B %Y}" in shown
    page = words(signed_in(lead).get(at(organisation, f"plan/actions/{action.pk}/")))
    assert "what the quarters before took stays spent" in page


def test_an_action_that_ended_late_took_its_days_until_then(people: People) -> None:
    """Meant for one quarter, two quarters ago, and ended in this one."""
    organisation, lead, _ = people
    this = Quarter.containing(timezone.localdate())
    first = this.previous().previous()
    moved(_in_quarters(added(organisation, lead), first, first), lead, PlanState.STOPPED)
    assert [_set_aside(organisation, one) for one in (first, this.previous(), this)] == [4, 4, 0]


def test_an_action_that_is_not_overdue_takes_nothing_after_its_last_quarter(people: People) -> None:
    organisation, lead, _ = people
    this = Quarter.containing(timezone.localdate())
    _in_quarters(added(organisation, lead), this, this)
    assert [_set_aside(organisation, one) for one in (this, this.next())] == [4, 0]


def _in_quarters(action: PlanAction, first: Quarter, last: Quarter) -> PlanAction:
    """As if it had been planned in time, for these quarters."""
    due = min(last.next().first_day, max(timezone.localdate(), last.first_day)) - DAY
    PlanAction.objects.filter(pk=action.pk).update(begins_on=first.first_day - DAY, due_on=due)
    CapacityAdjustment.objects.update(from_quarter=first.first_day, until_quarter=last.first_day)
    action.refresh_from_db()
    return action


def _set_aside(organisation: Organisation, quarter: Quarter) -> Decimal:
    balances = pool_balances(organisation, quarter)
    return next(one.adjusted.set_aside for one in balances if one.pool.code == "executive")


RULES: dict[str, dict[str, Any]] = {
    "plan_action_characteristic_is_known": {"characteristic": "luck"},
    "plan_action_state_is_known": {"state": "begun", "closed_on": datetime.date(2027, 1, 1), "came_of_it": "All well"},
    "plan_action_says_what": {"what": " "},
    "plan_action_due_once_it_begins": {"due_on": datetime.date(2020, 1, 1)},
    "plan_action_closed_by_and_on": {"closed_on": datetime.date(2027, 1, 1)},
    "plan_action_says_what_came_of_it": {"came_of_it": "All well"},
}


@pytest.mark.parametrize("rule", RULES)
def test_rules_of_the_database(people: People, rule: str) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    assert set(RULES) | {"plan_action_once"} == {found.name for found in PlanAction._meta.constraints}
    assert tuple(OPEN_STATES) == (PlanState.PLANNED, PlanState.UNDER_WAY)
    facts = RULES[rule] | ({"closed_by": lead} if "state" in RULES[rule] else {})
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        PlanAction.objects.filter(pk=action.pk).update(**facts)


def test_the_plan_asks_the_database_as_often_however_much_there_is(settings: Any) -> None:
    organisation, lead, _ = scored_portfolio()
    client = signed_in(lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(at(organisation, "plan/"))
        return len(asked)

    every = list(organisation.participations.order_by("pk"))
    for one in every[:2]:
        closed_round(one, lead, [4, 4, 3, 4, 5, 4], invited=7)
    added(organisation, lead, participation=every[0])
    few = queries()
    for one in every[2:]:
        closed_round(one, lead, [4, 4, 3, 4, 5, 4], invited=7)
    for number, one in enumerate(every):
        added(organisation, lead, what=f"Another {number}", participation=one)
        moved(added(organisation, lead, what=f"Ended {number}", participation=one), lead, PlanState.STOPPED)
    assert queries() <= few
