from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.settings import CELERY_BEAT_SCHEDULE
from partnerships.sign_in.session_store import kept_as
from partnerships.tasks import clear_what_is_over
from tests.factories import PASSWORD, PersonFactory
from tests.integration.partnerships.test_sessions import key_of

pytestmark = pytest.mark.django_db


def test_what_is_over_is_cleared_away_and_nothing_else() -> None:
    cache.clear()
    person = PersonFactory.create()
    living, over = Client(), Client()
    for client in (living, over):
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    key = kept_as(key_of(over))
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    cache.set("tally-now", 1, 300)
    cache.set("tally-then", 1, 300)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = %s WHERE cache_key LIKE %s", [timezone.now(), "%tally-then"])
    clear_what_is_over()
    clear_what_is_over()
    assert living.get("/accounts/").status_code == 200
    assert [session.session_key for session in UserSession.objects.all()] == [kept_as(key_of(living))]
    assert not Session.objects.filter(session_key=key).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache WHERE cache_key LIKE %s", ["%tally%"])
        assert [key for (key,) in cursor.fetchall()] == [":1:tally-now"]


def test_it_is_on_the_schedule() -> None:
    assert CELERY_BEAT_SCHEDULE["clear what is over"]["task"] == clear_what_is_over.name
