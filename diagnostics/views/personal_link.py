from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from diagnostics.access import LinkRefusedError, acting_for_the_survey_of, refuse, remember, round_for
from diagnostics.links import Respondent
from diagnostics.models import Round
from diagnostics.progress import AnswersSoFar


@require_safe
@never_cache
def personal_link(request: Any, secret: str) -> HttpResponseBase:
    """Exchange a link for a session and leave its address at once, for the page where the respondent was."""
    respondent = Respondent.with_secret(secret)
    try:
        with acting_for_the_survey_of(respondent):
            response = _where_they_were(respondent, round_for(respondent))
    except LinkRefusedError as refused:
        return refuse(request, refused)
    remember(response, respondent)
    return response


def _where_they_were(respondent: Respondent, round_: Round) -> HttpResponse:
    so_far = AnswersSoFar.of(respondent, round_)
    if so_far.response is None:
        return redirect("diagnostics:welcome", respondent.handle)
    if not so_far.response.place:
        return redirect("diagnostics:place", respondent.handle)
    page = so_far.page_to_come_back_to()
    if page is None:
        return redirect("diagnostics:check", respondent.handle)
    return redirect("diagnostics:questions", respondent.handle, page.code)
