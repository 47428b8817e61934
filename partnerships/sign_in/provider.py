"""OpenID Connect, on top of the sign-in library, with what it leaves out.

The library checks the state and proves with PKCE that the code is ours. It takes an ID token that came straight from
the provider without looking at its signature, and knows no nonce; here both are checked, with issuer, audience and
time. It also lets the address of the first page choose scopes, parameters and what to do with the answer; here it does
not.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import jwt
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException

from partnerships.sign_in.ways import the_provider

PROVIDER_ID = "oidc"
# Signatures that only the provider can make. None of them takes a secret that we hold too, or is no signature.
SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
# Claims that are texts, and are as good as not there where a provider makes something else of them.
TEXTS = frozenset({"email", "name", "given_name", "family_name", "preferred_username", "picture"})
# Characters; OpenID Connect allows 255, the sign-in library keeps so many.
LONGEST_SUBJECT = 191
# Seconds by which two clocks may differ.
CLOCKS_DIFFER = 30


class UntrustedAnswerError(OAuth2Error):  # type: ignore[misc]  # the library has no types
    """The answer is not what the provider would give to this sign-in; the text says why, and holds no secret."""


class OrganisationOAuth2Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # the library has no types
    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises RequestException where it says nothing of use."""
        if not hasattr(self, "_openid_config"):
            provider = the_provider()
            found = self._json(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != provider.issuer:
                raise RequestException("the provider calls itself otherwise than OIDC_ISSUER does")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not isinstance(found.get(name), str):
                    raise RequestException(f"the provider does not say its {name}")
            self._openid_config = found
        return self._openid_config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Who it is, by an ID token that is proved to be the provider's own answer to this very sign-in."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise UntrustedAnswerError("no ID token")
        try:
            claims = self._proved(id_token)
        except (jwt.PyJWTError, TypeError, ValueError) as error:  # the latter for a key of another kind
            raise UntrustedAnswerError(type(error).__name__) from error
        told = self._told_by_userinfo(token.token)
        if told and told.get("sub") != claims["sub"]:
            raise UntrustedAnswerError("userinfo of somebody else")
        said = {name: one for name, one in {**told, **claims}.items() if name not in TEXTS or isinstance(one, str)}
        return self.get_provider().sociallogin_from_response(request, {"id_token": said})

    def _proved(self, id_token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in SIGNATURES:
            raise UntrustedAnswerError("a signature of a kind that is not taken")
        keys = jwt.PyJWKSet.from_dict(self._json(self.openid_config["jwks_uri"])).keys
        # A provider with one key need not name it.
        named = [key for key in keys if key.key_id == header.get("kid")] or (keys if "kid" not in header else [])
        if len(named) != 1:
            raise UntrustedAnswerError("a key that the provider does not have")
        client = the_provider().client_id
        claims: dict[str, Any] = jwt.decode(
            id_token,
            named[0].key,
            algorithms=[header["alg"]],
            audience=client,
            issuer=the_provider().issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise UntrustedAnswerError("a subject that is none")
        if claims.get("azp", client) != client or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1):
            raise UntrustedAnswerError("meant for another service too")
        if not self.nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), self.nonce.encode()):
            raise UntrustedAnswerError("the nonce of another sign-in")
        return claims

    def _told_by_userinfo(self, access_token: str) -> dict[str, Any]:
        """What else the provider tells of them (NHS CIS2 tells roles only here); nothing where it has no such page."""
        address = self.openid_config.get("userinfo_endpoint")
        return self._json(address, Authorization=f"Bearer {access_token}") if address else {}

    def _json(self, address: str, **headers: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            response = session.get(address, headers=headers, allow_redirects=False)
            response.raise_for_status()
            found = response.json()
        if not isinstance(found, dict):
            raise RequestException(f"{address} answers with no JSON object")
        return found

    def parse_token(self, data: dict[str, Any]) -> Any:
        """The access token is used once, at once, and never kept, so it matters to nobody when it ends."""
        return super().parse_token({"access_token": str(data["access_token"])})

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("openid_connect_callback"))


class OrganisationProvider(OpenIDConnectProvider):  # type: ignore[misc]  # the library has no types
    oauth2_adapter_class = OrganisationOAuth2Adapter

    def get_pkce_params(self) -> dict[str, str]:
        challenge: dict[str, str] = generate_code_challenge()
        return challenge

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(the_provider().scopes)

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(the_provider().parameters)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        nonce = secrets.token_urlsafe(32)
        return {
            "process": "login",
            "next_url": get_next_redirect_url(request),
            "scope": self.get_scope_from_request(request),
            "auth_params": {**self.get_auth_params_from_request(request, "login"), "nonce": nonce},
            # Kept with the state in the session until the answer comes.
            "nonce": nonce,
        }

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of what the provider tells is kept: it is asked again at each sign-in."""
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        login.claims = response["id_token"]
        return login


class OrganisationCallback(OAuth2CallbackView):  # type: ignore[misc]  # the library has no types
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response
