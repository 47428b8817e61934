"""How is the night going? For the people who run the service: tonight's scoring of everybody, and the nights before."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from partnerships.access import ServiceRequest, service_page
from scoring.models import Night
from scoring.night_words import NightInWords

PAGE = "scoring/nights.html"
MOST_NIGHTS = 30


@require_safe
@vary_on_headers("HX-Request")
@service_page
def nights(request: ServiceRequest, night: int | None = None) -> HttpResponse:
    """The newest night, or the one that is asked for, as far as it is; then the nights before."""
    latest = Night.objects.latest_first()
    shown = get_object_or_404(latest, pk=night) if night is not None else latest.first()
    words = None if shown is None else NightInWords.of(shown, timezone.now())
    context = {"words": words, "night_at": settings.SCORING_NIGHT_AT}
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        return render(request, f"{PAGE}#night", context)
    return render(request, PAGE, context | {"nights": Night.objects.newest_with_progress(MOST_NIGHTS)})
