"""No request is larger than what the largest upload needs, so that nobody fills the disk that uploads wait on."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refuse_large_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: 413 before anything of the request is read. A request that does not say its length has no body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_REQUEST_BYTES:
            return render(request, "413.html", {"most": settings.LARGEST_UPLOAD_BYTES // 1024**2}, status=413)
        return get_response(request)

    return middleware
