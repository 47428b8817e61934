"""What a deployment says about signing in is looked at before anything starts."""

from __future__ import annotations

from typing import Any

import pytest

from config.checks import provider_is_reached_over_https, roles_that_settings_name_exist, there_is_a_way_to_sign_in
from partnerships.sign_in.identity_provider import IdentityProvider, RoleRule


def provider(issuer: str = "https://id.example.org", **more: Any) -> IdentityProvider:
    return IdentityProvider("ID", issuer, "client", "secret", **more)


def test_a_role_that_does_not_exist_is_refused_where_a_second_step_is_asked_for(settings: Any) -> None:
    settings.MFA_REQUIRED_FOR = ["administrator", "service", "chief"]
    [error] = roles_that_settings_name_exist()
    assert error.msg == "MFA_REQUIRED_FOR names what is no role: chief."
    assert "strategy_lead" in str(error.hint)


def test_a_role_that_does_not_exist_is_refused_where_claims_are_mapped(settings: Any) -> None:
    settings.OIDC = provider(rules=(RoleRule("x", organisation="RX1", role="king"),))
    [error] = roles_that_settings_name_exist()
    assert error.msg == "OIDC_ROLES names what is no role: king."
    settings.OIDC = provider(rules=(RoleRule({"a": "b"}, organisation="RX1", role_from="role"),))
    assert roles_that_settings_name_exist() == []


def test_there_has_to_be_a_way_to_sign_in(settings: Any) -> None:
    settings.PASSWORD_SIGN_IN, settings.OIDC = False, None
    [error] = there_is_a_way_to_sign_in()
    assert error.msg.startswith("Nobody could sign in")
    settings.OIDC = provider()
    assert there_is_a_way_to_sign_in() == []


@pytest.mark.parametrize(
    ("issuer", "https", "wrong"),
    [
        ("https://id.example.org", True, 0),
        ("http://id.example.org", True, 1),
        ("http://id.example.org", False, 1),
        ("http://127.0.0.1:9400", True, 1),
        ("http://127.0.0.1:9400", False, 0),
    ],
)
def test_a_provider_is_reached_over_https(settings: Any, issuer: str, https: bool, wrong: int) -> None:
    settings.OIDC, settings.HTTPS = provider(issuer), https
    assert len(provider_is_reached_over_https()) == wrong


def test_the_secret_is_not_printed_with_the_settings() -> None:
    assert "secret" not in repr(provider())
