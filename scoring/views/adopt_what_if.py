"""Adopt this? What would change in the real inputs, from what to what, and what cannot be adopted."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.editing import ChangedMeanwhile
from partnerships.roles import EDIT
from partnerships.views.saving import posted
from scoring.actions import adopt_what_if
from scoring.adoption import adoption_of, why_not_adopted
from scoring.forms import AdoptForm
from scoring.models import WhatIf
from scoring.views.what_if import newest_run, told_where_gone


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
@told_where_gone
def adopt_what_if_page(request: OrganisationRequest, what_if: int) -> HttpResponse:
    one = request.organisation.what_ifs.select_related("organisation", "base_run", "adopted_by").get(pk=what_if)
    adoption = adoption_of(one, by=request.user, on=timezone.localdate())
    form = AdoptForm(posted(request), duties=adoption.duties, version=adoption.version)
    if request.method == "POST" and form.is_valid() and _adopted(request, one, form):
        return redirect("scoring:dashboard", request.organisation.code)
    context = {
        "what_if": one,
        "adoption": adoption,
        "form": form,
        "obstacle": why_not_adopted(one),
        "newest": newest_run(request),
    }
    return render(request, "scoring/adopt_what_if.html", context)


def _adopted(request: OrganisationRequest, one: WhatIf, form: AdoptForm) -> bool:
    """False where something is in the way; the form then says what."""
    try:
        adopted = adopt_what_if(
            what_if=one,
            by=request.user,
            sources=form.sources(),
            expected_version=form.cleaned_data["version"],
        )
    except ChangedMeanwhile:
        form.show_again()
        return False
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    if adopted.adopted_by == request.user:
        messages.success(request, f"Adopted “{one.name}”. Your partnerships are scored again with it.")
    else:
        messages.info(request, f"{adopted.adopted_by} adopted “{one.name}” before you. Nothing was changed twice.")
    return True
