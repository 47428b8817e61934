"""What do we do about a characteristic, where, who sees to it, by when, and what does it take?"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions import add_action
from decisions.forms import ActionForm
from decisions.models import Characteristic
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import DECIDE
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def add_action_page(request: OrganisationRequest) -> HttpResponse:
    organisation = request.organisation
    form = ActionForm(posted(request), organisation=organisation, person=request.user, initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        try:
            action = add_action(organisation=organisation, by=request.user, planned=form.planned())
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, f"In the plan: due on {action.due_on:%-d %B %Y}, {action.owner} sees to it.")
            return redirect("decisions:plan", organisation.code)
    return render(request, "decisions/plan_add_action.html", {"form": form})


def _suggested(request: OrganisationRequest) -> dict[str, str]:
    """What a suggestion fills in; anything else in the address fills in nothing."""
    characteristic, slug = request.GET.get("characteristic", ""), request.GET.get("partnership", "")
    found = request.organisation.participations.active().filter(partnership__slug=slug).first() if slug else None
    initial = {"participation": str(found.pk)} if found else {}
    return initial | ({"characteristic": characteristic} if characteristic in Characteristic.values else {})
