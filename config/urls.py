from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from config import health


def not_here(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # People are known by the address that their organisation gave them; the library's page would change it unconfirmed.
    path("accounts/email/", not_here),
    path("accounts/", include("allauth.urls")),
    path("", include("scoring.urls")),
    path("", include("diagnostics.urls")),
    path("", include("partnerships.urls")),
]
