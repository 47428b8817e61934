"""The executive's year: every figure of the page is counted from rows."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import undo
from decisions.financial_years import FinancialYear
from decisions.models import Promise, PromiseState
from decisions.year import Year, year_of
from diagnostics.models import Subject
from partnerships.models import Organisation, Person, Role
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
    assert found.cost == overruled.cost
    assert sum(row.accepted + row.overruled for row in found.by_label) == 2
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "2 decisions: 1 as recommended, 1 otherwise." in shown
    assert "1 more was undone." in shown


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
    assert "kept 2 of 3 promises" in this_year(organisation).sentence
    shown = words(signed_in(executive).get(at(organisation, "decisions/year/")))
    assert "Kept 2, 1 of them after the day for which it was promised" in shown
    assert "Not kept , Alliance 0: not kept, The team was cut" in shown


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
    assert "Partners’ view cannot be shown yet" in words(client.get(at(organisation, "decisions/year/")))
    closed_survey(one, lead, [4] * 4, subject=Subject.BY_PARTNERS)
    assert "Partners’ view cannot be shown yet" in words(client.get(at(organisation, "decisions/year/")))
    closed_survey(two, lead, [4] * 7, subject=Subject.BY_PARTNERS)
    shown = words(client.get(at(organisation, "decisions/year/")))
    assert "by the last survey of each of 1 partnership: 4.0 one partnership" in shown


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
