"""A line of the log for each request as it begins and as it ends, with the address that it came from.

The library takes that address from whichever header says one, and any visitor may write those. Here it is the one under
which tries are counted: what our own proxies wrote, as far from the end of X-Forwarded-For as TRUSTED_PROXY_COUNT says,
and without any of them the other end of the connection.
"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from config.respondents import is_of_respondents


class LoggedRequests(RequestMiddleware):
    """Of the pages of respondents there is no line. A fault of theirs is logged: where in the code, and nothing of
    whose it was.
    """

    def __call__(self, request: HttpRequest) -> Any:
        if not is_of_respondents(request):
            return super().__call__(request)
        structlog.contextvars.clear_contextvars()
        return self.get_response(request)

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        if not is_of_respondents(request):
            RequestMiddleware.bind_user_id(request)

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=address_of(request))


def address_of(request: HttpRequest) -> str:
    """Where fewer proxies wrote than there should be, the request did not come through them."""
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):
        return str(request.META.get("REMOTE_ADDR", ""))
