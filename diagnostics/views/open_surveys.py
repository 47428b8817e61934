from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import open_rounds
from diagnostics.forms.several import OpenSeveralForm
from diagnostics.models import RoundState
from diagnostics.views.handing_out import hand_out
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def open_surveys(request: OrganisationRequest) -> HttpResponse:
    """Which of the surveys that are being prepared shall be opened together?"""
    drafts = request.organisation.survey_rounds.for_list().filter(state=RoundState.DRAFT)
    form = OpenSeveralForm(posted(request), drafts={str(one.pk): one for one in drafts}, can_send=can_send())
    if request.method == "POST" and form.is_valid():
        by_email = form.cleaned_data["delivery"] == "email"
        try:
            links = open_rounds(rounds=form.chosen, by=request.user, by_hand=not by_email)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            return hand_out(request, form.chosen, links, by_email=by_email, new=True)
    return render(request, "diagnostics/open_surveys.html", {"form": form})
