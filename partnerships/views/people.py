from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, can_manage_people, organisation_page
from partnerships.people import people_of
from partnerships.roles import MANAGE_PEOPLE


@require_safe
@organisation_page(may=MANAGE_PEOPLE)
def people(request: OrganisationRequest) -> HttpResponse:
    """Who may do what here: people by role, and who left."""
    return render(request, "partnerships/people.html", {"people": people_of(request.organisation)})


def back_to_people(request: OrganisationRequest) -> HttpResponse:
    """After a change; who has just ended their own access to this page starts at the beginning."""
    if can_manage_people(request.user, request.organisation):
        return redirect("partnerships:people", request.organisation.code)
    return redirect("partnerships:home")
