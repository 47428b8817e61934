from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import choose_reminders
from diagnostics.forms.rounds import RemindersForm
from diagnostics.models import RoundState
from diagnostics.reminding import kinds_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def reminders(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Shall people who have not answered be reminded, and when?"""
    rounds = request.organisation.survey_rounds.exclude(state=RoundState.CLOSED)
    found = get_object_or_404(rounds.select_related("participation__partnership"), pk=pk)
    # Nothing ticked is an answer too.
    data = request.POST if request.method == "POST" else None
    form = RemindersForm(data, initial={"reminders": kinds_of(found)})
    if request.method == "POST" and form.is_valid():
        try:
            choose_reminders(round=found, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, "The reminders are changed.")
            return redirect("diagnostics:round", request.organisation.code, found.pk)
    context = {"form": form, "round": found, "partnership": found.participation.partnership}
    return render(request, "diagnostics/reminders.html", context)
