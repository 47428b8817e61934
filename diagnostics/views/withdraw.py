from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import RespondentRequest, page_after_sending
from diagnostics.actions import withdraw_response
from diagnostics.progress import AnswersSoFar


@require_http_methods(["GET", "HEAD", "POST"])
@page_after_sending
def withdraw(request: RespondentRequest) -> HttpResponse:
    """Do you want to take back what you answered? There until the survey closes, before and after sending.

    Afterwards the same page says that nothing is left: a message would need a session, and respondents have none.
    """
    handle = request.respondent.link.handle
    if request.method == "POST":
        withdraw_response(respondent=request.respondent)
        return redirect("diagnostics:withdraw", handle)
    so_far = AnswersSoFar.of(request.respondent, request.round)
    context = {
        "handle": handle,
        "round": request.round,
        "organisation": request.round.organisation,
        "so_far": so_far,
        "is_replaced": request.respondent.is_replaced,
        "keeps": "diagnostics:thanks" if request.respondent.is_replaced else "diagnostics:check",
    }
    return render(request, "diagnostics/withdraw.html", context)
