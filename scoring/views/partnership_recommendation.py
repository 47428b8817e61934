"""What is recommended for one partnership: a part of its page, and a page of its own for who has no JavaScript."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, organisation_page
from scoring.findings import Findings
from scoring.situation import situation_of


@require_safe
@vary_on_headers("HX-Request")
@organisation_page()
def partnership_recommendation(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = get_object_or_404(
        request.organisation.participations.select_related("partnership"), partnership__slug=slug
    )
    situation = situation_of(request.organisation)
    findings = Findings.of(situation.shown) if situation.shown else None
    page = "scoring/partnership_recommendation.html"
    template = f"{page}#partnership-recommendation" if request.htmx and not request.htmx.boosted else page
    return render(
        request,
        template,
        {
            "participation": participation,
            "situation": situation,
            "one": findings.advice_for(slug) if findings else None,
            "survey": findings.survey_of(slug) if findings else None,
            "run": situation.shown,
        },
    )
