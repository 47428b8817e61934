from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def surveys(request: OrganisationRequest) -> HttpResponse:
    """Who has answered, and what is due?"""
    context = {"rounds": request.organisation.survey_rounds.for_list(), "today": timezone.localdate()}
    return render(request, "diagnostics/surveys.html", context)
