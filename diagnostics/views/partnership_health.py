from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from diagnostics.readiness import health_of
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def partnership_health(request: OrganisationRequest, slug: str) -> HttpResponse:
    """How well does this partnership work together? A tile of the partnership's page, or a page of its own."""
    participation = get_object_or_404(
        request.organisation.participations.select_related("partnership"), partnership__slug=slug
    )
    rounds = participation.survey_rounds.about_partnerships().for_list()
    context = {
        "partnership": participation.partnership,
        "participation": participation,
        "health": health_of(request.organisation).get(participation.pk),
        "latest": rounds.first(),
        "rounds": [] if request.htmx else rounds,
    }
    template = "diagnostics/partnership_health.html" + ("#partnership-health" if request.htmx else "")
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
