from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diagnostics.access import RespondentRequest, respondent_page
from diagnostics.own_address import own_address
from diagnostics.progress import AnswersSoFar


@require_safe
@respondent_page
def welcome(request: RespondentRequest) -> HttpResponse:
    """What is asked of me, who will see it, and how long does it take?"""
    context = {
        "handle": request.respondent.link.handle,
        "round": request.round,
        "organisation": request.round.organisation,
        "works_for": request.works_for,
        "so_far": AnswersSoFar.of(request.respondent, request.round),
        "own": own_address(request),
    }
    return render(request, "diagnostics/welcome.html", context)
