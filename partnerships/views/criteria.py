from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import CostOfChange
from partnerships.weighing import weighed_objectives, weighed_ways, weights_by_person


@require_safe
@organisation_page()
def criteria(request: OrganisationRequest) -> HttpResponse:
    """What matters to us, and how much? Objectives and ways, with each decision maker's own weights."""
    everybody = weights_by_person(request.organisation)
    page = {
        "objectives": weighed_objectives(request.organisation, everybody),
        "ways": weighed_ways(request.organisation, everybody),
        "everybody": everybody,
        "cost_of_change": CostOfChange.objects.of(request.organisation),
        "anybody_weighed": any(one.is_set for one in everybody),
        "i_weighed": any(one.is_set for one in everybody if one.person == request.user),
    }
    return render(request, "partnerships/criteria.html", page)
