from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partnerships.access import home_pages


@require_safe
def home(request: Any) -> HttpResponse:
    """Where do I start? Signed out: what this is. Signed in: your organisation, or the choice between yours."""
    if not request.user.is_authenticated:
        return render(request, "partnerships/welcome.html")
    pages = home_pages(request.user)
    if len(pages) == 1:
        return redirect(pages[0].address)
    return render(request, "partnerships/choose_organisation.html", {"pages": pages})
