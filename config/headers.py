"""What every answer says to the browser beside the content security policy, whatever made the answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# No page uses any of these, so no page, and nothing that got into one, may.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)

# Django's own middleware sets some of these, but not on what is refused or sent on before an answer comes that far.
ALWAYS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}


def complete_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, outside of all others: what an answer does not say about keeping it, is that nobody may."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for header, value in ALWAYS.items():
            response.headers.setdefault(header, value)
        # Also errors and redirects: nothing stays behind on a shared computer. Static files say for themselves.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
