"""How much attention is too much? The two answers behind the tipping point."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from scoring.actions import set_tipping_point
from scoring.forms import TippingPointForm
from scoring.models import TippingPoint


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def tipping_point_page(request: OrganisationRequest) -> HttpResponse:
    organisation = request.organisation
    present = TippingPoint.objects.filter(organisation=organisation).first() or TippingPoint(organisation=organisation)
    form = TippingPointForm(request.POST or None, initial=model_to_dict(present, ["hurts_from", "adds_nothing_at"]))
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        messages.success(request, "Saved. The recommendation is scored again with it.")
        return redirect("scoring:dashboard", code=organisation.code)
    levels = organisation.engagement_levels.filter(load__gt=0)
    return render(request, "scoring/tipping_point.html", {"form": form, "levels": levels})


def _saved(request: OrganisationRequest, form: TippingPointForm) -> bool:
    """False where the database's own rule is broken; the form then says so."""
    try:
        set_tipping_point(organisation=request.organisation, by=request.user, **form.cleaned_data)
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    return True
