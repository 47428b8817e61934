"""The one OpenID Connect provider that people may sign in through, and which roles its claims give; values only.

The settings are made with this, so it knows no models and no settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SHAPE = (
    'OIDC_ROLES has to be a JSON list of rules, each as {"when": "a value of the claim", "organisation": "RX1", '
    '"role": "executive"}; docs/deployment.md has examples.'
)


# Parameters that make a sign-in safe, or have settings of their own.
OURS = frozenset(
    {
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_mode",
        "response_type",
        "scope",
        "state",
    }
)


@dataclass(frozen=True)
class RoleRule:
    """Who has ``when`` in the claim has a role at an organisation, by its code.

    ``when`` is a value of the claim or, where its values are objects, the fields that one must have. The code and the
    role stand in the rule, or in a field of the object, which ``organisation_from`` and ``role_from`` name.
    """

    when: str | Mapping[str, str]
    organisation: str = ""
    role: str = ""
    organisation_from: str = ""
    role_from: str = ""

    def reads(self, value: Any) -> tuple[str, str] | None:
        """The organisation's code and the role that one value of the claim gives; None where it gives nothing."""
        if isinstance(self.when, str):
            return (self.organisation, self.role) if value == self.when else None
        if not isinstance(value, Mapping) or any(value.get(name) != wanted for name, wanted in self.when.items()):
            return None
        code = value.get(self.organisation_from) if self.organisation_from else self.organisation
        role = value.get(self.role_from) if self.role_from else self.role
        return str(code or ""), str(role or "")


@dataclass(frozen=True)
class IdentityProvider:
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    email_verified_claim: str = "email_verified"
    verified_email_domains: tuple[str, ...] = ()
    roles_claim: str = ""
    rules: tuple[RoleRule, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    token_auth: str = ""

    def roles_in(self, claims: Mapping[str, Any]) -> set[tuple[str, str]]:
        """Every organisation's code and role that the claims give; none of them is checked to exist."""
        return {
            found
            for value in _values(claims, self.roles_claim)
            for rule in self.rules
            if (found := rule.reads(value)) is not None
        }

    def vouches_for(self, email: str, claims: Mapping[str, Any]) -> bool:
        """Whether the provider says that the address is the person's, or is trusted to know for its domain."""
        if str(claims.get(self.email_verified_claim)).lower() in {"true", "1"}:
            return True
        return email.rpartition("@")[2].lower() in self.verified_email_domains


def _values(claims: Mapping[str, Any], path: str) -> Iterator[Any]:
    """The values of a claim; ``realm_access.roles`` also finds the claim ``roles`` in the claim ``realm_access``."""
    if not path:
        return
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    yield from found if isinstance(found, list) else [found]


def read_rules(text: str) -> tuple[RoleRule, ...]:
    """The rules that a JSON text holds. Raises ImproperlyConfigured, saying which is wrong and how."""
    if not text.strip():
        return ()
    try:
        given = json.loads(text)
    except ValueError:
        raise ImproperlyConfigured(SHAPE) from None
    if not isinstance(given, list):
        raise ImproperlyConfigured(SHAPE)
    return tuple(_rule(number, one) for number, one in enumerate(given, start=1))


def read_parameters(text: str) -> dict[str, str]:
    """What else to ask the provider for, such as how strongly to make sure who it is (``acr_values``)."""
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ImproperlyConfigured('OIDC_PARAMETERS has to be a JSON object of texts, as {"prompt": "login"}.')
    if not given.keys().isdisjoint(OURS):
        raise ImproperlyConfigured(f"OIDC_PARAMETERS may not name {', '.join(sorted(OURS))}: the service sets them.")
    return given


def _rule(number: int, given: Any) -> RoleRule:
    if not isinstance(given, dict) or set(given) - set(RoleRule.__dataclass_fields__) or not given.get("when"):
        raise ImproperlyConfigured(f"Rule {number}: {SHAPE}")
    when = given["when"]
    texts = [*when.values()] if isinstance(when, dict) else [when]
    texts += [value for name, value in given.items() if name != "when"]
    if not all(isinstance(text, str) for text in texts):
        raise ImproperlyConfigured(f"Rule {number}: {SHAPE}")
    for name in ("organisation", "role"):
        if bool(given.get(name)) == bool(given.get(f"{name}_from")):
            raise ImproperlyConfigured(f"Rule {number} of OIDC_ROLES has to have either '{name}' or '{name}_from'.")
    if isinstance(when, str) and (given.get("organisation_from") or given.get("role_from")):
        raise ImproperlyConfigured(f"Rule {number} of OIDC_ROLES takes fields from a value that it says is a text.")
    return RoleRule(**given)
