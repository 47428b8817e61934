from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from diagnostics.models import RoundState
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def surveys(request: OrganisationRequest) -> HttpResponse:
    """Who has answered, and what is due?"""
    rounds = list(request.organisation.survey_rounds.for_list())
    drafts = sum(one.state == RoundState.DRAFT for one in rounds)
    context = {"rounds": rounds, "drafts": drafts, "today": timezone.localdate()}
    return render(request, "diagnostics/surveys.html", context)
