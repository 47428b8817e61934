"""A survey whose last day has passed closes by itself, whoever forgets it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.settings import CELERY_BEAT_SCHEDULE
from diagnostics.actions import give_more_time
from diagnostics.keys import has_keys
from diagnostics.models import Round, RoundState
from diagnostics.tasks import close_everywhere, close_in_organisation
from partnerships.over_all_organisations import ids_of
from tests.factories import active_participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import answer, next_week, opened

pytestmark = pytest.mark.django_db


def ended(made: Round, days_ago: int) -> Round:
    """The survey with a last day so long ago."""
    last = timezone.localdate() - datetime.timedelta(days=days_ago)
    Round.objects.filter(pk=made.pk).update(opens_on=last - datetime.timedelta(days=14), closes_on=last)
    made.refresh_from_db()
    return made


def test_it_closes_on_the_day_after_its_last_and_says_so(
    setting: Setting, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    made, links = opened(setting.participation, setting.lead)
    other, _ = opened(active_participation(setting.organisation), setting.lead)
    for link in links[:5]:
        answer(link, 4)
    ended(made, 1)
    ended(other, 0)
    assert ids_of("diagnostics_past_their_last_day", timezone.localdate()) == [setting.organisation.pk]
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            close_in_organisation(setting.organisation.pk)
    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.state, made.closed_by, made.sent_in) == (RoundState.CLOSED, None, 5)
    assert not has_keys(made)
    assert made.invitations.filter(completed=True).count() == 5
    assert other.state == RoundState.OPEN
    assert ids_of("diagnostics_past_their_last_day", timezone.localdate()) == []
    client.force_login(setting.executive)
    words = " ".join(client.get(f"/o/{setting.code}/surveys/{made.pk}/").content.decode().split())
    last = made.closes_on
    assert f"since its last day, {last.day} {last:%B %Y}, had passed." in words
    assert "Overall 4.0 of 5" in words


def test_with_more_time_given_it_stays_open(setting: Setting) -> None:
    made = ended(opened(setting.participation, setting.lead)[0], 1)
    give_more_time(round=made, closes_on=next_week(), by=setting.lead)
    close_in_organisation(setting.organisation.pk)
    made.refresh_from_db()
    assert made.state == RoundState.OPEN


def test_the_schedule_asks_for_it() -> None:
    assert CELERY_BEAT_SCHEDULE["close surveys whose last day has passed"]["task"] == close_everywhere.name
