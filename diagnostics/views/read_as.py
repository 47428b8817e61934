from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import read_answers_as
from diagnostics.forms.rounds import ReadAsForm
from diagnostics.models import MeanOver, RoundMode
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def read_as(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Are answers read together, or by organisation? Asked before it opens: people are told."""
    rounds = request.organisation.survey_rounds.select_related("participation__partnership")
    found = get_object_or_404(rounds, pk=pk)
    as_it_is = {"mode": found.mode, "mean_over": found.mean_over}
    form = ReadAsForm(request.POST if request.method == "POST" else None, initial=as_it_is, about_us=found.is_about_us)
    if request.method == "POST" and form.is_valid():
        try:
            mode, mean_over = RoundMode(form.cleaned_data["mode"]), MeanOver(form.cleaned_data["mean_over"])
            read_answers_as(round=found, mode=mode, mean_over=mean_over, by=request.user)
        except ValidationError as problem:
            form.add_error("mode", problem.messages)
        else:
            messages.success(request, "Saved. Whoever is asked reads it on the first page of the survey.")
            return redirect("diagnostics:round", request.organisation.code, found.pk)
    context = {"form": form, "round": found, "partnership": found.participation.partnership}
    return render(request, "diagnostics/read_as.html", context)
