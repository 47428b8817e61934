from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import ANY_ROLE, CAPABILITIES, ROLES_IN_WORDS


@require_safe
@organisation_page(may=ANY_ROLE)
def roles(request: OrganisationRequest) -> HttpResponse:
    """What may each role do? Made from the table that the checks read."""
    page = {"roles_in_words": ROLES_IN_WORDS, "capabilities": CAPABILITIES, "mine": request.roles}
    return render(request, "partnerships/roles.html", page)
