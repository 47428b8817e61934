"""Whose views a readiness counts is said wherever a reader of readiness would look: on pages and in the workbook."""

from __future__ import annotations

from typing import Any

import pytest

from partnerships.models import Organisation, Participation, Person
from scoring.models import Run
from scoring.runner.freezing import freeze
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import closed
from tests.integration.diagnostics.test_mean_over import ANSWERS, counting
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_exports import download, opened
from tests.integration.scoring.test_pages import scored, signed_in, words_of

pytestmark = pytest.mark.django_db

PEOPLE = "How ready a partnership is comes from its survey, in which each person who answered counts once."
BOTH = f"{PEOPLE[:-1]}; for Alliance 1, each organisation does."


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 4


@pytest.fixture
def surveyed() -> tuple[Organisation, Person, list[Participation]]:
    """Three partnerships, of which the first was surveyed by people."""
    organisation, lead, _ = portfolio(3)
    participations = list(organisation.participations.order_by("partnership__slug"))
    closed(participations[0], lead, [4] * 6, invited=9)
    return organisation, lead, participations


def over_organisations(organisation: Organisation, lead: Person, participation: Participation) -> None:
    counting(Setting(organisation, lead, lead, participation), ANSWERS)


def pages(organisation: Organisation, lead: Person, run: Run) -> list[str]:
    client = signed_in(lead)
    root = f"/o/{organisation.code}"
    return [words_of(client, f"{root}/"), words_of(client, f"{root}/runs/{run.pk}/")]


def cells(organisation: Organisation, lead: Person, sheet: str) -> list[object]:
    book = opened(download(signed_in(lead), organisation))
    return [cell for row in book[sheet].iter_rows(values_only=True) for cell in row]


def test_pages_and_workbook_say_whose_views_count(
    surveyed: tuple[Organisation, Person, list[Participation]],
) -> None:
    organisation, lead, participations = surveyed
    run = scored(organisation, lead)
    assert all(PEOPLE in words for words in pages(organisation, lead, run))
    over_organisations(organisation, lead, participations[1])
    run = scored(organisation, lead)
    for words in pages(organisation, lead, run):
        assert BOTH in words
        assert PEOPLE not in words
    for sheet in ("Summary", "About"):
        assert BOTH in cells(organisation, lead, sheet)


def test_one_partnerships_page_says_what_its_readiness_was_read_from(
    surveyed: tuple[Organisation, Person, list[Participation]],
) -> None:
    organisation, lead, participations = surveyed
    over_organisations(organisation, lead, participations[1])
    scored(organisation, lead)
    client = signed_in(lead)
    by_people, by_organisations, unasked = (
        words_of(client, f"/o/{organisation.code}/partnerships/{one.partnership.slug}/recommendation/")
        for one in participations
    )
    assert "6 of 9 answered, and each person counts once." in by_people
    assert "25 of 29 answered, and each organisation counts once, however many of its people answered." in (
        by_organisations
    )
    assert "How ready it is comes from" not in unasked


def test_what_was_noted_of_surveys_that_count_people_stays_what_it_was(
    surveyed: tuple[Organisation, Person, list[Participation]],
) -> None:
    """A score whose inputs are those of before is not made anew for a word about nothing."""
    organisation, lead, participations = surveyed
    over_organisations(organisation, lead, participations[1])
    run = scored(organisation, lead)
    noted = freeze(organisation, on=run.finished_at.date(), draws=4).assumptions["surveys"]  # type: ignore[union-attr]
    first, second = (participation.partnership.slug for participation in participations[:2])
    assert noted[first].keys() == {"closed_on", "invited", "answered"}
    assert noted[second]["over_organisations"] is True
