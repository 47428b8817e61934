"""How many tries at signing in there are, and when the next may be made.

The counting is the library's, in the cache, which lies in the database: it goes on while the broker is down. Tries are
counted by address, by account, and for a browser that the account's owner has used apart (``known_browsers``). A try
that is refused for being one too many is not counted itself, so nobody is kept out longer by trying on.
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

from partnerships.sign_in.known_browsers import name_of_browser

FAILED = "login_failed"


def _account(email: str) -> str:
    return unicodedata.normalize("NFKC", email).casefold().strip()


def forget_tries(email: str) -> None:
    """Let an account's tries be counted from none, in browsers that are not known."""
    rates: list[Any] = ratelimit.get_rates(app="allauth.account", action=FAILED)
    for rate in rates:
        if rate.per == "key":
            cache.delete(
                ratelimit.get_cache_key(None, app="allauth.account", action=FAILED, rate=rate, key=_account(email))
            )


def account_key(request: HttpRequest, email: str) -> str:
    """Under which name the failed tries at an account are counted."""
    account = _account(email)
    browser = name_of_browser(request, account)
    return f"{account} in {browser}" if browser else account


def seconds_until_next_try(request: HttpRequest, key: str) -> int:
    """After how many seconds every limit on failed tries leaves room for one more; 0 where there is room now."""
    waits = [0.0]
    now = time.time()
    rates: list[Any] = ratelimit.get_rates(app="allauth.account", action=FAILED)
    for rate in rates:
        counted = ratelimit.get_cache_key(request, app="allauth.account", action=FAILED, rate=rate, key=key)
        latest_first = cache.get(counted, [])
        if len(latest_first) >= rate.amount:
            waits.append(latest_first[rate.amount - 1] + rate.duration - now)
    return math.ceil(max(waits))


def too_many_tries(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page that says when to try again."""
    page = render(request, "429.html", {"wait": _in_words(seconds)}, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The same for the library's other limits, which all count a minute."""
    return too_many_tries(request, 60)


def _in_words(seconds: int) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    if minutes == 1:
        return "one minute"
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{math.ceil(minutes / 60)} hours"
