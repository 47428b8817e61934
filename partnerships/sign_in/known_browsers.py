"""Browsers in which somebody has signed in before, so that a stranger's guesses never lock their owner out.

Tries at an account are limited, which by itself would let anybody keep its owner out by guessing badly all day. So the
tries of a browser that its owner has used are counted apart from everybody else's (OWASP: device cookies). A signed
cookie says whose browser it is; it opens nothing, and whoever copies it only gets a few tries of their own.

It holds for as long as what was asked when they signed in: with a new password, another second step, or once they
signed out everywhere, the browsers of before are strangers. Else whoever once had the account, and signed in as often
as they liked, would have that many times the tries.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from partnerships.addresses import whose
from partnerships.models import Person

COOKIE = "known_browser"
SALT = "partnerships.known_browser.asked"  # those under the name without its end did not say what was asked
AGE = 180 * 24 * 60 * 60
# A shared computer at a desk; older owners make room.
OWNERS_A_BROWSER = 5


def owners(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """Who has signed in in this browser: the person's number, the random name that the browser has for them, and a mark
    of what was asked of them then.
    """
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return {number: (name, mark) for number, name, mark in found}


def marks_of(person: Person) -> list[str]:
    """Of what is asked of somebody now, as ``SECRET_KEY`` makes it, and as those before it did."""
    second_step = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).values_list("pk", flat=True)
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return [hashlib.sha256(f"{one} {[*second_step]}".encode()).hexdigest()[:16] for one in hashes]


def name_of_browser(request: HttpRequest, email: str) -> str:
    """The name under which this browser's tries at an account are counted; empty where its owner never used it, or not
    since they changed how they sign in.
    """
    known = owners(request)
    person = whose(email) if known else None
    if person is None or str(person.pk) not in known:
        return ""
    name, mark = known[str(person.pk)]
    return name if mark in marks_of(person) else ""


@receiver(
    [user_logged_in, password_reset, password_changed, password_set, authenticator_added],
    dispatch_uid="a browser becomes known",
)
def becomes_known(request: Any, user: Person, **_: Any) -> None:
    """Signed in, proved by a link in a letter that the address is theirs, or changed how they sign in: the answer will
    carry the cookie.
    """
    request.browser_of = user


def remember_browsers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give the cookie to the browser of whoever has just signed in, or changed how they do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        person: Person | None = getattr(request, "browser_of", None)
        if person is not None:
            person.refresh_from_db(fields=["password", "sessions_ended"])
            known = owners(request)
            name, _ = known.pop(str(person.pk), (secrets.token_urlsafe(16), ""))
            known[str(person.pk)] = (name, marks_of(person)[0])
            latest = [(number, *one) for number, one in known.items()][-OWNERS_A_BROWSER:]
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
