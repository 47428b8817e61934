"""Personal links and what is derived from them.

A link carries a secret of 256 bits that is stored nowhere. Three values are derived from it under keys that stand in
the settings and not in the database, each for one use:

* ``link_hash`` finds the invitation;
* ``response_key`` finds the response;
* ``handle`` names the survey in the address while it is being answered.

Whoever holds the database alone has hashes of the first kind beside people and of the second beside answers, and no way
from one to the other; with the settings too, the links themselves are still missing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

SECRET_BYTES = 32


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def _derived(purpose: str, secret: str) -> str:
    return salted_hmac(f"diagnostics.links.{purpose}", secret, algorithm="sha256").hexdigest()


def link_hash(secret: str) -> str:
    return _derived("invitation", secret)


@dataclass(frozen=True)
class Respondent:
    """Somebody who holds a link, by what is derived from it; ``response_key`` differs in every round."""

    link_hash: str
    response_key: str
    handle: str

    @classmethod
    def with_secret(cls, secret: str) -> Respondent:
        return cls(link_hash(secret), _derived("response", secret), _derived("handle", secret)[:16])
