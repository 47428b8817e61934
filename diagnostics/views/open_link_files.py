"""An open link to take along: a page to print, and its QR code as a file. Nothing that was recorded stands in them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from design.qr_codes import QrCode
from diagnostics.views.showing_open_link import round_of, shown
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_safe
@organisation_page(may=EDIT)
def open_link_sheet(request: OrganisationRequest, pk: int) -> HttpResponse:
    """What do people scan, what is it about, and who sees what they answer? To print, and to show on a wall."""
    found = round_of(request, pk)
    page = shown(request, found)
    if page["code"] is None:
        return redirect("diagnostics:open_link", request.organisation.code, found.pk)
    return render(request, "diagnostics/open_link_sheet.html", page)


@require_safe
@organisation_page(may=EDIT)
def open_link_svg(request: OrganisationRequest, pk: int) -> HttpResponse:
    """The QR code as a drawing that is sharp at any size."""
    return _file(_code(request, pk).as_svg(), f"survey-qr-code-{pk}.svg", "image/svg+xml")


@require_safe
@organisation_page(may=EDIT)
def open_link_png(request: OrganisationRequest, pk: int) -> HttpResponse:
    """The QR code as a picture for slides."""
    return _file(_code(request, pk).as_png(), f"survey-qr-code-{pk}.png", "image/png")


def _code(request: OrganisationRequest, pk: int) -> QrCode:
    """Raises Http404 while the link leads nowhere."""
    code: QrCode | None = shown(request, round_of(request, pk))["code"]
    if code is None:
        raise Http404("This survey has no open link that works.")
    return code


def _file(content: str | bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
