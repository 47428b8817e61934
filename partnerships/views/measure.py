from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.charts import outcome_chart
from partnerships.outcomes import Outcome
from partnerships.views.sections import participation_or_404


@require_safe
@organisation_page()
def measure(request: OrganisationRequest, slug: str, number: int) -> HttpResponse:
    """Does the partnership make a difference? What the figures of one measure say, their chart, and each of them."""
    participation = participation_or_404(request, slug)
    found = get_object_or_404(participation.outcome_measures, pk=number)
    outcome = Outcome.of(found, list(found.points.order_by("on_day")))
    page = {
        "partnership": participation.partnership,
        "measure": found,
        "outcome": outcome,
        "chart": outcome_chart(outcome),
        "lines": [(one, outcome.shows(place)) for place, one in enumerate(outcome.points)][::-1],
    }
    return render(request, "partnerships/measure.html", page)
