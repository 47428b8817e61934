"""Starting with an open link: how fast, and what happens to somebody who presses the button twice.

People in a meeting scan the code together and share the address of the building, so that they cannot be told from a
robot by it. But they read the first page before they press the button, each in their own time, and a robot does not.
So the limit is on the pace: in ten seconds an address starts no more than half of those whom the link is for, and no
more than twenty. A room of thirty is through within seconds, and no robot has used a link up before somebody can
replace it. Whoever is too many waits ten seconds, and is told so.

What is counted lies in the cache for as long as it is needed, under names from which no address can be read.
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from diagnostics.models import OpenLink

SECONDS = 10
MOST_STARTS, LEAST_STARTS = 20, 5
# How long a form that is sent a second time leads to the same seat.
SAME_FORM_FOR = 60 * 60


class TooManyStartsError(Exception):
    """From this address others have just started: to be tried again in ``SECONDS``."""


def most_starts(link: OpenLink) -> int:
    """How many may start from one address in ``SECONDS``."""
    return max(LEAST_STARTS, min(MOST_STARTS, link.seats // 2))


def which_ten_seconds() -> int:
    return int(time.time() // SECONDS)


def count_start(link: OpenLink, address: str) -> None:
    """Count one more from this address; with the link held. Raises TooManyStartsError where that is too many."""
    counted = _name("address", f"{link.pk} {address} {which_ten_seconds()}")
    starts = cache.get(counted, 0)
    if starts >= most_starts(link):
        raise TooManyStartsError
    cache.set(counted, starts + 1, 2 * SECONDS)


def number_of_form(link: OpenLink, form: str) -> int | None:
    """How many had started before whoever has sent this form already; None where nobody has."""
    number: int | None = cache.get(_form(link, form)) if form else None
    return number


def remember_form(link: OpenLink, form: str, number: int) -> None:
    if form:
        cache.set(_form(link, form), number, SAME_FORM_FOR)


def _form(link: OpenLink, form: str) -> str:
    return _name("form", f"{link.link_hash} {form}")


def _name(purpose: str, what: str) -> str:
    return salted_hmac(f"diagnostics.starting.{purpose}", what, algorithm="sha256").hexdigest()
