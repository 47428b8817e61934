"""The addresses of the application, two of which lead to their pages without anybody asking who may see them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as guarded
from partnerships.models import Organisation, Role
from partnerships.views.portfolio import portfolio
from scoring.views.dashboard import dashboard


def bare(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page without its decorators: the organisation of the address, and the role of its strategy lead."""
    inside: Callable[..., HttpResponse] = inspect.unwrap(page)

    def opened(request: Any, code: str) -> HttpResponse:
        request.organisation = Organisation.objects.get(code=code)
        request.roles = frozenset({Role.STRATEGY_LEAD})
        return inside(request)

    return opened


urlpatterns = [path("o/<str:code>/partnerships/", bare(portfolio)), path("o/<str:code>/", bare(dashboard)), *guarded]
