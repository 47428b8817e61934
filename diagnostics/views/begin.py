import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import remember
from diagnostics.actions import begin_with_handed_link
from diagnostics.forms.answering import PlaceForm
from diagnostics.handed_access import HandedLinkRequest, check_not_begun, handed_link_page, remember_begun
from diagnostics.links import Link
from diagnostics.models import OpenLink
from diagnostics.open_access import remember_here


@require_http_methods(["GET", "HEAD", "POST"])
@handed_link_page
def begin(request: HandedLinkRequest) -> HttpResponse:
    """What is asked of me, who will see it, where do I work, and shall I start? For whoever was handed their link.

    Where they work is asked here since every other response begins with it. Nothing is made before the button is
    pressed, since whatever shows a preview of a link opens it too.
    """
    if request.own is not None:
        return _to_their_answers(request, request.own, "welcome")
    instrument = request.round.instrument
    form = PlaceForm(request.POST if request.method == "POST" else None, instrument=instrument)
    if form.is_valid():
        number, place = request.POST.get("form", "")[:100], form.cleaned_data["place"]
        own = begin_with_handed_link(link=request.link, form=number, place=place)
        return _to_their_answers(request, own, "questions", instrument.pages[0].code)
    check_not_begun(request.invitation)
    context = {
        "form": form,
        "round": request.round,
        "organisation": request.round.organisation,
        "works_for": request.invitation.works_for,
        "instrument": instrument,
        "form_sent_once": secrets.token_urlsafe(16),
    }
    return render(request, "diagnostics/begin.html", context)


def _to_their_answers(request: HandedLinkRequest, own: Link, page: str, *places: str) -> HttpResponse:
    response = redirect(f"diagnostics:{page}", own.handle, *places)
    remember(response, own, request.round)
    remember_begun(response, request.link, own)
    if OpenLink.objects.filter(round=request.round).exists():
        remember_here(response, request.round, own)
    return response
