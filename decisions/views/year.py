"""What did we decide, say no to, promise and keep this year, how do partners rate us, and did total value rise?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.charts import total_value
from decisions.year import year_of, years_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.numbers import row_number


@require_safe
@organisation_page()
def year_page(request: OrganisationRequest) -> HttpResponse:
    """The year in the address, if it is one of which there is anything to tell; else this one."""
    today = timezone.localdate()
    years = years_of(request.organisation, today=today)
    asked = row_number(request.GET.get("year", ""))
    year = next((one for one in years if one.begins_in == asked), years[0])
    found = year_of(request.organisation, year, today=today)
    page = {"found": found, "years": years, "chart": total_value(found.value), "today": today}
    return render(request, "decisions/year.html", page)
