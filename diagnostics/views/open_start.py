import secrets

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import LinkRefusedError, Refusal, remember
from diagnostics.actions import start_with_open_link
from diagnostics.links import Link
from diagnostics.open_access import OpenLinkRequest, forget_here, open_link_page, remember_here
from diagnostics.starting import SECONDS, TooManyStartsError


@require_http_methods(["GET", "HEAD", "POST"])
@open_link_page
def open_start(request: OpenLinkRequest) -> HttpResponse:
    """What is asked of me, who will see it, and shall I start? Nothing is made before the button is pressed, since
    whatever shows a preview of a link opens it too.
    """
    deed = request.POST.get("deed", "start") if request.method == "POST" else ""
    if request.own is not None:
        return _begun_here(request, request.own, deed)
    if deed:
        return _start(request)
    if request.open_link.is_used_up:
        raise LinkRefusedError(Refusal.FULL, request.round)
    return _page(request)


def _begun_here(request: OpenLinkRequest, own: Link, deed: str) -> HttpResponse:
    """Somebody has begun in this browser: they go on, or say that it is somebody else's turn."""
    if deed == "another":
        anew = redirect("diagnostics:open_start", request.link.handle)
        forget_here(anew, request.round, own)
        return anew
    if deed:
        return _to_their_answers(request, own)
    page = _page(request)
    remember_here(page, request.round, own)
    return page


def _start(request: OpenLinkRequest) -> HttpResponse:
    form = request.POST.get("form", "")[:100]
    try:
        own = start_with_open_link(link=request.link, form=form, address=ratelimit.get_ip(request))
    except TooManyStartsError:
        response = _page(request, too_many=True, status=429)
        response.headers["Retry-After"] = str(SECONDS)
        return response
    return _to_their_answers(request, own, page="place")


def _to_their_answers(request: OpenLinkRequest, own: Link, page: str = "welcome") -> HttpResponse:
    response = redirect(f"diagnostics:{page}", own.handle)
    remember(response, own, request.round)
    remember_here(response, request.round, own)
    return response


def _page(request: OpenLinkRequest, *, too_many: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "round": request.round,
        "organisation": request.round.organisation,
        "instrument": request.round.instrument,
        "begun_here": request.own is not None,
        "too_many": too_many,
        "seconds": SECONDS,
        "form_sent_once": secrets.token_urlsafe(16),
    }
    return render(request, "diagnostics/open_start.html", context, status=status)
