from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import RespondentRequest, page_after_sending
from diagnostics.actions import withdraw_response


@require_http_methods(["GET", "HEAD", "POST"])
@page_after_sending
def withdraw(request: RespondentRequest) -> HttpResponse:
    """Do you want to take back what you answered? There until the survey closes, before and after sending."""
    handle = request.respondent.link.handle
    if request.method == "POST":
        withdraw_response(respondent=request.respondent)
        messages.success(request, "Your answers are deleted. You can answer again, or close this page.")
        return redirect("diagnostics:welcome", handle)
    context = {"handle": handle, "round": request.round, "organisation": request.round.organisation}
    return render(request, "diagnostics/withdraw.html", context)
