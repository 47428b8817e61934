"""How much attention is too much? The two answers behind the tipping point."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models.people import MAY_EDIT
from scoring.actions import set_tipping_point
from scoring.forms import TippingPointForm
from scoring.models import TippingPoint


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=MAY_EDIT)
def tipping_point_page(request: OrganisationRequest) -> HttpResponse:
    organisation = request.organisation
    present = TippingPoint.objects.filter(organisation=organisation).first() or TippingPoint(organisation=organisation)
    form = TippingPointForm(request.POST or None, instance=present)
    if request.method == "POST" and form.is_valid():
        set_tipping_point(organisation=organisation, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. The recommendation is scored again with it.")
        return redirect("scoring:dashboard", code=organisation.code)
    levels = organisation.engagement_levels.filter(load__gt=0)
    return render(request, "scoring/tipping_point.html", {"form": form, "levels": levels})
