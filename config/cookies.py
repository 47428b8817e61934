"""Which cookies are looked at: those of names that a browser and the framework read the same.

A browser takes a cookie named ``__Host-…`` for this very host alone. One whose name begins with a blank that is not
ASCII's it takes from any host of the domain, and the framework, which strips such a blank, would read it as ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def read_plain_cookies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, in front of whatever reads a cookie: one of another name is dropped, and so is one that comes twice,
    since nobody can tell which of the two is ours.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if sent := request.META.get("HTTP_COOKIE"):
            request.META["HTTP_COOKIE"] = only_plain(sent)
        return get_response(request)

    return middleware


def only_plain(header: str) -> str:
    cookies = [chunk.partition("=") for chunk in header.split(";") if "=" in chunk]
    named = [(name.strip(" \t"), value.strip(" \t")) for name, _, value in cookies]
    times = Counter(name for name, _ in named)
    return "; ".join(f"{name}={value}" for name, value in named if times[name] == 1 and TOKEN.fullmatch(name))
