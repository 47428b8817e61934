from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import start_round
from diagnostics.forms.rounds import StartForm
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def start_survey(request: OrganisationRequest) -> HttpResponse:
    """Which partnership, whom to ask, until when? Nobody is asked before it is opened on the next page."""
    asked_for = request.organisation.participations.filter(partnership__slug=request.GET.get("partnership", ""))
    form = StartForm(
        request.POST or None,
        organisation=request.organisation,
        initial={"participation": asked_for.first()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = start_round(by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, "The survey is ready. Check the people, then open it.")
            return redirect("diagnostics:round", request.organisation.code, made.pk)
    context = {"form": form, "needed": settings.SURVEY_THRESHOLD}
    return render(request, "diagnostics/start_survey.html", context)
