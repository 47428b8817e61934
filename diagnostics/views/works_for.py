from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import RespondentRequest, respondent_page
from diagnostics.actions import record_organisation
from diagnostics.forms.answering import OrganisationForm
from diagnostics.members import organisations_to_choose_from


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def works_for(request: RespondentRequest) -> HttpResponse:
    """For which organisation do you answer? Asked of those who started with an open link, where that is read."""
    handle = request.respondent.link.handle
    if not (request.round.names_organisations and request.invitation.is_seat):
        return redirect("diagnostics:place", handle)
    organisations = organisations_to_choose_from(request.round)
    data = request.POST if request.method == "POST" else None
    form = OrganisationForm(data, organisations=organisations, initial={"organisation": request.works_for})
    if form.is_valid():
        record_organisation(respondent=request.respondent, works_for=form.cleaned_data["organisation"])
        return redirect("diagnostics:place", handle)
    context = {
        "form": form,
        "handle": handle,
        "round": request.round,
        "organisation": request.round.organisation,
    }
    return render(request, "diagnostics/works_for.html", context)
