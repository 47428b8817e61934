from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.forms.portfolio_filter import PortfolioFilter
from partnerships.portfolio import portfolio_rows


@require_safe
@vary_on_headers("HX-Request")
@organisation_page()
def portfolio(request: OrganisationRequest) -> HttpResponse:
    """What are we in? A table that filters; an htmx request gets the table alone."""
    choose = PortfolioFilter(request.GET, organisation=request.organisation)
    rows = portfolio_rows(request.organisation, choose.apply_to(request.organisation.participations.for_list()))
    page = {
        "rows": rows,
        "filter": choose,
        "drafts": sum(row.participation.state == "draft" for row in rows),
        "has_any": bool(rows) or request.organisation.participations.exists(),
    }
    template = "partnerships/portfolio.html"
    return render(request, f"{template}#portfolio" if request.htmx else template, page)
