"""Who answers a survey, or reads what was done with it, is nobody to us: also where the browser is signed in.

A row of their session, written with each page, would follow the row of their answer and name them; a line in the log
would say who answered, from where and when.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse

from config.logs import RESPONDENTS_PAGES


def know_nobody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, in front of all that asks who somebody is: on these pages no session is found, so none is read or
    saved, nobody is signed in, and no message waits.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_of_respondents(request):
            for cookie in (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name):
                request.COOKIES.pop(cookie, None)
        return get_response(request)

    return middleware


def is_of_respondents(request: HttpRequest) -> bool:
    return request.path_info.startswith(RESPONDENTS_PAGES)
