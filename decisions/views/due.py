"""What is overdue just now, and which letters wait for somebody? A part of the organisation’s first page, and a page of
its own without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from decisions.saying_no import told_no_in
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import Organisation
from scoring.words import count_of


@require_safe
@vary_on_headers("HX-Request")
@organisation_page()
def due(request: OrganisationRequest) -> HttpResponse:
    page = {"parts": list(_due(request.organisation))}
    is_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    return render(request, f"decisions/due.html{'#decisions-due' if is_part else ''}", page)


def _due(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """What there is of each kind, in words, and where it stands."""
    today = timezone.localdate()
    reviews = organisation.decisions.to_review_by(today).count()
    promises = organisation.promises.overdue_on(today).count()
    actions = organisation.plan_actions.overdue_on(today).count()
    practices = organisation.practices.overdue_on(today).count()
    letters = organisation.letters.needing_somebody().count()
    rows = (
        (reviews, "decision to look at again", "decisions to look at again", "decisions", ""),
        (promises, "promise overdue", "promises overdue", "promises", ""),
        (actions, "action of the plan overdue", "actions of the plan overdue", "plan", "#actions-heading"),
        (practices, "practice to stop overdue", "practices to stop overdue", "plan", "#practices-heading"),
        (
            letters,
            "letter to partners that reaches nobody",
            "letters to partners that reach nobody",
            "promises",
            "#letters-heading",
        ),
        (
            len(told_no_in(organisation)),
            "partner to tell what has changed",
            "partners to tell what has changed",
            "promises",
            "#told-no-heading",
        ),
    )
    for number, one, more, page, anchor in rows:
        if number:
            yield count_of(number, one, more), reverse(f"decisions:{page}", args=[organisation.code]) + anchor
