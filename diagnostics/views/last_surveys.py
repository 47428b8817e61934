from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from diagnostics.models import Round
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.forms.portfolio_filter import PortfolioFilter


@require_safe
@vary_on_headers("HX-Request")
@organisation_page()
def last_surveys(request: OrganisationRequest) -> HttpResponse:
    """How each partnership worked last, for the cells of the portfolio's table; by itself it leads to the surveys."""
    if not request.htmx:
        return redirect("diagnostics:surveys", request.organisation.code)
    last: dict[int, Round] = {}
    for one in request.organisation.survey_rounds.about_partnerships().order_by("-created_at"):
        last.setdefault(one.participation_id, one)
    # the same filter as the table's, so that there is a cell for every answer
    shown = PortfolioFilter(request.GET, organisation=request.organisation)
    participations = shown.apply_to(request.organisation.participations.select_related("partnership"))
    cells = [(one.partnership, last.get(one.pk)) for one in participations]
    return render(request, "diagnostics/last_surveys.html", {"cells": cells})
