"""The pages of a recommendation: what they say, whom they refuse, and how many questions they ask the database."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Organisation, Person
from scoring.engine import solve
from scoring.models import Run, RunState, RunTrigger
from scoring.runner import carry_out, carrying_out
from tests.factories import PersonFactory, organisation_with_people
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


def queued(organisation: Organisation, by: Person, **facts: object) -> Run:
    given = {"requested_at": timezone.now(), "sent_at": timezone.now(), "trigger": RunTrigger.BUTTON, **facts}
    return Run.objects.create(organisation=organisation, requested_by=by, **given)


def running(organisation: Organisation, by: Person) -> Run:
    run = Run.objects.claim(queued(organisation, by).pk, worker="a test", now=timezone.now())
    assert run is not None
    return run


def scored(organisation: Organisation, by: Person) -> Run:
    run = running(organisation, by)
    carry_out(run)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.failure
    return run


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words_of(client: Client, address: str, **headers: str) -> str:
    page = client.get(address, headers=headers)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode())


def addresses(organisation: Organisation, run: Run) -> dict[str, str]:
    root = f"/o/{organisation.code}"
    slug = organisation.participations.first().partnership.slug  # type: ignore[union-attr]
    return {
        "dashboard": f"{root}/",
        "run": f"{root}/runs/{run.pk}/",
        "reports": f"{root}/reports/",
        "workbook": f"{root}/reports/recommendation.xlsx",
        "run's workbook": f"{root}/reports/{run.pk}/recommendation.xlsx",
        "partnership": f"{root}/partnerships/{slug}/recommendation/",
    }


PAGES = ["dashboard", "run", "reports", "workbook", "run's workbook", "partnership"]


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_a_page(page: str) -> None:
    organisation, lead, executive = portfolio(3)
    address = addresses(organisation, scored(organisation, lead))[page]
    assert signed_in(lead).get(address).status_code == 200
    assert signed_in(executive).get(address).status_code == 200
    _, stranger, _ = organisation_with_people()
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(PersonFactory.create()).get(address).status_code == 404
    refused = Client().get(address)
    assert refused.status_code == 302
    assert refused["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_wrong_methods(page: str, method: str) -> None:
    organisation, lead, _ = portfolio(2)
    address = addresses(organisation, scored(organisation, lead))[page]
    expected = 302 if method == "post" and page in ("dashboard", "run") else 405
    assert getattr(signed_in(lead), method)(address).status_code == expected


@pytest.mark.parametrize("page", ["run", "run's workbook", "partnership"])
def test_another_organisations_run_or_partnership_is_not_found(page: str) -> None:
    organisation, lead, _ = portfolio(2)
    ours = addresses(organisation, scored(organisation, lead))[page]
    other, stranger, _ = portfolio(2)
    address = ours.replace(f"/o/{organisation.code}/", f"/o/{other.code}/")
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(stranger).get(f"/o/{other.code}/reports/99999999/recommendation.xlsx").status_code == 404


@pytest.mark.parametrize("page", ["dashboard", "run", "partnership"])
def test_pages_that_look_at_htmx_say_so(page: str) -> None:
    organisation, lead, _ = portfolio(2)
    address = addresses(organisation, scored(organisation, lead))[page]
    whole = signed_in(lead).get(address)
    part = signed_in(lead).get(address, headers={"HX-Request": "true"})
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]
    assert b"<html" in whole.content
    assert b"<html" not in part.content


def test_as_many_queries_for_sixty_as_for_five(monkeypatch: pytest.MonkeyPatch) -> None:
    def choice_alone(document: dict[str, object], **_: object) -> dict[str, object]:
        return solve({**document, "outputs": ["choice"]})

    monkeypatch.setattr(carrying_out, "solve", choice_alone)
    counts = []
    for size in (5, 60):
        organisation, lead, _ = portfolio(size, days=150)
        client = signed_in(lead)
        asked = {}
        for page, address in addresses(organisation, scored(organisation, lead)).items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked[page] = len(queries)
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 16


def test_the_dashboard_says_what_matters_first() -> None:
    organisation, lead, executive = portfolio(6, days=20)
    scored(organisation, lead)
    words = words_of(signed_in(executive), f"/o/{organisation.code}/")
    assert "Your 6 partnerships ask for 36 executive days a quarter; you have 18." in words
    assert "what you can deliver" in words
    assert "Executive</strong>: 36 asked for today" in words
    assert "Over by 18" in words
    assert words.index("Your 6 partnerships") < words.index("Today against recommended") < words.index("The list")
    assert f'href="/o/{organisation.code}/partnerships/{organisation.code.lower()}-0/"' in words
    assert "Nobody has set weights" in words
    assert 'data-chart="chart-value-data"' in words
    assert "Show these numbers as a table" in words


def test_without_a_portfolio_the_dashboard_says_what_to_do_first() -> None:
    organisation, lead, _ = organisation_with_people()
    words = words_of(signed_in(lead), f"/o/{organisation.code}/")
    assert "Add the partnerships you are in" in words
    assert f'href="/o/{organisation.code}/start/"' in words
    assert "Score now" not in words
    answer = signed_in(lead).post(f"/o/{organisation.code}/", follow=True)
    assert "Add the partnerships you are in first." in answer.content.decode()
    assert not organisation.runs.exists()


def test_ready_but_never_scored_offers_to_score() -> None:
    organisation, lead, _ = portfolio(2)
    words = words_of(signed_in(lead), f"/o/{organisation.code}/")
    assert "Everything needed for a first recommendation is here" in words
    assert "Score now" in words


def test_progress_asks_again_until_it_is_done() -> None:
    organisation, lead, _ = portfolio(3)
    client = signed_in(lead)
    run = running(organisation, lead)
    Run.objects.filter(pk=run.pk).update(progress_done=30, progress_total=120)
    address = f"/o/{organisation.code}/runs/{run.pk}/"
    for headers in ({}, {"HX-Request": "true"}):
        words = words_of(client, address, **headers)
        assert "30 of 120 calculations done (25%)" in words
        assert 'hx-trigger="every 2s"' in words
        assert 'max="120"' in words
    dashboard = client.get(f"/o/{organisation.code}/", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in dashboard
    assert b"every 3s" in dashboard.content
    carry_out(run)
    words = words_of(client, address, **{"HX-Request": "true"})
    assert "hx-trigger" not in words
    assert "Why it says so" in words
    assert "What would change it" in words
    dashboard = client.get(f"/o/{organisation.code}/", headers={"HX-Request": "true"})
    assert dashboard["HX-Refresh"] == "true"
    assert b"hx-trigger" not in dashboard.content


def test_a_failed_run_says_what_to_do_and_can_be_tried_again() -> None:
    organisation, lead, executive = portfolio(6, days=10)
    top = organisation.engagement_levels.get(code="prioritise")
    organisation.participations.update(mandate_level=top, mandate_source="Health and Care Act 2022")
    run = running(organisation, lead)
    carry_out(run)
    client = signed_in(executive)
    words = words_of(client, f"/o/{organisation.code}/runs/{run.pk}/")
    assert "Scoring failed" in words
    assert "27 executive days" in words
    assert "Try again" in words
    assert "Scoring failed" in words_of(client, f"/o/{organisation.code}/")
    answer = client.post(f"/o/{organisation.code}/runs/{run.pk}/")
    again = organisation.runs.latest_first()[0]
    assert answer["Location"] == f"/o/{organisation.code}/runs/{again.pk}/"
    assert (again.state, again.requested_by) == (RunState.QUEUED, executive)


def test_a_second_press_leads_to_the_run_that_waits() -> None:
    organisation, lead, _ = portfolio(2)
    client = signed_in(lead)
    first, second = (client.post(f"/o/{organisation.code}/")["Location"] for _ in range(2))
    assert first == second
    assert organisation.runs.count() == 1


def test_waiting_too_long_is_called_delayed() -> None:
    organisation, lead, _ = portfolio(2)
    scored(organisation, lead)
    late = timezone.now() - datetime.timedelta(minutes=5)
    run = queued(organisation, lead, requested_at=late, sent_at=late)
    client = signed_in(lead)
    for address in (f"/o/{organisation.code}/", f"/o/{organisation.code}/runs/{run.pk}/"):
        words = words_of(client, address)
        assert "Scoring is delayed." in words
        assert "Your request is safe" in words
    assert "is the earlier one, from" in words_of(client, f"/o/{organisation.code}/")


def test_an_earlier_quarters_score_is_called_stale() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    Run.objects.filter(pk=run.pk).update(assumptions=run.assumptions | {"quarter": "2020-01-01"})
    assert "This was scored for an earlier quarter" in words_of(signed_in(lead), f"/o/{organisation.code}/")


def test_a_draft_has_no_recommendation_and_its_page_says_why() -> None:
    organisation, lead, _ = portfolio(2)
    scored(organisation, lead)
    draft = organisation.participations.create(
        partnership=organisation.recorded_partnerships.create(
            slug="a-draft",
            name="A draft",
            kind=organisation.participations.first().partnership.kind,  # type: ignore[union-attr]
        )
    )
    address = f"/o/{organisation.code}/partnerships/{draft.partnership.slug}/recommendation/"
    assert "only active partnerships are scored" in words_of(signed_in(lead), address)
    assert signed_in(lead).get(f"/o/{organisation.code}/partnerships/nothing/recommendation/").status_code == 404


def test_reports_without_a_score_say_what_is_needed() -> None:
    organisation, lead, _ = portfolio(1)
    client = signed_in(lead)
    assert "Nothing has been scored yet" in words_of(client, f"/o/{organisation.code}/reports/")
    assert client.get(f"/o/{organisation.code}/reports/recommendation.xlsx").status_code == 404


def test_names_that_look_like_markup_are_only_words() -> None:
    organisation, lead, _ = portfolio(2)
    organisation.recorded_partnerships.filter(slug__endswith="-0").update(name='</script><b onmouseover="x">Alliance')
    run = scored(organisation, lead)
    for address in addresses(organisation, run).values():
        page = signed_in(lead).get(address)
        assert b"<b onmouseover" not in page.content
        assert b"</script><b" not in page.content
