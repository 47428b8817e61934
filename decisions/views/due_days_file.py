"""The days of promises, actions of the plan and reviews for a calendar, as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from decisions.exports.due_days import due_days
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.models import DeedKind
from partnerships.roles import DECIDE, EXPORT

WHOSE = {"mine": "their own promises for a calendar", "all": "everybody’s promises for a calendar"}


@require_safe
@organisation_page(may=EXPORT)
def due_days_file(request: OrganisationRequest, whose: str) -> HttpResponse:
    """One's own promises and actions of the plan, and reviews where one may decide; or everybody's with all reviews."""
    if whose not in WHOSE:
        raise Http404("There are a file of one's own and one of all.")
    mine = whose == "mine"

    def address_of(name: str, *arguments: object) -> str:
        return request.build_absolute_uri(reverse(name, args=arguments))

    content, rows = due_days(
        request.organisation,
        owner=request.user if mine else None,
        with_reviews=not mine or DECIDE.open_to(request.roles),
        address_of=address_of,
    )
    record_deed(DeedKind.EXPORTED, organisation=request.organisation, by=request.user, what=WHOSE[whose], rows=rows)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="promises-{request.organisation.code}-{whose}.ics"'
    return response
