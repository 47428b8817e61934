"""How many tries at signing in there are, and when the next may be made.

The counting is the library's, in the cache, which lies in the database: it goes on while the broker is down. Tries are
counted by address, by account, and for a browser that the account's owner has used apart (``known_browsers``); so are
wrong codes at the second step, else whoever knows the password could keep its owner waiting there. A try that is
refused for being one too many is not counted at its account, so nobody is kept out longer there by trying on.
"""

from __future__ import annotations

import math
import time
import unicodedata
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerships.audit import record_too_many_tries
from partnerships.models import Person
from partnerships.sign_in.known_browsers import name_of_browser

FAILED = "login_failed"
APP = "allauth.account"


def _account(email: str) -> str:
    return unicodedata.normalize("NFKC", email).casefold().strip()


def _second_step(person: Person) -> str:
    return f"the second step of {person.pk}"


def forget_tries(person: Person) -> None:
    """Let somebody's tries at either step be counted from none, in browsers that are not known."""
    for key in (_account(person.email), _second_step(person)):
        forget(key)


def forget(key: str) -> None:
    """What is counted under this name, and nothing that is counted of an address: many people may share one."""
    rates: list[Any] = ratelimit.get_rates(app=APP, action=FAILED)
    for rate in rates:
        if rate.per == "key":
            cache.delete(ratelimit.get_cache_key(None, app=APP, action=FAILED, rate=rate, key=key))


def account_key(request: HttpRequest, email: str) -> str:
    """Under which name the failed tries at an account are counted."""
    account = _account(email)
    return _in_browser(account, name_of_browser(request, email))


def second_step_key(request: HttpRequest, person: Person) -> str:
    """Under which name the wrong codes at somebody's second step are counted."""
    return _in_browser(_second_step(person), name_of_browser(request, person.email))


def _in_browser(account: str, browser: str) -> str:
    return f"{account} in {browser}" if browser else account


def count_code(request: Any, person: Person) -> bool:
    """Count a code at the second step before it is looked at; False where it is one too many, and not to be."""
    request.counted_code = ratelimit.consume(request, app=APP, action=FAILED, key=second_step_key(request, person))
    return request.counted_code is not None


def forget_codes(request: Any, person: Person) -> None:
    """The right one was given: it is no failed try of its address, and in this browser the codes are counted from none
    again.
    """
    request.counted_code.rollback()
    forget(second_step_key(request, person))


def seconds_until_next_try(request: HttpRequest, key: str) -> int:
    """After how many seconds every limit on failed tries leaves room for one more; 0 where there is room now."""
    waits = [0.0]
    now = time.time()
    rates: list[Any] = ratelimit.get_rates(app=APP, action=FAILED)
    for rate in rates:
        counted = ratelimit.get_cache_key(request, app=APP, action=FAILED, rate=rate, key=key)
        latest_first = cache.get(counted, [])
        if len(latest_first) >= rate.amount:
            waits.append(latest_first[rate.amount - 1] + rate.duration - now)
    return math.ceil(max(waits))


def too_many_tries(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page that says when to try again."""
    page = render(request, "429.html", {"wait": _in_words(seconds)}, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


def too_many_requests(request: Any) -> HttpResponse:
    """The same for the library's other limits, which all count a minute. Those that somebody meets who is signed in are
    of pages that ask for a password or a code.
    """
    if request.user.is_authenticated:
        record_too_many_tries(request.user, seconds=60, again=True)
    return too_many_tries(request, 60)


def _in_words(seconds: int) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    if minutes == 1:
        return "one minute"
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{math.ceil(minutes / 60)} hours"
