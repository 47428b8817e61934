"""What did we do to become a better partner, who did it, and what has moved since?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.plan_history import history_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.numbers import row_number
from partnerships.views.timeline import LAST_PAGE


@require_safe
@organisation_page()
def plan_history_page(request: OrganisationRequest) -> HttpResponse:
    number = min(row_number(request.GET.get("page", "")) or 1, LAST_PAGE)
    history = history_of(request.organisation, page=number)
    return render(request, "decisions/plan_history.html", {"history": history})
