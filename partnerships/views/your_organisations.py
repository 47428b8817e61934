from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.current_organisation import remember, remembered, wanted_page
from partnerships.standing import in_force, standings_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def your_organisations(request: Any) -> HttpResponse:
    """Which organisation do I work for now? Its buttons switch, and keep the page that was wanted."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    standings = standings_of(request.user)
    if request.method == "POST":
        chosen = standings.get(request.POST.get("organisation", ""))
        if chosen is None or not chosen.roles:
            raise Http404("No organisation of yours has this code.")
        remember(request, chosen.organisation.code)
        return redirect(wanted_page(request, chosen))
    page = {
        "mine": in_force(standings),
        "now": remembered(request, standings),
        "ended": [one for one in standings.values() if not one.roles],
    }
    return render(request, "partnerships/your_organisations.html", page)
