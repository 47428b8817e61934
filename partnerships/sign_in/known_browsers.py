"""Browsers in which somebody has signed in before, so that a stranger's guesses never lock their owner out.

Tries at an account are limited, which by itself would let anybody keep its owner out by guessing badly all day. So the
tries of a browser that its owner has used are counted apart from everybody else's (OWASP: device cookies). A signed
cookie says whose browser it is; it opens nothing, and whoever copies it only gets a few tries of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.signals import password_reset, user_logged_in
from django.conf import settings
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from partnerships.addresses import whose
from partnerships.models import Person

COOKIE = "known_browser"
SALT = "partnerships.known_browser"
AGE = 180 * 24 * 60 * 60
# A shared computer at a desk; older owners make room.
OWNERS_A_BROWSER = 5


def owners(request: HttpRequest) -> dict[str, str]:
    """Who has signed in in this browser: the person's number, and the random name that the browser has for them."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return dict(found)


def name_of_browser(request: HttpRequest, email: str) -> str:
    """The name under which this browser's tries at an account are counted; empty where its owner never used it."""
    known = owners(request)
    if not known:
        return ""
    person = whose(email)
    return known.get(str(person.pk), "") if person else ""


@receiver([user_logged_in, password_reset], dispatch_uid="a browser becomes known")
def _becomes_known(request: Any, user: Person, **_: Any) -> None:
    """Signed in, or proved by a link in a letter that the address is theirs: the answer will carry the cookie."""
    request.browser_of = user


def remember_browsers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give the cookie to the browser of whoever has just signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        person: Person | None = getattr(request, "browser_of", None)
        if person is not None:
            known = owners(request)
            name = known.pop(str(person.pk), None) or secrets.token_urlsafe(16)
            latest = [*known.items(), (str(person.pk), name)][-OWNERS_A_BROWSER:]
            response.set_cookie(
                COOKIE,
                signing.dumps(latest, salt=SALT),
                max_age=AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
                path="/accounts/",
            )
        return response

    return middleware
