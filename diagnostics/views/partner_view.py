from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from diagnostics.partner_charts import partner_chart
from diagnostics.two_sided import two_sided
from diagnostics.views.reading_free_text import record_reading
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def partner_view(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What do our partners here say of us, what do we say ourselves, and how far apart is that?"""
    participation = get_object_or_404(
        request.organisation.participations.select_related("partnership"), partnership__slug=slug
    )
    both = two_sided(participation)
    for side in (both.partners, both.ours):
        if side.round is not None:
            record_reading(request, side.round, side.results)
    replies = participation.partner_replies.public().select_related("published_by").order_by("-published_at")
    context = {
        "replies": replies,
        "partnership": participation.partnership,
        "both": both,
        "sides": [("What partners say", both.partners), ("What our own people say", both.ours)],
        "chart": partner_chart(both.eight, finding=both.finding, counted="people with a view"),
    }
    return render(request, "diagnostics/partner_view.html", context)
