from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import close_round
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def close_survey(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Are you sure? Closing cannot be taken back."""
    rounds = request.organisation.survey_rounds.with_progress().select_related("participation__partnership")
    found = get_object_or_404(rounds, pk=pk)
    if request.method == "POST":
        try:
            close_round(round=found, by=request.user)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        else:
            messages.success(request, "The survey is closed.")
    if request.method == "POST" or found.state != "open":
        return redirect("diagnostics:round", request.organisation.code, found.pk)
    context = {"round": found, "partnership": found.participation.partnership}
    return render(request, "diagnostics/close_survey.html", context)
