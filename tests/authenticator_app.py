"""An authenticator app as people have it on a phone (RFC 6238), written apart from the library under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time


def code_for(secret: str, *, at: float | None = None) -> str:
    """The six digits shown for a key at a moment, by default now."""
    counter = int(time.time() if at is None else at) // 30
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def code_before(secret: str) -> str:
    """The code of half a minute ago, which is still taken, so that the one of now stays to be used.

    Waits where the clock is about to turn, since then it would be too old before it is sent.
    """
    left = 30 - time.time() % 30
    if left < 8:
        time.sleep(left + 0.1)
    return code_for(secret, at=time.time() - 30)
