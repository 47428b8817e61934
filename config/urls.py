from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("config.accounts")),
    path("", include("decisions.urls")),
    path("", include("scoring.urls")),
    path("", include("diagnostics.urls")),
    path("", include("partnerships.urls")),
]

# What the sign-in library shows where something is asked for too often.
handler429 = "partnerships.sign_in.tries.too_many_requests"
