from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from diagnostics.access import RespondentRequest, has_sent, page_after_sending
from diagnostics.own_address import own_address


@require_safe
@page_after_sending
def thanks(request: RespondentRequest) -> HttpResponse:
    """Did it arrive, and what happens now? Only for those whose answers are in."""
    if not has_sent(request.respondent):
        return redirect("diagnostics:check", request.respondent.link.handle)
    context = {
        "handle": request.respondent.link.handle,
        "round": request.round,
        "organisation": request.round.organisation,
        "works_for": request.works_for,
        "own": own_address(request),
    }
    return render(request, "diagnostics/thanks.html", context)
