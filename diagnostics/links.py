"""Personal links: what is derived from the secret that one carries.

The secret itself follows from the survey's key (``diagnostics.keys``), which is not in the database. Two values are
derived from it under the key of the settings: ``link_hash`` finds the invitation, and ``handle`` names the survey in
the address while it is being answered. Neither tells the secret, nor the key of the response.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import salted_hmac


def _derived(purpose: str, secret: str) -> str:
    return salted_hmac(f"diagnostics.links.{purpose}", secret, algorithm="sha256").hexdigest()


def link_hash(secret: str) -> str:
    return _derived("invitation", secret)


@dataclass(frozen=True)
class Link:
    """A link that somebody holds, without its secret; ``organisation`` is whose survey it leads to, where known."""

    hash: str
    handle: str
    organisation: int | None = None

    @classmethod
    def with_secret(cls, secret: str) -> Link:
        return cls(link_hash(secret), _derived("handle", secret)[:16])


@dataclass(frozen=True)
class Respondent:
    """Somebody who holds a link and can answer with it; ``response_key`` finds their response and nothing else does.

    ``earlier_keys`` are of the links that they had before, with which they may have answered. ``is_replaced`` where
    this is such a link itself: with it they withdraw what they sent in with it, and do nothing else.
    """

    link: Link
    response_key: str
    earlier_keys: tuple[str, ...] = ()
    is_replaced: bool = False
