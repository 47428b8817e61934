from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.current_organisation import remembered
from partnerships.standing import in_force, standings_of


@require_safe
@never_cache
def home(request: Any) -> HttpResponse:
    """Where do I start? Signed out: what this is. Signed in: where you work now, or the choice between yours."""
    if not request.user.is_authenticated:
        return render(request, "partnerships/welcome.html")
    standings = standings_of(request.user)
    mine = in_force(standings)
    now = mine[0] if len(mine) == 1 else remembered(request, standings)
    return redirect(now.home if now else "partnerships:your_organisations")
