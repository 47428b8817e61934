"""What scoring and the lists read of the surveys."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from diagnostics.across import across
from diagnostics.actions import close_round
from diagnostics.instrument import instrument
from diagnostics.instrument.scoring import score_person
from diagnostics.models import Round
from diagnostics.readiness import _secret_number, health_of, readiness_of
from diagnostics.results import results_of
from partnerships.models import Organisation, Person
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
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


def test_nobody_works_single_people_out_of_the_draws(setting: Setting, settings: Any) -> None:
    """With a run, the database and this code: the draws are sums over people, weighed in a way that nobody knows."""
    rnd = random.Random(3)

    def somebody(mean: float) -> dict[str, int | None]:
        return {item: min(5, max(1, round(rnd.gauss(mean, 0.8)))) for item in ITEMS}

    for _ in range(3):
        other = active_participation(setting.organisation)
        closed(other, setting.lead, [somebody(3.2) for _ in range(8)], 10)
    people = [somebody(mean) for mean in (1.6, 3.1, 3.3, 3.6, 3.9, 4.2, 4.5)]
    made = closed(setting.participation, setting.lead, people, 9)
    found = readiness_of(organisation=setting.organisation, draws=1000, seed=1)[setting.participation.pk]
    drawn = np.round(found.draws, 4)  # what a run keeps
    results = results_of(Round.objects.get(pk=made.pk))
    assert results is not None
    assert results.overall.estimate is not None
    shown = results.overall.estimate
    true = np.array(sorted(score_person(instrument(), one).overall or 0.0 for one in people))

    def furthest_off(number: int) -> float:
        """By least squares, as if the draws followed from the seed and ``number``."""
        generator = np.random.default_rng([1, number])
        weights, noise = generator.dirichlet(np.ones(len(people)), size=1000), generator.standard_normal(1000)
        inside = (drawn > 0.2001) & (drawn < 0.9999)
        solved = np.linalg.lstsq(np.column_stack([weights, noise])[inside], drawn[inside], rcond=None)[0][: len(people)]
        guessed = np.sort(shown.mean + (solved - solved.mean()) / solved.std(ddof=1) * shown.spread)
        return float(np.abs(guessed - true).max())

    # It is the weights that give people away, so whatever they follow from has to be secret.
    assert furthest_off(_secret_number(made, 1000, 1)) < 0.001
    assert min(furthest_off(number) for number in (made.pk, made.participation_id, 1)) > 0.1
    settings.SECRET_KEY = "of another service"
    assert readiness_of(organisation=setting.organisation, draws=1000, seed=1)[setting.participation.pk] != found


@pytest.mark.parametrize("value", [1, 5])
def test_what_the_page_hides_is_in_no_run(organisation_and_lead: tuple[Organisation, Person], value: int) -> None:
    """One person's view on one characteristic: neither the weakest nor anything else hangs on it."""
    organisation, lead = organisation_and_lead
    participation = active_participation(organisation)
    focus = instrument().items_of("focus")
    people = [dict.fromkeys(ITEMS, 4) | dict.fromkeys(focus, one) for one in [None] * 9 + [value]]
    made = closed(participation, lead, people, 10)
    found = readiness_of(organisation=organisation, draws=50, seed=1)[participation.pk]
    assert found.weakest == found.mean == pytest.approx(0.2 + 0.8 * 0.75)
    assert found.overall == 4
    results = results_of(Round.objects.get(pk=made.pk))
    assert results is not None
    assert {line.code: line.estimate and line.estimate.mean for line in (results.overall, *results.groups)} == {
        "overall": 4,
        "strategy": 4,
        "culture": 4,
        "structure": 4,
    }
    [row] = across(organisation).rows
    assert row.overall is not None
    assert (row.overall.estimate.mean, "focus" in row.cells) == (4, False)
