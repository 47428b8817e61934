"""Why does it say so? One run: how far it is, then each partnership with its reason, confidence and what flips it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from scoring.actions import request_run
from scoring.alternatives import Alternatives, building_advice
from scoring.findings import Findings
from scoring.models import Run, RunState
from scoring.runner import NothingToScoreError


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page()
def run_page(request: OrganisationRequest, run: int) -> HttpResponse:
    """Progress while it works, then the recommendation; its button tries again after a failure."""
    one = get_object_or_404(request.organisation.runs.select_related("requested_by"), pk=run)
    if request.method == "POST":
        return _try_again(request, one)
    template = "scoring/run.html#run-content" if request.htmx and not request.htmx.boosted else "scoring/run.html"
    return render(request, template, {"run": one, "is_delayed": one.is_delayed(timezone.now()), **_found(one)})


def _try_again(request: OrganisationRequest, one: Run) -> HttpResponse:
    check_can_decide(request.user, request.organisation)
    try:
        one = request_run(organisation=request.organisation, by=request.user)
    except NothingToScoreError as missing:
        messages.error(request, str(missing))
    return redirect("scoring:run", code=request.organisation.code, run=one.pk)


def _found(one: Run) -> dict[str, Any]:
    if one.state != RunState.DONE:
        return {}
    alternatives = Alternatives.of(one.frozen_inputs(), one.outcome())
    return {
        "findings": Findings.of(one),
        "alternatives": alternatives,
        "building": building_advice(alternatives.days),
    }
