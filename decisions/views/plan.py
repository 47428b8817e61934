"""How do we become a better partner? The weakest characteristics, what is done about them, and what has moved since."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.plan_page import plan_of
from decisions.worth import levers_of
from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from scoring.actions import try_what_if
from scoring.findings import Findings
from scoring.situation import situation_of


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def plan_page(request: OrganisationRequest) -> HttpResponse:
    """Its one button has the options for more capacity valued: a what-if each, on the recommendation that is shown."""
    situation = situation_of(request.organisation)
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
        _value(request)
        return redirect("decisions:plan", request.organisation.code)
    today = timezone.localdate()
    found = plan_of(request.organisation, situation.shown, day=today)
    page = {"found": found, "today": today, "out_of_date": situation.why_stale}
    return render(request, "decisions/plan.html", page)


def _value(request: OrganisationRequest) -> None:
    run = situation_of(request.organisation).shown
    if run is None:
        messages.error(request, "Your partnerships have to be scored first.")
        return
    findings = Findings.of(run)
    for option in request.organisation.capacity_options.for_list():
        if levers := levers_of(option, findings):
            try_what_if(organisation=request.organisation, by=request.user, run=run, levers=levers)
    messages.success(request, "Being worked out. Open this page again in a moment.")
