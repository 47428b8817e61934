"""What is overdue just now, and which letters wait for somebody? A part of the organisation’s first page, and a page of
its own without JavaScript.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from decisions.saying_no import told_no_in
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@vary_on_headers("HX-Request")
@organisation_page()
def due(request: OrganisationRequest) -> HttpResponse:
    today = timezone.localdate()
    page = {
        "reviews": request.organisation.decisions.to_review_by(today).count(),
        "letters": request.organisation.letters.needing_somebody().count(),
        "changed": len(told_no_in(request.organisation)),
        "promises": request.organisation.promises.overdue_on(today).count(),
    }
    is_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    return render(request, f"decisions/due.html{'#decisions-due' if is_part else ''}", page)
