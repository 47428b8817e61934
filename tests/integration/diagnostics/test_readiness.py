"""What scoring and the lists read of the surveys."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from diagnostics.actions import close_round
from diagnostics.readiness import health_of, readiness_of
from partnerships.models import Organisation, Person
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.survey_data import ITEMS, answer, closed, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation_and_lead() -> tuple[Organisation, Person]:
    organisation, lead, _ = organisation_with_people()
    return organisation, lead


def test_a_closed_round_counts(organisation_and_lead: tuple[Organisation, Person]) -> None:
    organisation, lead = organisation_and_lead
    participation = active_participation(organisation)
    made = closed(participation, lead, [4, 4, 5, 3, 4], invited=9)
    health = health_of(organisation)[participation.pk]
    assert (health.round_id, health.closed_on) == (made.pk, timezone.localdate())
    assert (health.invited, health.answered) == (9, 5)
    assert health.overall == pytest.approx(4.0)
    # By hand: sd 0.7071, t(4) 2.776, finite population correction √(1 − 5/9) = 0.6667.
    assert health.low == pytest.approx(4 - 2.776 * 0.7071 / 5**0.5 * 0.6667, abs=0.001)
    readiness = readiness_of(organisation=organisation, draws=200, seed=1)[participation.pk]
    assert readiness.mean == pytest.approx(0.2 + 0.8 * 0.75)
    assert len(readiness.draws) == 200
    assert all(0.2 <= draw <= 1 for draw in readiness.draws)


def test_an_open_round_and_one_with_too_few_answers_do_not_count(
    organisation_and_lead: tuple[Organisation, Person],
) -> None:
    organisation, lead = organisation_and_lead
    _, links = opened(active_participation(organisation), lead)
    for link in links:
        answer(link, 4)
    closed(active_participation(organisation), lead, [4] * 4)
    assert health_of(organisation) == {}
    assert readiness_of(organisation=organisation, draws=10, seed=1) == {}


def test_dont_know_is_no_view_to_count(organisation_and_lead: tuple[Organisation, Person]) -> None:
    organisation, lead = organisation_and_lead
    made, links = opened(active_participation(organisation), lead)
    for link in links[:4]:
        answer(link, 4)
    answer(links[4], {**dict.fromkeys(ITEMS), "PUR1": 4})
    close_round(round=made, by=lead)
    assert health_of(organisation) == {}


def test_an_older_round_counts_until_a_newer_one_has_enough_answers(
    organisation_and_lead: tuple[Organisation, Person],
) -> None:
    organisation, lead = organisation_and_lead
    participation = active_participation(organisation)
    first = closed(participation, lead, [2] * 6)
    closed(participation, lead, [5] * 4)
    assert health_of(organisation)[participation.pk].round_id == first.pk
    newest = closed(participation, lead, [5] * 6)
    assert health_of(organisation)[participation.pk].round_id == newest.pk


def test_a_raised_threshold_hides_what_was_shown(
    organisation_and_lead: tuple[Organisation, Person], settings: Any
) -> None:
    organisation, lead = organisation_and_lead
    closed(active_participation(organisation), lead, [4] * 5)
    assert health_of(organisation)
    settings.SURVEY_THRESHOLD = 6
    assert health_of(organisation) == {}


def test_each_organisation_has_its_own(organisation_and_lead: tuple[Organisation, Person]) -> None:
    organisation, lead = organisation_and_lead
    closed(active_participation(organisation), lead, [4] * 5)
    another, *_ = organisation_with_people()
    assert health_of(another) == {}


def test_two_queries_however_many_rounds(
    organisation_and_lead: tuple[Organisation, Person], django_assert_num_queries: Any
) -> None:
    organisation, lead = organisation_and_lead
    for value in (2, 3, 4):
        closed(active_participation(organisation), lead, [value] * 6)
    with django_assert_num_queries(2):
        assert len(readiness_of(organisation=organisation, draws=5, seed=1)) == 3
    with django_assert_num_queries(2):
        assert len(health_of(organisation)) == 3


def test_the_seed_decides_the_draws(organisation_and_lead: tuple[Organisation, Person]) -> None:
    organisation, lead = organisation_and_lead
    closed(active_participation(organisation), lead, [1, 3, 5, 2, 4])
    first = readiness_of(organisation=organisation, draws=20, seed=1)
    assert readiness_of(organisation=organisation, draws=20, seed=1) == first
    assert readiness_of(organisation=organisation, draws=20, seed=2) != first
