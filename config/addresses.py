"""Addresses that no page has and no database could look up."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse


def refuse_null_characters(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """404 for a null character in the path or the query: PostgreSQL stores none, and a browser sends none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *_: object) -> None:
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise Http404("An address has no null characters.")

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django looks for it on the middleware
    return middleware
