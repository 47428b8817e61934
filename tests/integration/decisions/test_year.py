"""The executive's year: every figure of the page is counted from rows."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import move_promise, promise_version, undo
from decisions.financial_years import FinancialYear
from decisions.models import Promise, PromiseState
from decisions.year import Year, year_of
from diagnostics.models import Round, Subject
from partnerships.actions.participations import change_state, move_to_level
from partnerships.models import Organisation, Participation, ParticipationState, Person, Role
from scoring.models import Run
from tests.factories import in_role
from tests.integration.decisions.scored import another_level, basis_of, decided, score, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_promises import DAY, closed, overdue, promise_in
from tests.integration.diagnostics.survey_data import closed as closed_survey
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


def this_year(organisation: Organisation) -> Year:
    today = timezone.localdate()
    return year_of(organisation, FinancialYear.containing(today), today=today)


def test_a_year_without_anything_says_where_it_begins() -> None:
    organisation, _, executive = portfolio()
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "so far." in shown
    assert "There is nothing to tell yet." in shown


def test_decisions_are_counted_by_outcome_and_label(people: tuple[Organisation, Person, Person]) -> None:
    organisation, _, executive = people
    one, two, three, *_ = organisation.participations.select_related("partnership").order_by("pk")
    accepted = decided(one, executive)
    overruled = decided(two, executive, level_code=another_level(basis_of(two)), reason="The council asks")
    undo(decision=decided(three, executive), by=executive)
    found = this_year(organisation).decided
    assert list(found.lines) == [accepted, overruled]
    assert (found.accepted, found.overruled, found.undone) == (1, 1, 1)
    assert found.costly == [overruled]
    assert sum(row.accepted + row.overruled for row in found.by_label) == 2
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "About 2 partnerships: 1 as recommended, 1 otherwise." in shown
    assert "About 1 more, what had been decided was undone." in shown


def test_a_partnership_counts_once_with_what_stood_at_the_end_of_the_year(
    people: tuple[Organisation, Person, Person],
) -> None:
    """Decided low, undone, decided lower, and then as recommended: one decision, changed three times on the way."""
    organisation, _, executive = people
    one, two, *_ = organisation.participations.select_related("partnership").order_by("pk")
    less = {"level_code": "keep-in-touch", "reason": "Half would do"}
    undo(decision=decided(one, executive, **less), by=executive)
    decided(one, executive, level_code=organisation.engagement_levels.get(position=0).code, reason="Nobody needs it")
    last = decided(one, executive)
    other = decided(two, executive)
    found = this_year(organisation)
    assert found.decided.lines == [last, other]
    assert (found.decided.accepted, found.decided.overruled, found.decided.undone) == (2, 0, 0)
    assert found.decided.changed == 3
    assert (found.said_no, found.stepped_down) == ([], [])
    assert "decided about 2 partnerships" in found.sentence
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "On the way there, what had been decided was changed 3 times." in shown


def test_a_past_year_keeps_what_stood_at_its_end(people: tuple[Organisation, Person, Person]) -> None:
    """Decided last year; undone, and decided otherwise, this year: each year says what stood at its end."""
    organisation, _, executive = people
    one, two, *_ = organisation.participations.select_related("partnership").order_by("pk")
    before = FinancialYear.containing(timezone.localdate()).first_day - 40 * DAY
    years = FinancialYear.containing(before), FinancialYear.containing(timezone.localdate())
    first, second = (decided(each, executive, decided_on=before, applies_from=before) for each in (one, two))
    anew = decided(one, executive, level_code="keep-in-touch", reason="Half would do")
    undo(decision=second, by=executive)
    then, now = (year_of(organisation, year, today=timezone.localdate()).decided for year in years)
    assert (then.lines, then.undone, then.changed) == ([first, second], 0, 0)
    assert (now.lines, now.undone, now.changed) == ([anew], 1, 0)


def test_costs_of_overruling_stand_singly_and_are_not_added_up(people: tuple[Organisation, Person, Person]) -> None:
    organisation, _, executive = people
    one, two, *_ = organisation.participations.select_related("partnership").order_by("pk")
    lines = [
        decided(each, executive, level_code=another_level(basis_of(each)), reason="The council asks")
        for each in (one, two)
    ]
    costly = [line for line in lines if line.cost]
    assert len(costly) == 2
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "They cannot be added up" in shown
    assert "points of total value in all" not in shown
    assert [line.cost for line in this_year(organisation).decided.costly] == sorted(
        (line.cost for line in costly if line.cost), reverse=True
    )


@pytest.mark.django_db(transaction=True)  # each change has the time of its own transaction
def test_lower_is_lower_than_at_that_time_and_not_than_today(people: tuple[Organisation, Person, Person]) -> None:
    """One goes down from next month on and was moved down by hand since; one had been low before and stays there."""
    organisation, _, executive = people
    one, two, *_ = organisation.participations.select_related("partnership", "organisation").order_by("pk")
    later = {"applies_from": timezone.localdate() + 30 * DAY, "reason": "Half would do"}
    levels = {level.code: level for level in organisation.engagement_levels.all()}
    steps_down = decided(one, executive, level_code="keep-in-touch", **later)
    move_to_level(participation=one, level=levels["keep-in-touch"])
    move_to_level(participation=two, level=levels["keep-in-touch"])
    decided(two, executive, level_code="keep-in-touch", **later)
    move_to_level(participation=two, level=levels["prioritise"])
    assert this_year(organisation).stepped_down == [steps_down]


def test_what_we_said_no_to_stands_with_its_reason_and_the_day_to_look_again(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, _, executive = people
    one, two, *_ = organisation.participations.select_related("partnership").order_by("pk")
    lowest = organisation.engagement_levels.get(position=0)
    in_touch = organisation.engagement_levels.get(code="keep-in-touch")
    organisation.participations.update(level=organisation.engagement_levels.get(code="prioritise"))
    no = decided(one, executive, level_code=lowest.code, reason="Nobody is better for it")
    less = decided(two, executive, level_code=in_touch.code, reason="Half would do")
    found = this_year(organisation)
    assert list(found.said_no) == [no]
    assert list(found.stepped_down) == [less]
    assert "said no to 1 partnership" in found.sentence
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "Nobody is better for it" in shown
    assert f"Look again {no.review_on:%-d %B %Y}" in shown


def test_promises_are_counted_by_what_became_of_them(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    one = organisation.participations.select_related("partnership").order_by("pk")[0]
    closed(promise_in(one, lead, what="Kept"), lead)
    closed(overdue(promise_in(one, lead, what="Kept late")), lead)
    closed(promise_in(one, lead, what="Not kept"), lead, PromiseState.NOT_KEPT)
    closed(promise_in(one, lead, what="Taken back"), lead, PromiseState.WITHDRAWN)
    overdue(promise_in(one, lead, what="Overdue"))
    promise_in(one, lead, what="Open")
    found = this_year(organisation).promised
    assert (len(found.kept), found.late, len(found.not_kept), len(found.withdrawn)) == (2, 1, 1, 1)
    assert (len(found.made), found.still_open) == (6, 2)
    assert [promise.what for promise in found.overdue] == ["Overdue"]
    assert "kept 2 of 4 promises" in this_year(organisation).sentence
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "Kept 2 of 4, 1 of them after the day for which it was first promised" in shown
    assert "Not kept , Alliance 0: not kept. The team was cut" in shown


def test_late_is_measured_by_the_day_first_promised(people: tuple[Organisation, Person, Person]) -> None:
    """Promised for a day that has gone by, and moved: kept "in time" and still open are both past the first day."""
    organisation, lead, executive = people
    one = organisation.participations.select_related("partnership").order_by("pk")[0]
    today = timezone.localdate()
    for what in ("Kept", "Open"):
        promise = overdue(promise_in(one, lead, what=what))
        for days in (10, 20):
            _moved(promise, lead, today + days * DAY)
        if what == "Kept":
            closed(promise, lead)
    found = this_year(organisation).promised
    assert (len(found.kept), found.late, found.moves) == (1, 1, 4)
    assert [promise.what for promise in found.overdue] == ["Open"]
    assert "kept 1 of 2 promises" in this_year(organisation).sentence
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "Days moved 4 times" in shown
    assert f"due {today - 3 * DAY:%-d %B %Y}, moved 2 times and due {today + 20 * DAY:%-d %B %Y} now" in shown


def _moved(promise: Promise, by: Person, day: datetime.date) -> None:
    move_promise(promise=promise, by=by, due_on=day, reason="Late", expected_version=promise_version(promise))
    promise.refresh_from_db()


def test_a_past_year_says_what_was_overdue_at_its_end(people: tuple[Organisation, Person, Person]) -> None:
    """Due 20 days before the year ended and kept since: overdue then, and kept late now."""
    organisation, lead, executive = people
    one = organisation.participations.select_related("partnership").order_by("pk")[0]
    this = FinancialYear.containing(timezone.localdate())
    due = this.first_day - 20 * DAY
    promise = promise_in(one, lead)
    Promise.objects.filter(pk=promise.pk).update(made_on=due - 30 * DAY, due_on=due)
    promise.refresh_from_db()
    closed(promise, lead)
    before = FinancialYear(this.begins_in - 1)
    then, now = (year_of(organisation, year, today=timezone.localdate()).promised for year in (before, this))
    assert (len(then.kept), [one.pk for one in then.overdue], then.came_due) == (0, [promise.pk], 1)
    assert (len(now.kept), now.late, len(now.overdue), now.came_due) == (1, 1, 0, 1)
    shown = words(signed_in(executive).get(at(organisation, f"decisions/year/?year={before.begins_in}")))
    assert "Overdue at the end of the year 1" in shown


def test_a_year_counts_its_own_days_alone(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    one = organisation.participations.select_related("partnership").order_by("pk")[0]
    decided(one, executive)
    promise = promise_in(one, lead)
    last_year = FinancialYear.containing(timezone.localdate()).first_day - 40 * DAY
    Promise.objects.filter(pk=promise.pk).update(made_on=last_year)
    assert not this_year(organisation).promised.made
    client = signed_in(executive)
    shown = words(client.get(at(organisation, f"decisions/year/?year={FinancialYear.containing(last_year).begins_in}")))
    assert f"Nothing was decided in {FinancialYear.containing(last_year)}." in shown
    assert "Made 1, of which 1 is open now" in shown
    for odd in ("x", "9" * 30, "1900"):
        assert f"Our year {this_year(organisation).year}" in words(
            client.get(at(organisation, f"decisions/year/?year={odd}"))
        )


def test_a_scoring_on_the_last_day_of_march_is_of_the_year_that_ends_with_it(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    last = score(organisation, lead)
    begins = FinancialYear.containing(timezone.localdate()).first_day
    evening = timezone.make_aware(datetime.datetime.combine(begins - DAY, datetime.time(18)))
    Run.objects.filter(pk=last.pk).update(finished_at=evening)
    year_before = year_of(organisation, FinancialYear(begins.year - 1), today=timezone.localdate())
    assert [one.day for one in year_before.value.runs] == [begins - DAY]
    assert this_year(organisation).value.runs[0].day == begins - DAY
    midnight = timezone.make_aware(datetime.datetime.combine(begins, datetime.time()))
    Run.objects.filter(pk=last.pk).update(finished_at=midnight)
    assert not year_of(organisation, FinancialYear(begins.year - 1), today=timezone.localdate()).value.runs


def test_total_value_goes_from_the_run_before_the_year_to_the_last(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    client = signed_in(executive)
    assert "There is one scoring to go by" in words(client.get(at(organisation, "decisions/year/")))
    first = Run.objects.get()
    before = FinancialYear.containing(timezone.localdate()).first_day - 10 * DAY
    noon = timezone.make_aware(datetime.datetime.combine(before, datetime.time(12)))
    Run.objects.filter(pk=first.pk).update(finished_at=noon)
    organisation.value_ratings.update(low=90, likely=90, high=90)
    score(organisation, lead)
    last = score(organisation, lead)
    found = this_year(organisation).value
    assert [one.day for one in found.runs] == [before, timezone.localdate(last.finished_at)]
    assert found.in_words.startswith("what we can deliver rose from ")
    answer = client.get(at(organisation, "decisions/year/"))
    shown = words(answer)
    assert "What we can deliver rose from" in shown
    assert f"{before:%-d %b %Y}" in shown
    assert 'data-chart="chart-total-value-data"' in answer.content.decode()
    assert "everybody is assumed to go short evenly" in shown


def test_partners_are_heard_as_far_as_their_surveys_show(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, executive = people
    one, two, *_ = organisation.participations.select_related("partnership").order_by("pk")
    client = signed_in(executive)
    assert "Partners’ view cannot be shown of this year" in words(client.get(at(organisation, "decisions/year/")))
    closed_survey(one, lead, [4] * 4, subject=Subject.BY_PARTNERS)
    assert "Partners’ view cannot be shown of this year" in words(client.get(at(organisation, "decisions/year/")))
    closed_survey(two, lead, [4] * 7, subject=Subject.BY_PARTNERS)
    shown = words(client.get(at(organisation, "decisions/year/")))
    assert "by the last survey that closed in this year in each of 1 partnership: 4.0 one partnership" in shown


def test_each_year_has_the_surveys_that_closed_in_it_beside_the_year_before(
    people: tuple[Organisation, Person, Person],
) -> None:
    """Last year 2 and 4; this year 3 and 5, and 1 where nobody asked before. One has been left since."""
    organisation, lead, executive = people
    one, two, three, *_ = organisation.participations.select_related("partnership", "organisation").order_by("pk")
    first = FinancialYear.containing(timezone.localdate()).first_day
    for each, earlier, later in ((one, 2, 3), (two, 4, 5), (three, None, 1)):
        if earlier is not None:
            _asked(each, lead, earlier, on=first - 30 * DAY)
        _asked(each, lead, later)
    change_state(participation=two, by=lead, to=ParticipationState.ENDED)
    this = FinancialYear.containing(timezone.localdate())
    now, then = (
        year_of(organisation, year, today=timezone.localdate()).partners
        for year in (this, FinancialYear(this.begins_in - 1))
    )
    assert now.overall is not None
    assert now.before is not None
    assert now.since is not None
    assert (now.overall.mean, now.overall.people) == (3.0, 3)
    assert (now.before.mean, now.before.people) == (3.0, 2)
    assert (now.since.before, now.since.after, now.compared) == (3.0, 4.0, 2)
    assert then.overall is not None
    assert (then.overall.mean, then.overall.people, then.before, then.compared) == (3.0, 2, None, 0)
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "in each of 3 partnerships: 3.0 likely" in shown
    assert "The year before, in 2 partnerships: 3.0 likely" in shown
    assert "In the 2 partnerships that were asked in both years it went from 3.0 to 4.0" in shown


def _asked(one: Participation, by: Person, value: int, on: datetime.date | None = None) -> None:
    made = closed_survey(one, by, [value] * 6, subject=Subject.BY_PARTNERS)
    if on is not None:
        noon = timezone.make_aware(datetime.datetime.combine(on, datetime.time(12)))
        Round.objects.filter(pk=made.pk).update(closed_at=noon)


def test_a_reader_may_read_it_and_a_system_reader_may_not(people: tuple[Organisation, Person, Person]) -> None:
    organisation = people[0]
    page = at(organisation, "decisions/year/")
    assert signed_in(in_role(organisation, Role.READER)).get(page).status_code == 200
    assert signed_in(in_role(organisation, Role.SYSTEM_READER)).get(page).status_code == 403


def test_a_full_year_takes_as_many_queries_as_an_empty_one() -> None:
    counted = []
    for size in (2, 7):
        organisation, lead, executive = scored_portfolio(size=7)
        for one in organisation.participations.select_related("partnership")[:size]:
            decided(one, executive)
            closed(promise_in(one, lead), lead)
            promise_in(one, lead, owner=in_role(organisation, Role.READER), what="Open")
        reader = signed_in(executive)
        reader.get(at(organisation, "decisions/year/"))
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(at(organisation, "decisions/year/")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
