from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import SharedLevel
from partnerships.roles import READ_SYSTEM
from partnerships.sharing import SystemPicture, system_rows


@require_safe
@organisation_page(may=READ_SYSTEM)
def system(request: OrganisationRequest) -> HttpResponse:
    """Where do our organisations pull apart? Only what they chose to share, mismatches first."""
    picture = SystemPicture(system_rows(SharedLevel.objects.with_system(request.organisation)))
    return render(request, "partnerships/system.html", {"picture": picture})
