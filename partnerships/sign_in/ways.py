"""Which ways to sign in there are here, for the pages that offer them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from partnerships.sign_in.identity_provider import IdentityProvider


def the_provider() -> IdentityProvider:
    """The provider that people sign in through. Raises ImproperlyConfigured where there is none."""
    provider: IdentityProvider | None = settings.OIDC
    if provider is None:
        raise ImproperlyConfigured("Nobody signs in through a provider here: OIDC_ISSUER is not set.")
    return provider


def ways_in_templates(request: HttpRequest) -> dict[str, object]:
    """``provider_name`` is empty where there is no provider."""
    return {
        "password_sign_in": settings.PASSWORD_SIGN_IN,
        "provider_name": settings.OIDC.name if settings.OIDC else "",
    }
