"""A record that is merged into another is no partnership beside it: no list has both. What is owed stays owed."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from decisions.actions import undo
from decisions.financial_years import FinancialYear
from decisions.models import Decision, PlanAction, Promise
from decisions.plan_page import plan_of
from decisions.reminding import due_in
from decisions.year import Year, year_of
from partnerships.actions.merging import merge, undo_merge
from partnerships.models import Organisation, Participation, Person
from scoring.situation import situation_of
from tests.integration.decisions.scored import decided, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import added
from tests.integration.decisions.test_promises import DAY, overdue, promise_in
from tests.integration.decisions.test_reminding import is_looked_at
from tests.integration.diagnostics.survey_data import closed as closed_survey

pytestmark = pytest.mark.django_db
AHEAD = 200


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


@pytest.fixture
def two(people: tuple[Organisation, Person, Person]) -> tuple[Participation, Participation]:
    """The record that goes on, and its duplicate."""
    one, duplicate = people[0].participations.select_related("partnership", "organisation").order_by("pk")[:2]
    return one, duplicate


def this_year(organisation: Organisation) -> Year:
    today = timezone.localdate()
    return year_of(organisation, FinancialYear.containing(today), today=today)


def test_no_list_of_reviews_has_it(
    people: tuple[Organisation, Person, Person], two: tuple[Participation, Participation]
) -> None:
    organisation, lead, executive = people
    one, duplicate = two
    decision = decided(one, executive, review_on=timezone.localdate() + AHEAD * DAY)
    merged = decided(duplicate, executive, review_on=timezone.localdate() + (AHEAD - 100) * DAY)
    day, client = timezone.localdate() + AHEAD * DAY, signed_in(lead)

    def listed() -> list[set[int]]:
        rows = organisation.decisions.to_review_by(day)
        reminded = {due.about.pk for due in due_in(organisation, day) if isinstance(due.about, Decision)}
        return [{row.pk for row in rows}, reminded]

    assert listed() == [{decision.pk, merged.pk}] * 2
    assert is_looked_at(organisation, day - 100 * DAY)
    merge(duplicate=duplicate, into=one, by=lead)
    assert listed() == [{decision.pk}] * 2
    assert not is_looked_at(organisation, day - 100 * DAY)
    assert is_looked_at(organisation, day)
    calendar = Calendar.from_ical(client.get(at(organisation, "promises/calendar/all.ics")).content)
    assert {str(event["uid"]).split(".")[0] for event in calendar.events} == {f"review-of-{one.pk}"}
    shown = words(client.get(at(organisation, "decisions/")))
    assert one.partnership.display_name in shown
    assert duplicate.partnership.display_name not in shown
    undo_merge(duplicate=duplicate, by=lead)
    assert listed() == [{decision.pk, merged.pk}] * 2


def test_what_is_due_on_the_first_page_counts_it_once(
    people: tuple[Organisation, Person, Person],
    two: tuple[Participation, Participation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organisation, lead, executive = people
    for each in two:
        decided(each, executive, review_on=timezone.localdate() + AHEAD * DAY)
    day = timezone.localdate() + AHEAD * DAY
    monkeypatch.setattr("decisions.views.due.timezone.localdate", lambda: day)
    client = signed_in(lead)
    assert "2 decisions to look at again" in words(client.get(at(organisation, "promises/due/")))
    merge(duplicate=two[1], into=two[0], by=lead)
    assert "1 decision to look at again" in words(client.get(at(organisation, "promises/due/")))


def test_the_year_counts_the_partnership_once(
    people: tuple[Organisation, Person, Person], two: tuple[Participation, Participation]
) -> None:
    organisation, lead, executive = people
    lowest = organisation.engagement_levels.get(position=0)
    one, duplicate = two
    no = decided(duplicate, executive, level_code=lowest.code, reason="Nobody is better for it")
    merge(duplicate=duplicate, into=one, by=lead)
    # Until something is decided on the record that goes on, what was decided about its duplicate is what we decided.
    assert this_year(organisation).decided.lines == [no]
    yes = decided(one, executive)
    found = this_year(organisation)
    assert (found.decided.lines, found.said_no, found.decided.changed) == ([yes], [], 0)
    assert "decided about 1 partnership" in found.sentence
    undo(decision=yes, by=executive)
    assert this_year(organisation).decided.undone == 1


def test_of_two_duplicates_the_year_has_what_was_decided_last(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    one, first, second = organisation.participations.select_related("partnership", "organisation").order_by("pk")[:3]
    last = [decided(each, executive) for each in (second, first)][-1]
    for duplicate in (first, second):
        merge(duplicate=duplicate, into=one, by=lead)
    assert this_year(organisation).decided.lines == [last]


def test_the_plan_names_no_weakness_of_it_and_proposes_nothing_for_it(
    people: tuple[Organisation, Person, Person], two: tuple[Participation, Participation]
) -> None:
    organisation, lead, _ = people
    for each in two:
        closed_survey(each, lead, [4, 4, 3, 4, 5, 4], invited=7)
    today = timezone.localdate()

    def plan() -> Any:
        return plan_of(organisation, situation_of(organisation).shown, day=today)

    assert plan().surveyed == 2
    assert {row.partnerships for row in plan().across} == {2}
    merge(duplicate=two[1], into=two[0], by=lead)
    assert plan().surveyed == 1
    assert {row.partnerships for row in plan().across} == {1}
    assert two[1].partnership.slug not in {one.slug for one in plan().suggestions}


def test_what_is_owed_under_the_other_name_stays_owed(
    people: tuple[Organisation, Person, Person], two: tuple[Participation, Participation]
) -> None:
    """A promise was made to somebody, and an action takes days, whatever becomes of the record."""
    organisation, lead, _ = people
    one, duplicate = two
    promise = overdue(promise_in(duplicate, lead))
    action = added(organisation, lead, participation=duplicate)
    PlanAction.objects.update(begins_on=timezone.localdate() - 9 * DAY, due_on=timezone.localdate() - DAY)
    merge(duplicate=duplicate, into=one, by=lead)
    due = [one.about for one in due_in(organisation, timezone.localdate())]
    assert due == [Promise.objects.get(pk=promise.pk), action]
    assert is_looked_at(organisation, timezone.localdate())
    shown = words(signed_in(lead).get(at(organisation, "promises/due/")))
    assert "1 promise overdue , 1 action of the plan overdue" in shown
    assert this_year(organisation).promised.made == [promise]
