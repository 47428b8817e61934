from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import set_opening_day
from diagnostics.forms.rounds import OpeningDayForm
from diagnostics.models import Round, RoundState
from diagnostics.opening import why_none_opens_by_itself
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def opening_day(request: OrganisationRequest, pk: int) -> HttpResponse:
    """On which day shall it open by itself? A second button takes that back."""
    rounds = request.organisation.survey_rounds.select_related("participation__partnership")
    found = get_object_or_404(rounds, pk=pk)
    if request.method != "POST" and found.state != RoundState.DRAFT:
        messages.error(request, "This survey has opened already.")
        return redirect("diagnostics:round", request.organisation.code, found.pk)
    if request.POST.get("deed") == "take_back":
        return _take_back(request, found)
    form = OpeningDayForm(posted(request), initial={"opens_by_itself_on": found.opens_by_itself_on})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["opens_by_itself_on"]
        try:
            set_opening_day(round=found, day=day, by=request.user)
        except ValidationError as problem:
            form.add_error("opens_by_itself_on", problem.messages)
        else:
            messages.success(request, f"The survey opens by itself on {day:%A %-d %B %Y}.")
            return redirect("diagnostics:round", request.organisation.code, found.pk)
    context = {"form": form, "round": found, "partnership": found.participation.partnership}
    return render(request, "diagnostics/opening_day.html", context | {"why_not": why_none_opens_by_itself()})


def _take_back(request: OrganisationRequest, found: Round) -> HttpResponse:
    try:
        set_opening_day(round=found, day=None, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, "The survey does not open by itself. Open it when you are ready.")
    return redirect("diagnostics:round", request.organisation.code, found.pk)
