"""Signing somebody in who has just proved who they are otherwise, with all that signing in brings with it."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest

from partnerships.models import Person


def sign_in_at_once(request: HttpRequest, person: Person) -> None:
    """For somebody who has just chosen a password: their session is listed, and a second step asked for if need be."""
    record_authentication(request, person, "password")
    perform_login(request, person, email_verification="none")
