"""What did we promise, who sees to it, and by when? What is overdue comes first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.promised import promises_of
from decisions.saying_no import told_no_in
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
    page: dict[str, Any] = {"found": found, "owner": owner, "is_mine": owner == request.user, "today": today}
    if owner is None or owner == request.user:
        letters = request.organisation.letters.needing_somebody().for_list()
        page["letters"] = letters.filter(asked_by=owner) if owner else letters
        page["told_no"] = [] if owner else told_no_in(request.organisation)
    return render(request, "decisions/promises.html", page)
