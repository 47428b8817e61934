"""Starting with an open link: how fast, and what happens to somebody who presses the button twice.

People in a meeting scan the code together and share the address of the building, so that they cannot be told from a
robot by it. But they read the first page before they press the button, each in their own time, and a robot does not.
So the limit is on the pace: in ten seconds an address starts no more than half of those whom the link is for, and no
more than twenty. A room of thirty is through within seconds, and no robot has used a link up before somebody can
replace it. Whoever is too many waits ten seconds, and is told so.

What is counted lies in the cache, which is a table, and is not to say when anybody began. Its names are digests that
neither an address nor a time can be read from, and change when they no longer count; each of its rows ends at a
midnight, whenever it was written. The schedule writes them once more in random order by one transaction
(``stir_starts``), so that neither their order nor what wrote them says more than that it was since the last time, and
takes out what has ended.
"""

from __future__ import annotations

import datetime
import time

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from diagnostics.models import OpenLink

SECONDS = 10
MOST_STARTS, LEAST_STARTS = 20, 5
# How long at least a form that is sent a second time leads to the same seat; twice as long at most.
SAME_FORM_FOR = 60 * 60


class TooManyStartsError(Exception):
    """From this address others have just started: to be tried again in ``SECONDS``."""


def most_starts(link: OpenLink) -> int:
    """How many may start from one address in ``SECONDS``."""
    return max(LEAST_STARTS, min(MOST_STARTS, link.seats // 2))


def which_ten_seconds() -> int:
    return int(time.time() // SECONDS)


def which_hour() -> int:
    return int(time.time() // SAME_FORM_FOR)


def count_start(link: OpenLink, address: str) -> None:
    """Count one more from this address; with the link held. Raises TooManyStartsError where that is too many."""
    counted = _name("address", f"{link.pk} {address} {which_ten_seconds()}")
    starts = cache.get(counted, 0)
    if starts >= most_starts(link):
        raise TooManyStartsError
    cache.set(counted, starts + 1, _until_midnight())


def number_of_form(link: OpenLink, form: str) -> int | None:
    """How many had started before whoever has sent this form already; None where nobody has."""
    hour = which_hour()
    found = cache.get_many([_form(link, form, hour), _form(link, form, hour - 1)]) if form else {}
    return next(iter(found.values()), None)


def remember_form(link: OpenLink, form: str, number: int) -> None:
    if form:
        cache.set(_form(link, form, which_hour()), number, _until_midnight())


@transaction.atomic
def stir_starts() -> None:
    """Take out of the cache what has ended, and write what is there of starts once more in random order.

    Safe to run at any time, and at once with starts: each row is in the table before and after.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < %s", [now])
        cursor.execute(
            "WITH gone AS (DELETE FROM cache WHERE expires = ANY (%s) RETURNING *) "
            "INSERT INTO cache (cache_key, value, expires) SELECT cache_key, value, expires FROM gone "
            "ORDER BY gen_random_uuid()",
            [_midnights(now)],
        )


def _midnights(now: datetime.datetime) -> list[datetime.datetime]:
    """The next two, when all rows of starts end: those of yesterday and those of today."""
    today = timezone.localdate(now)
    days = [today + datetime.timedelta(days=days) for days in (1, 2)]
    return [timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in days]


def _until_midnight() -> float:
    """Seconds from now to the end of tomorrow, so that every row of a day ends at the same moment.

    Half a second is added, since the cache cuts fractions off.
    """
    now = timezone.now()
    return (_midnights(now)[-1] - now).total_seconds() + 0.5


def _form(link: OpenLink, form: str, hour: int) -> str:
    return _name("form", f"{link.link_hash} {form} {hour}")


def _name(purpose: str, what: str) -> str:
    return salted_hmac(f"diagnostics.starting.{purpose}", what, algorithm="sha256").hexdigest()
