"""Which of the two? Two saved what-ifs side by side, beside the recommendation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from scoring.comparison import compare
from scoring.differences import Difference
from scoring.forms import CompareForm
from scoring.models import WhatIfState


@require_safe
@organisation_page()
def compare_what_ifs(request: OrganisationRequest) -> HttpResponse:
    rows = list(request.organisation.what_ifs.saved().select_related("base_run"))
    form = CompareForm(request.GET or None, what_ifs=rows)
    comparison, open_ones = None, []
    if form.is_valid():
        chosen = form.chosen()
        open_ones = [one for one in chosen if one.state != WhatIfState.DONE]
        if not open_ones:
            comparison = compare(*(Difference.of(one) for one in chosen))
    context = {"form": form, "comparison": comparison, "unfinished": open_ones, "saved": rows}
    return render(request, "scoring/compare_what_ifs.html", context)
