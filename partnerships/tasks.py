"""Clearing away what is over: sessions, and counts of tries that no longer count."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone


@shared_task(name="partnerships.clear_what_is_over", ignore_result=True)
def clear_what_is_over() -> None:
    """Each sign-in leaves rows that nobody reads again once it has ended. Safe to run twice."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        # Django's cache in the database clears itself only when it is full, and counts its rows at every write.
        cursor.execute("DELETE FROM cache WHERE expires < %s", [now])
