from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diagnostics.across import across
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def compare_partnerships(request: OrganisationRequest) -> HttpResponse:
    """Where are our partnerships strong and weak, and how far can they be told apart?"""
    return render(request, "diagnostics/compare_partnerships.html", {"across": across(request.organisation)})
