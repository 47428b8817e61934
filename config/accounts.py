"""The pages of the sign-in library that this service has, and our own about somebody's account. The library's others do
not exist here: people are known by the address that their organisation gave them, and nobody signs up by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as authenticator_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path, reverse_lazy
from django.views.generic import RedirectView

from partnerships.outgoing_mail import can_send
from partnerships.views.account.account import account
from partnerships.views.account.provider import answer_of_provider, sign_out_at_provider, signed_out, to_provider
from partnerships.views.account.sessions import sessions
from partnerships.views.account.set_up_second_step import set_up_second_step

View = Callable[..., HttpResponse]


def not_here(request: HttpRequest) -> HttpResponse:
    raise Http404


def only_where(holds: Callable[[], bool]) -> Callable[[View], View]:
    """A page that exists only where this service is set up for it."""

    def decorate(page: View) -> View:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds():
                raise Http404
            return page(request, *args, **kwargs)

        return guarded

    return decorate


def passwords_are_used() -> bool:
    return bool(settings.PASSWORD_SIGN_IN)


def provider_is_used() -> bool:
    return settings.OIDC is not None


where_passwords_are_used = only_where(passwords_are_used)
# Where no mail is sent, the link of a new password would lie in a log.
where_mail_is_sent = only_where(lambda: passwords_are_used() and can_send())

where_provider_is_used = only_where(provider_is_used)


def sign_in(request: HttpRequest) -> HttpResponse:
    """The page of the ways to sign in; where passwords are off, none is taken, however it is sent."""
    if request.method == "POST" and not passwords_are_used():
        raise PermissionDenied("No passwords are used here. Go to the sign-in page and choose the way that it offers.")
    page: HttpResponse = views.login(request)
    return page


urlpatterns: list[URLPattern] = [
    path("", account, name="account"),
    path("sessions/", sessions, name="account_sessions"),
    path("login/", sign_in, name="account_login"),
    path("oidc/login/", where_provider_is_used(to_provider), name="openid_connect_login"),
    path("oidc/login/callback/", where_provider_is_used(answer_of_provider), name="openid_connect_callback"),
    path("oidc/sign-out/", where_provider_is_used(sign_out_at_provider), name="provider_sign_out"),
    path("signed-out/", where_provider_is_used(signed_out), name="account_signed_out"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", where_passwords_are_used(views.reauthenticate), name="account_reauthenticate"),
    path(
        "password/change/",
        where_passwords_are_used(views.PasswordChangeView.as_view(success_url=reverse_lazy("account"))),
        name="account_change_password",
    ),
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
    path("second-step/code/", second_step.authenticate, name="mfa_authenticate"),
    path("second-step/again/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("second-step/set-up/", where_passwords_are_used(set_up_second_step), name="mfa_activate_totp"),
    path("second-step/take-away/", authenticator_app.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/codes.txt", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    # Names that the library looks up.
    path("oidc/cancelled/", not_here, name="socialaccount_login_cancelled"),
    path("oidc/signup/", not_here, name="socialaccount_signup"),
    path("second-step/", RedirectView.as_view(pattern_name="account"), name="mfa_index"),
    path("email/", not_here, name="account_email"),
    path("confirm-email/", not_here, name="account_email_verification_sent"),
    path("password/set/", not_here, name="account_set_password"),
]
