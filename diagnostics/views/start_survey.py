from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import start_round
from diagnostics.forms.rounds import StartForm
from diagnostics.invitees import Invitee, as_lines
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def start_survey(request: OrganisationRequest) -> HttpResponse:
    """Which partnership, whom to ask, until when? Nobody is asked before it is opened on the next page."""
    form = StartForm(request.POST or None, organisation=request.organisation, initial=_begun_with(request))
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


def _begun_with(request: OrganisationRequest) -> dict[str, Any]:
    """The partnership whose page led here, with the people who were asked last time."""
    slug = request.GET.get("partnership", "")
    asked_for = request.organisation.participations.filter(partnership__slug=slug).first()
    if asked_for is None:
        return {}
    last = asked_for.survey_rounds.closed().order_by("-closed_at", "-pk").first()
    people = last.invitations.order_by("name", "email") if last else []
    asked = [Invitee(one.name, one.email, one.works_for, one.role) for one in people]
    return {"participation": asked_for, "people": as_lines(asked)}
