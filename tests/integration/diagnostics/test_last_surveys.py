"""The answer that fills a column of the portfolio's table."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import closed, draft, opened

HTMX = {"HX-Request": "true"}


def signed_in(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def test_each_partnerships_newest_survey_with_its_state(setting: Setting) -> None:
    closed(setting.participation, setting.lead, [4] * 5)
    newest, _ = opened(setting.participation, setting.lead)
    other = active_participation(setting.participation.organisation)
    done = closed(other, setting.lead, [4] * 5)
    unasked = active_participation(setting.participation.organisation)
    words = signed_in(setting).get(f"/o/{setting.code}/surveys/last/", headers=HTMX).content.decode()
    assert words.count("hx-swap-oob") == 3
    assert "None yet" in words.split(f'id="last-survey-{unasked.partnership.slug}"')[1]
    assert f'id="last-survey-{setting.participation.partnership.slug}"' in words
    assert f'surveys/{newest.pk}/">Open</a>' in words
    assert f'surveys/{done.pk}/">{timezone.localdate():%B %Y}</a>' in words


def test_only_what_the_tables_filter_shows(setting: Setting) -> None:
    active_participation(setting.participation.organisation, sponsor="Ann Lee")
    words = signed_in(setting).get(f"/o/{setting.code}/surveys/last/?sponsor=Ann+Lee", headers=HTMX).content.decode()
    assert words.count("hx-swap-oob") == 1
    assert setting.participation.partnership.slug not in words


def test_by_itself_it_leads_to_the_surveys(setting: Setting) -> None:
    page = signed_in(setting).get(f"/o/{setting.code}/surveys/last/")
    assert page["Location"] == f"/o/{setting.code}/surveys/"
    assert "HX-Request" in page["Vary"]


def test_one_query_however_many(setting: Setting) -> None:
    client, counts = signed_in(setting), []
    for _ in range(2):
        for _ in range(3):
            draft(active_participation(setting.participation.organisation), setting.lead)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/o/{setting.code}/surveys/last/", headers=HTMX)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_gets_in(setting: Setting) -> None:
    address = f"/o/{setting.code}/surveys/last/"
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    _, stranger, _ = organisation_with_people()
    client = Client()
    client.force_login(stranger)
    assert client.get(address, headers=HTMX).status_code == 404
    client.force_login(setting.executive)
    assert client.get(address, headers=HTMX).status_code == 200
    assert client.post(address).status_code == 405
