from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import offer_open_link, replace_open_link, withdraw_open_link
from diagnostics.forms.open_links import OpenLinkForm
from diagnostics.models import Round, RoundState
from diagnostics.views.showing_open_link import round_of, shown
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def open_link(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Shall people be able to answer with one link that all of them have? And here it is, with its QR code."""
    found = round_of(request, pk)
    if found.state == RoundState.CLOSED:
        messages.error(request, "This survey is closed, so nobody can answer with an open link.")
        return redirect("diagnostics:round", request.organisation.code, found.pk)
    deed = request.POST.get("deed", "offer")
    if deed in DEEDS:
        _do(request, found, *DEEDS[deed])
        return redirect("diagnostics:open_link", request.organisation.code, found.pk)
    page = shown(request, found)
    form = OpenLinkForm(
        request.POST if request.method == "POST" else None,
        initial={"people": page["offer"].link.seats if page["offer"] else None},
    )
    if form.is_valid():
        try:
            offer_open_link(round=found, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("people", problem.messages)
        else:
            messages.success(request, OFFERED[RoundState(found.state)])
            return redirect("diagnostics:open_link", request.organisation.code, found.pk)
    return render(request, "diagnostics/open_link.html", page | {"form": form})


def _do(request: OrganisationRequest, found: Round, act: Callable[..., Any], words: str) -> None:
    try:
        act(round=found, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, words)


OFFERED = {
    RoundState.DRAFT: "Saved. The open link and its QR code are on this page once the survey is open.",
    RoundState.OPEN: "Saved. The open link works.",
}
DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "replace": (replace_open_link, "This is a new open link. The earlier one does not work any more."),
    "withdraw": (withdraw_open_link, "The open link is withdrawn. Nobody else can start with it."),
}
