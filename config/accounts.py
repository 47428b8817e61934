"""The pages of the sign-in library that this service has. Its others do not exist here: people are known by the address
that their organisation gave them, and nobody signs up by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from partnerships.outgoing_mail import can_send

View = Callable[..., HttpResponse]


def not_here(request: HttpRequest) -> HttpResponse:
    raise Http404


def where_mail_is_sent(page: View) -> View:
    """A page that only makes sense where this service can send e-mail: else its link would lie in a log."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_send():
            raise Http404
        return page(request, *args, **kwargs)

    return guarded


urlpatterns: list[URLPattern] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/reset/", where_mail_is_sent(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", where_mail_is_sent(views.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        where_mail_is_sent(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        where_mail_is_sent(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    # Names that the library looks up.
    path("email/", not_here, name="account_email"),
    path("confirm-email/", not_here, name="account_email_verification_sent"),
    path("reauthenticate/", not_here, name="account_reauthenticate"),
    path("password/change/", not_here, name="account_change_password"),
]
