from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.access import RespondentRequest, respondent_page
from diagnostics.actions import record_place
from diagnostics.forms.answering import PlaceForm
from diagnostics.own_address import own_address
from diagnostics.progress import AnswersSoFar


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def place(request: RespondentRequest) -> HttpResponse:
    """Where do you work? The first page that asks something."""
    if request.invitation.is_seat and request.round.names_organisations and not request.works_for:
        return redirect("diagnostics:works_for", request.respondent.link.handle)
    so_far = AnswersSoFar.of(request.respondent, request.round)
    initial = {"place": so_far.response.place} if so_far.response else {}
    data = request.POST if request.method == "POST" else None
    form = PlaceForm(data, instrument=so_far.instrument, initial=initial)
    if form.is_valid():
        record_place(respondent=request.respondent, place=form.cleaned_data["place"])
        if request.GET.get("then") == "check":
            return redirect("diagnostics:check", request.respondent.link.handle)
        return redirect("diagnostics:questions", request.respondent.link.handle, so_far.instrument.pages[0].code)
    context = {
        "form": form,
        "handle": request.respondent.link.handle,
        "round": request.round,
        "organisation": request.round.organisation,
        "so_far": so_far,
        "own": own_address(request),
    }
    return render(request, "diagnostics/place.html", context)
