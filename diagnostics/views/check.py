from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import RespondentRequest, respondent_page
from diagnostics.actions import submit_response
from diagnostics.progress import AnswersSoFar


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def check(request: RespondentRequest) -> HttpResponse:
    """Are these my answers? Its button sends them in, once."""
    problem = ""
    if request.method == "POST":
        try:
            submit_response(respondent=request.respondent)
        except ValidationError as refused:
            problem = refused.messages[0]
        else:
            return redirect("diagnostics:thanks", request.respondent.link.handle)
    so_far = AnswersSoFar.of(request.respondent, request.round)
    context = {
        "problem": problem,
        "handle": request.respondent.link.handle,
        "round": request.round,
        "organisation": request.round.organisation,
        "works_for": request.works_for,
        "so_far": so_far,
        "pages": [
            (page, [(so_far.instrument.item_by_code[code], so_far.given.get(code)) for code in page.items])
            for page in so_far.instrument.pages
        ],
        "labels": {choice.value: choice.label for choice in so_far.instrument.scale},
    }
    return render(request, "diagnostics/check.html", context, status=422 if problem else 200)
