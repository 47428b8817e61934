"""What changed since the run before, on its page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from partnerships.models import Organisation, Person
from tests.factories import PersonFactory, organisation_with_people
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import scored, signed_in, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


def address(organisation: Organisation, run: int) -> str:
    return f"/o/{organisation.code}/runs/{run}/changes/"


def fewer_days(organisation: Organisation) -> None:
    for one in organisation.capacity_quarters.all():
        one.days = one.days / 4
        one.save()


def two_runs() -> tuple[Organisation, Person, int]:
    organisation, lead, _ = portfolio(8)
    scored(organisation, lead)
    fewer_days(organisation)
    return organisation, lead, scored(organisation, lead).pk


def test_it_names_the_input_that_moved_each_partnership() -> None:
    organisation, lead, run = two_runs()
    words = words_of(signed_in(lead), address(organisation, run))
    assert "days went from" in words
    assert "Because executive days went from" in words
    assert "From Prioritise to" in words


def test_a_first_run_has_nothing_to_be_compared_with() -> None:
    organisation, lead, _ = portfolio(3)
    words = words_of(signed_in(lead), address(organisation, scored(organisation, lead).pk))
    assert "no earlier run with other inputs" in words


def test_only_people_of_the_organisation_see_it() -> None:
    organisation, lead, run = two_runs()
    _, stranger, _ = organisation_with_people()
    assert signed_in(stranger).get(address(organisation, run)).status_code == 404
    assert signed_in(PersonFactory.create()).get(address(organisation, run)).status_code == 404
    assert "/accounts/login/" in Client().get(address(organisation, run))["Location"]
    assert signed_in(lead).post(address(organisation, run)).status_code == 405
    assert signed_in(lead).get(address(organisation, run + 1)).status_code == 404


def test_the_run_links_to_it() -> None:
    organisation, lead, run = two_runs()
    assert address(organisation, run) in words_of(signed_in(lead), f"/o/{organisation.code}/runs/{run}/")


def test_each_name_leads_to_its_partnership() -> None:
    organisation, lead, run = two_runs()
    page = signed_in(lead).get(address(organisation, run)).content.decode()
    led = set(re.findall(rf'href="/o/{organisation.code}/partnerships/([\w-]+)/"', page))
    assert led
    assert led <= set(organisation.participations.values_list("partnership__slug", flat=True))
