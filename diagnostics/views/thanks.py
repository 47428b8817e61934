from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from diagnostics.access import LinkRefusedError, Refusal, acting_for_the_survey_of, refuse, respondent_of, round_for


@require_safe
@never_cache
def thanks(request: Any, handle: str) -> HttpResponse:
    """Did it arrive, and what happens now? Only for those whose answers are in."""
    try:
        respondent = respondent_of(request, handle)
        with acting_for_the_survey_of(respondent):
            round_for(respondent)
    except LinkRefusedError as refused:
        if refused.refusal != Refusal.USED or refused.round is None:
            return refuse(request, refused)
        context = {"round": refused.round, "organisation": refused.round.organisation}
        return render(request, "diagnostics/thanks.html", context)
    return redirect("diagnostics:check", handle)
