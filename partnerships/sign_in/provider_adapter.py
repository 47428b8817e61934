"""What the sign-in library asks this service about people who come through the organisation's provider."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest
from requests import RequestException

from partnerships.actions.provider_sign_in import SignInRefusedError, admit
from partnerships.addresses import whose
from partnerships.audit import record_on_account
from partnerships.invitation_links import IN_SESSION
from partnerships.models import DeedKind, Person
from partnerships.sign_in.provider import PROVIDER_ID, UntrustedAnswerError
from partnerships.sign_in.trouble import Trouble, trouble_page

log = structlog.get_logger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The one provider of the settings, and never one that lies in the database."""
        if settings.OIDC is None:
            return []
        one = settings.OIDC
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER_ID,
                name=one.name,
                client_id=one.client_id,
                secret=one.secret,
                settings={"server_url": one.issuer, "token_auth_method": one.token_auth or None},
            )
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> Any:
        """Of what a provider leads on to nothing is asked: the code and the secret would go with it."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person, and let their roles follow what the provider says; else say why not."""
        known = sociallogin.user if sociallogin.is_existing else None
        try:
            sociallogin.user = admit(
                uid=sociallogin.account.uid,
                known=known,
                claims=sociallogin.claims,
                invited_by_link=request.session.get(IN_SESSION, ""),
            )
        except SignInRefusedError as refused:
            log.warning("sign_in_refused", reason=refused.trouble.name)
            _record_refusal(known or whose(sociallogin.claims.get("email")))
            raise ImmediateHttpResponse(trouble_page(request, refused.trouble)) from None

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Every trouble has its page. The log gets its kind only: what came back may hold codes and tokens."""
        trouble = trouble_of(error, exception, lost="state_id" in (extra_context or {}))
        untrusted = str(exception) if isinstance(exception, UntrustedAnswerError) else type(exception).__name__
        log.warning("sign_in_failed", trouble=trouble.name, reason=untrusted if exception else str(error))
        raise ImmediateHttpResponse(trouble_page(request, trouble))


def _record_refusal(person: Person | None) -> None:
    if person is not None:
        what = "refused, though the sign-in provider let them in"
        record_on_account(DeedKind.SIGN_IN_FAILED, person=person, what=what)


def trouble_of(error: Any, exception: Exception | None, *, lost: bool) -> Trouble:
    if isinstance(exception, UntrustedAnswerError):
        return Trouble.UNTRUSTED
    if isinstance(exception, RequestException):
        return Trouble.DOWN
    if isinstance(exception, OAuth2Error):
        return Trouble.USED
    if exception is not None:
        return Trouble.UNTRUSTED
    if lost:
        return Trouble.LOST
    return Trouble.CANCELLED if error == AuthError.CANCELLED else Trouble.REFUSED
