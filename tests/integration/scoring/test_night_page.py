"""How the night goes, on a page for the people who run the service, and for nobody else."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Organisation, Person
from scoring import tasks
from scoring.models import Night, Run, RunState, RunTrigger
from scoring.runner import begin_night, give_up
from tests.factories import PersonFactory, organisation_with_people
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import signed_in, words_of

pytestmark = pytest.mark.django_db

PAGE = "/service/nights/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


@pytest.fixture
def staff() -> Person:
    person: Person = PersonFactory.create(is_staff=True)
    return person


def a_night(*organisations: Organisation, began: datetime.datetime | None = None, **facts: object) -> Night:
    """A night with a queued run for each of these."""
    night: Night = Night.objects.create(started_at=began or timezone.now(), organisations=len(organisations), **facts)
    for one in organisations:
        Run.objects.create(
            organisation=one,
            trigger=RunTrigger.NIGHT,
            requested_at=night.started_at,
            night=night,
            sent_at=timezone.now(),
        )
    return night


def counts(words: str) -> dict[str, int]:
    """What stands beside each word of the list of counts."""
    found = re.findall(r"<dt[^>]*>\s*([^<]+?)\s*</dt>\s*<dd[^>]*>\s*(\d+)\s*</dd>", words)
    return {name: int(number) for name, number in found}


def test_a_night_from_its_beginning_to_its_end(staff: Person) -> None:
    well, _, _ = portfolio(3)
    ill, _, _ = portfolio(6, days=10)
    top = ill.engagement_levels.get(code="prioritise")
    ill.participations.update(mandate_level=top, mandate_source="Health and Care Act 2022")
    night = begin_night(timezone.now())
    client = signed_in(staff)
    begun = words_of(client, PAGE)
    assert "None of 2 is finished yet." in begun
    assert "It is too early to say how long it takes." in begun
    assert f'hx-get="{PAGE}{night.pk}/" hx-trigger="every 5s"' in begun
    assert f'<a href="{PAGE}{night.pk}/">Reload to see how far it is</a>' in begun
    assert counts(begun) == {"Scored": 0, "Unchanged, so skipped": 0, "Failed": 0, "Being scored": 0, "Waiting": 2}
    for run in Run.objects.for_the_night():
        tasks.score_by_night(run.pk)
    ended = words_of(client, PAGE)
    assert "All 2 organisations were finished in" in ended
    assert counts(ended) == {"Scored": 1, "Unchanged, so skipped": 0, "Failed": 1, "Being scored": 0, "Waiting": 0}
    assert "hx-get" not in ended
    assert f"{ill.display_name} ({ill.code})" in ended
    assert "27 executive days a quarter more than there are" in ended
    assert well.display_name not in ended


def test_with_htmx_only_the_part_comes_and_the_polling_ends(staff: Person) -> None:
    organisation, _, _ = portfolio(2)
    night = a_night(organisation)
    client = signed_in(staff)
    part = client.get(f"{PAGE}{night.pk}/", headers=HTMX)
    assert "HX-Request" in part["Vary"]
    assert part.content.decode().strip().startswith('<div id="night" hx-get=')
    assert "<html" not in part.content.decode()
    tasks.score_by_night(night.runs.get().pk)
    done = client.get(f"{PAGE}{night.pk}/", headers=HTMX).content.decode()
    assert "hx-get" not in done
    assert 'role="status"' in done
    assert "<html" in client.get(PAGE, headers={**HTMX, "HX-Boosted": "true"}).content.decode()


def test_earlier_nights_are_listed_and_may_be_opened(staff: Person) -> None:
    organisation, _, _ = portfolio(2)
    ago = timezone.now() - datetime.timedelta(days=1)
    earlier = a_night(organisation, began=ago)
    run = Run.objects.claim(earlier.runs.get().pk, worker="a test", now=ago)
    assert run is not None
    give_up(run, "A reason of last night.")
    Run.objects.update(finished_at=ago + datetime.timedelta(minutes=4))
    Night.objects.end_what_is_over()
    latest = a_night(organisation)
    client = signed_in(staff)
    words = words_of(client, PAGE)
    assert re.findall(rf'<a href="{PAGE}(\d+)/"(?: aria-current="page")?>\d', words) == [
        str(latest.pk),
        str(earlier.pk),
    ]
    assert "A reason of last night." not in words
    opened = words_of(client, f"{PAGE}{earlier.pk}/")
    assert "The one organisation was finished in 4 minutes." in opened
    assert "A reason of last night." in opened
    assert "hx-get" not in opened
    assert client.get(f"{PAGE}{latest.pk + 1}/").status_code == 404


def test_nothing_moves_is_said(staff: Person) -> None:
    organisation, _, _ = portfolio(2)
    a_night(organisation, began=timezone.now() - datetime.timedelta(minutes=10))
    assert "Check that a worker runs for the night’s queue." in words_of(signed_in(staff), PAGE)


def test_before_the_first_night_it_says_when_it_begins(staff: Person, settings: object) -> None:
    assert "The first begins at 02:00, London time." in words_of(signed_in(staff), PAGE)
    settings.SCORING_NIGHT_AT = ""  # type: ignore[attr-defined]
    assert "SCORING_NIGHT_AT" in words_of(signed_in(staff), PAGE)


@pytest.mark.parametrize("earlier", [False, True])
def test_only_the_people_who_run_the_service_see_it(staff: Person, earlier: bool) -> None:
    organisation, lead, executive = portfolio(2)
    night = a_night(organisation)
    page = f"{PAGE}{night.pk}/" if earlier else PAGE
    assert signed_in(staff).get(page).status_code == 200
    assert signed_in(PersonFactory.create(is_superuser=True)).get(page).status_code == 200
    for person in (lead, executive, PersonFactory.create(), organisation_with_people()[1]):
        assert signed_in(person).get(page).status_code == 404
        assert signed_in(person).get(page, headers=HTMX).status_code == 404
    gone = PersonFactory.create(is_staff=True, is_active=False)
    assert signed_in(gone).get(page).status_code == 302
    assert "/accounts/login/" in Client().get(page)["Location"]
    assert signed_in(staff).get(page)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_wrong_methods(staff: Person, method: str) -> None:
    assert getattr(signed_in(staff), method)(PAGE).status_code == 405


def test_running_the_service_is_no_role_in_an_organisation(staff: Person) -> None:
    organisation, lead, _ = portfolio(2)
    assert signed_in(staff).get(f"/o/{organisation.code}/").status_code == 404
    home = words_of(signed_in(staff), "/your-organisations/")
    assert "How the night’s scoring of everybody goes" in home
    assert PAGE not in words_of(signed_in(lead), f"/o/{organisation.code}/")
    staff.access_grants.create(organisation=organisation, role="executive")
    assert f'href="{PAGE}"' in words_of(signed_in(staff), f"/o/{organisation.code}/")


def test_an_organisation_reads_its_own_reason_and_no_others() -> None:
    ours, lead, _ = portfolio(2)
    theirs, _, _ = portfolio(2)
    night = a_night(ours, theirs)
    for one, reason in ((ours, "Ours to mend."), (theirs, "Theirs to mend.")):
        run = Run.objects.claim(night.runs.get(organisation=one).pk, worker="a test", now=timezone.now())
        assert run is not None
        give_up(run, reason)
    assert Run.objects.filter(state=RunState.FAILED).count() == 2
    words = words_of(signed_in(lead), f"/o/{ours.code}/")
    assert "Ours to mend." in words
    assert "Theirs to mend." not in words
    other = night.runs.get(organisation=theirs)
    assert signed_in(lead).get(f"/o/{ours.code}/runs/{other.pk}/").status_code == 404


def test_very_many_failures_are_cut_off_and_the_queries_are_few(staff: Person) -> None:
    organisations = [portfolio(1)[0] for _ in range(4)]
    night = a_night(*organisations)
    template = night.runs.first()
    assert template is not None
    now = timezone.now()
    failed = {"state": RunState.FAILED, "failure": "Too few days.", "finished_at": now}
    rows = [
        Run(organisation=organisations[n % 4], trigger=RunTrigger.NIGHT, requested_at=now, night=night, **failed)
        for n in range(103)
    ]
    client, asked = signed_in(staff), []
    for part in (rows[:3], rows[3:]):
        Run.objects.bulk_create(part)
        with CaptureQueriesContext(connection) as queries:
            words = words_of(client, PAGE)
        asked.append(len(queries))
    assert words.count("Too few days.") == 100
    assert "And 3 more." in words
    assert asked[0] == asked[1] <= 12
