"""How could we have more capacity to collaborate? A new option; and taking one off the list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions import consider_option, remove_option
from decisions.forms import OptionForm
from decisions.plan_page import days_in_words
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import DECIDE
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def consider_option_page(request: OrganisationRequest) -> HttpResponse:
    form = OptionForm(posted(request), organisation=request.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            consider_option(organisation=request.organisation, by=request.user, considered=form.considered())
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, "On the list. Have it valued to see what it would add.")
            return redirect("decisions:plan", request.organisation.code)
    return render(request, "decisions/option_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def remove_option_page(request: OrganisationRequest, number: int) -> HttpResponse:
    """Asks before it is taken off the list."""
    rows = request.organisation.capacity_options.for_list().select_related("organisation")
    option = get_object_or_404(rows, pk=number)
    if request.method == "POST":
        remove_option(option=option, by=request.user)
        messages.success(request, f"“{option.name}” is off the list.")
        return redirect("decisions:plan", request.organisation.code)
    page = {"option": option, "days": days_in_words(option.adjustment)}
    return render(request, "decisions/option_remove.html", page)
