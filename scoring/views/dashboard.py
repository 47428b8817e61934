"""What should we stop, start and keep, and how sure are we?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from scoring.actions import request_run
from scoring.charts import tipping_point, value_against_days
from scoring.findings import Findings
from scoring.runner import NothingToScoreError
from scoring.situation import Situation, situation_of


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page()
def dashboard(request: OrganisationRequest) -> HttpResponse:
    """The recommendation; its button asks for a new score, and while one is made a part of the page asks how far."""
    if request.method == "POST":
        return _score_again(request)
    situation = situation_of(request.organisation)
    if request.htmx and not request.htmx.boosted:
        response = render(request, "scoring/dashboard.html#scoring-state", {"situation": situation})
        if situation.under_way is None:
            response["HX-Refresh"] = "true"  # the new recommendation is there: show it
        return response
    return render(request, "scoring/dashboard.html", {"situation": situation, **_found(situation)})


def _score_again(request: OrganisationRequest) -> HttpResponse:
    check_can_decide(request.user, request.organisation)
    try:
        run = request_run(organisation=request.organisation, by=request.user)
    except NothingToScoreError as missing:
        messages.error(request, str(missing))
        return redirect("scoring:dashboard", code=request.organisation.code)
    return redirect("scoring:run", code=request.organisation.code, run=run.pk)


def _found(situation: Situation) -> dict[str, Any]:
    run = situation.shown
    if run is None:
        return {}
    findings = Findings.of(run)
    return {
        "run": run,
        "findings": findings,
        "value_chart": value_against_days(findings),
        "tipping_chart": tipping_point(findings),
    }
