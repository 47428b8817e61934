"""The second step of signing in: a code from an authenticator app, or a recovery code where the phone is lost.

Everybody may have it; whom ``MFA_REQUIRED_FOR`` names must. They are not stopped at the door, since somebody without an
app could then never set one up: they are signed in, and every page leads them to the one where it takes two minutes.
That is looked at with every request, since a role can be given to somebody who is signed in already.
Who signs in through the organisation's own provider has their second step there.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from partnerships.isolation import acting_as
from partnerships.models import Person

# The people who run the service, in MFA_REQUIRED_FOR beside the roles.
SERVICE = "service"
SET_UP = "/accounts/second-step/set-up/"
# Pages that somebody needs who is still to set up the second step, or who wants to leave.
ALWAYS_OPEN = ("/accounts/", "/healthz", "/readyz")


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or it has been used. Enter the six digits that your app shows now.",
        "cannot_generate_recovery_codes": "Set up the authenticator app first; recovery codes come with it.",
    }

    def get_totp_issuer(self) -> str:
        return "Collaboration triage"

    def encrypt(self, text: str) -> str:
        """A copy of the database alone must not be enough to make somebody's codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise InvalidToken("SECRET_KEY has changed: name the old one in SECRET_KEY_FALLBACKS.") from None


def _cipher() -> MultiFernet:
    """Encrypts with a key made from SECRET_KEY; decrypts with those from its fallbacks too."""
    digests = [
        hashlib.blake2b(key.encode(), digest_size=32, person=b"second step").digest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondStepStage(AuthenticateStage):  # type: ignore[misc]  # the library has no types
    def _should_handle(self, request: HttpRequest) -> bool:
        return not came_through_provider(request, self.login.user) and super()._should_handle(request)


def came_through_provider(request: HttpRequest, person: Any) -> bool:
    records = get_authentication_records(request, person)
    return bool(records) and records[-1]["method"] == "socialaccount"


def is_first_use(person: Person, code: str) -> bool:
    """Whether a code of an authenticator app has not been taken before, as long as it could be taken at all.

    The library remembers a code for its thirty seconds; the tolerance for slow clocks keeps it good for longer.
    """
    good_for = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    digest = hashlib.sha256(f"{person.pk} {''.join(code.split())}".encode()).hexdigest()
    return bool(cache.add(f"second-step-used:{digest}", "y", timeout=good_for))


def must_have(person: Person) -> bool:
    """Whether one of the person's roles asks for a second step."""
    wanted = settings.MFA_REQUIRED_FOR
    if SERVICE in wanted and (person.is_staff or person.is_superuser):
        return True
    with acting_as(person):
        return person.access_grants.current().of_roles(wanted).exists()


def has(person: Person) -> bool:
    return bool(is_mfa_enabled(person, [Authenticator.Type.TOTP]))


def is_missing(request: HttpRequest) -> bool:
    """Whether somebody is signed in by a password alone whose roles ask for more."""
    person: Any = request.user
    if not settings.MFA_REQUIRED_FOR or not person.is_authenticated or came_through_provider(request, person):
        return False
    return not has(person) and must_have(person)


def ask_for_second_step(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: who must have a second step and has none is led to where it is set up."""

    def middleware(request: Any) -> HttpResponse:
        request.lacks_second_step = partial(is_missing, request)  # for the page where it is set up
        if request.path.startswith(ALWAYS_OPEN) or not is_missing(request):
            return get_response(request)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(SET_UP)
        return redirect(SET_UP)

    return middleware
