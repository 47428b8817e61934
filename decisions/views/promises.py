"""What did we promise, who sees to it, and by when? What is overdue comes first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.promised import promises_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.numbers import row_number
from partnerships.people import person_or_404


@require_safe
@organisation_page()
def promises(request: OrganisationRequest) -> HttpResponse:
    """Everybody's, or those of one person of the organisation."""
    asked = request.GET.get("person", "")
    owner = person_or_404(request.organisation, row_number(asked)) if asked else None
    today = timezone.localdate()
    found = promises_of(request.organisation, day=today, owner=owner.pk if owner else None)
    page = {"found": found, "owner": owner, "is_mine": owner == request.user, "today": today}
    return render(request, "decisions/promises.html", page)
