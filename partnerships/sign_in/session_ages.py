"""How long somebody stays signed in: a working day without a click (Django's own), and a week in any case."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

SIGNED_IN_AT = "signed_in_at"


@receiver(user_logged_in, dispatch_uid="when a session began")
def _begin(request: Any, **_: Any) -> None:
    request.session[SIGNED_IN_AT] = time.time()


def end_old_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: sign out whoever signed in longer ago than ``SESSION_ABSOLUTE_AGE``, and tell them why."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            began = request.session.setdefault(SIGNED_IN_AT, time.time())
            if time.time() - began > settings.SESSION_ABSOLUTE_AGE:
                logout(request)
                messages.info(request, "You have been signed in for long enough. Sign in again to go on.")
        return get_response(request)

    return middleware
