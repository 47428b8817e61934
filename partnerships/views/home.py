from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def home(request: Any) -> HttpResponse:
    """Where do I start? Signed out: what this is. Signed in: your organisation, or the choice between yours."""
    if not request.user.is_authenticated:
        return render(request, "partnerships/welcome.html")
    organisations = list(request.user.organisations)
    if len(organisations) == 1:
        return redirect(f"/o/{organisations[0].code}/")
    return render(request, "partnerships/choose_organisation.html", {"organisations": organisations})
