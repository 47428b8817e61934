"""A real OpenID provider on this machine, by another implementation (authlib) than the one under test.

It has a page of its own with a button for each person, insists on PKCE and a nonce, gives each code once, and signs. A
test may have it lie: ``lies`` changes the claims, ``sign_with`` the key, and the other switches what their names say.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it speaks plain http to this machine alone

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, Response, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "triage", "the-client-secret-of-the-test"
KEY = RSAKey.generate_key(2048, {"kid": "signing", "use": "sig", "alg": "RS256"})
STRANGERS_KEY = RSAKey.generate_key(2048, {"kid": "signing", "use": "sig", "alg": "RS256"})
PAGE = """<!doctype html><html lang="en"><head><title>Test provider</title></head><body><main><h1>Who are you?</h1>
<form method="post">{people}<button name="who" value="">I would rather not</button></form></main></body></html>"""


@dataclass
class Code:
    code: str
    subject: str
    data: dict[str, Any]
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return str(self.data["redirect_uri"])

    def get_scope(self) -> str:
        return str(self.data["scope"])

    def get_nonce(self) -> str | None:
        return self.data.get("nonce")

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    @property
    def code_challenge(self) -> str | None:
        return self.data.get("code_challenge")

    @property
    def code_challenge_method(self) -> str | None:
        return self.data.get("code_challenge_method")


@dataclass
class OpenIDProvider:
    """``people`` are claims by subject."""

    issuer: str = ""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    lies: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign_with: Any = field(default_factory=lambda: KEY)
    signature: str = "RS256"
    kid: str | None = "signing"
    by_hand: Callable[[dict[str, Any]], str] | None = None
    userinfo_of: str = ""
    leads_on: str = ""  # the page, "token" or "userinfo", that leads on to another address
    led_on: int = 0
    without_id_token: bool = False
    says_error: str = ""
    issuer_it_names: str = ""
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    asked: list[dict[str, Any]] = field(default_factory=list)
    seen_secrets: list[str] = field(default_factory=list)

    def honest(self) -> None:
        fresh = OpenIDProvider(issuer=self.issuer)
        for name in ("people", "lies", "sign_with", "signature", "kid", "userinfo_of", "without_id_token", "by_hand"):
            setattr(self, name, getattr(fresh, name))
        self.says_error = self.issuer_it_names = ""
        self.leads_on, self.led_on = "", 0
        self.asked.clear()
        self.seen_secrets.clear()


class Client:
    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, address: str) -> bool:
        return address.endswith("/accounts/oidc/login/callback/")

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def _grant(provider: OpenIDProvider) -> type[grants.AuthorizationCodeGrant]:
    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # the library has no types
        def save_authorization_code(self, code: str, sent: Any) -> None:
            provider.nonces.add(sent.payload.data["nonce"])
            provider.codes[code] = Code(code, sent.user, dict(sent.payload.data))
            provider.seen_secrets.append(code)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            provider.codes.pop(code.code, None)

        def authenticate_user(self, code: Code) -> str:
            return code.subject

    return CodeGrant


def _openid(provider: OpenIDProvider) -> OpenIDCode:
    class Code(OpenIDCode):  # type: ignore[misc]  # the library has no types
        def exists_nonce(self, nonce: str, sent: Any) -> bool:
            return nonce in provider.nonces

        def process_token(self, grant: Any, response: Any) -> Any:
            _, token, _ = response
            if not provider.without_id_token:
                token["id_token"] = self.encode_id_token(token, grant.request)
                provider.seen_secrets.append(token["id_token"])
            return token

        def encode_id_token(self, token: dict[str, Any], sent: Any) -> str:
            now = int(time.time())
            code = sent.authorization_code
            claims = {
                "iss": provider.issuer,
                "aud": CLIENT,
                "iat": now,
                "exp": now + 300,
                "nonce": code.get_nonce(),
                **provider.people[sent.user],
                "sub": sent.user,
            }
            if provider.by_hand:
                return provider.by_hand(claims)
            header = {"alg": provider.signature} | ({"kid": provider.kid} if provider.kid else {})
            return str(jwt.encode(header, provider.lies(claims), provider.sign_with, [provider.signature]))

    return Code(require_nonce=True)


def application(provider: OpenIDProvider) -> Flask:
    app = Flask(__name__)
    server = AuthorizationServer()

    def save_token(token: dict[str, Any], sent: Any) -> None:
        provider.tokens[token["access_token"]] = sent.user
        provider.seen_secrets.append(token["access_token"])

    server.init_app(app, query_client=lambda name: Client() if name == CLIENT else None, save_token=save_token)
    server.register_grant(_grant(provider), [_openid(provider), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(
            issuer=provider.issuer_it_names or provider.issuer,
            authorization_endpoint=f"{provider.issuer}/authorize",
            token_endpoint=f"{provider.issuer}/token",
            userinfo_endpoint=f"{provider.issuer}/userinfo",
            jwks_uri=f"{provider.issuer}/keys",
            end_session_endpoint=f"{provider.issuer}/end",
            token_endpoint_auth_methods_supported=["client_secret_basic"],
        )

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[KEY.as_dict(private=False)])

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        if provider.says_error:
            back, state = request.args["redirect_uri"], request.args["state"]
            return redirect(f"{back}?error={provider.says_error}&state={state}")
        grant = server.get_consent_grant(end_user=None)
        if request.method == "GET":
            provider.asked.append(dict(request.args))
            buttons = "".join(f'<button name="who" value="{who}">{who}</button>' for who in provider.people)
            return PAGE.format(people=buttons)
        return server.create_authorization_response(grant=grant, grant_user=request.form["who"] or None)

    @app.post("/token")
    def token() -> Any:
        if provider.leads_on == "token":
            return redirect("/elsewhere", code=307)
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Any:
        subject = provider.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if subject is None:
            abort(401)
        if provider.leads_on == "userinfo":
            return redirect("/elsewhere")
        return jsonify({**provider.people[subject], "sub": provider.userinfo_of or subject})

    @app.route("/elsewhere", methods=["GET", "POST"])
    def elsewhere() -> Response:
        provider.led_on += 1
        return jsonify({**provider.people["ada"], "sub": "ada"})

    @app.get("/end")
    def end() -> str:
        return "<!doctype html><html lang='en'><title>Bye</title><h1>Signed out of the test provider</h1></html>"

    return app


@contextmanager
def running() -> Iterator[OpenIDProvider]:
    """The provider on a free port of this machine, as long as the block lasts."""
    provider = OpenIDProvider()
    server = make_server("127.0.0.1", 0, application(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


__all__ = ["CLIENT", "KEY", "SECRET", "STRANGERS_KEY", "OpenIDProvider", "running"]
