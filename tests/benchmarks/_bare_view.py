"""The application with one page more: a bare view that writes one row, as a measure of what a page of it costs."""

from __future__ import annotations

import secrets

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from config.wsgi import application

__all__ = ["application"]


@csrf_exempt
def write_one_row(request: HttpRequest) -> HttpResponse:
    sessions = SessionStore.get_model_class().objects
    sessions.create(session_key=secrets.token_hex(16), session_data="", expire_date=timezone.now())
    return HttpResponse("Saved")


get_resolver().url_patterns.append(path("bare/", write_one_row))
