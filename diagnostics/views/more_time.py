from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import give_more_time
from diagnostics.completion import why_it_stays_closed
from diagnostics.forms.rounds import MoreTimeForm, last_day_to_begin_with
from diagnostics.models import RoundState
from diagnostics.open_link_offer import offer_of
from diagnostics.reminding import kinds_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def more_time(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Until when can people answer? Also opens a survey again that closed before enough had."""
    rounds = request.organisation.survey_rounds.with_progress().select_related("participation__partnership")
    found = get_object_or_404(rounds, pk=pk)
    if found.state == RoundState.CLOSED and (reason := why_it_stays_closed(found)):
        messages.error(request, f"This survey cannot be opened again. {reason} Start a new survey.")
        return redirect("diagnostics:round", request.organisation.code, found.pk)
    form = MoreTimeForm(request.POST or None, initial={"closes_on": last_day_to_begin_with(found)})
    if request.method == "POST" and form.is_valid():
        try:
            give_more_time(round=found, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("closes_on", problem.messages)
        else:
            messages.success(request, said(opened_again=found.state == RoundState.CLOSED))
            return redirect("diagnostics:round", request.organisation.code, found.pk)
    offer = offer_of(found)
    context = {
        "form": form,
        "round": found,
        "partnership": found.participation.partnership,
        "offers_open_link": offer is not None and offer.is_offered,
        "reminds": found.state == RoundState.CLOSED and can_send() and bool(kinds_of(found)),
    }
    return render(request, "diagnostics/more_time.html", context)


def said(*, opened_again: bool) -> str:
    if opened_again:
        return "The survey is open again, and asks everybody anew: what was sent in before was deleted."
    return "The last day is changed. Everybody who has not answered can use their link."
