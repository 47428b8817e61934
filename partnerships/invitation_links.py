"""Links by which somebody accepts an invitation to an organisation.

A link carries a secret of 256 bits that is stored nowhere. What is kept is a hash of it under a key that stands in the
settings and not in the database: whoever holds the database alone can neither read a link nor make one.
"""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

SECRET_BYTES = 32
# Where a session keeps the hash of the link that it came with.
IN_SESSION = "invitation"


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def link_hash(secret: str) -> str:
    return salted_hmac("partnerships.invitation_links", secret, algorithm="sha256").hexdigest()
