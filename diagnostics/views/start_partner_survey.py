from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.partner_rounds import start_partner_rounds
from diagnostics.forms.partner import PartnerForm, sorted_again
from diagnostics.forms.rounds import without_a_partner_survey
from diagnostics.partner_people import names_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def start_partner_survey(request: OrganisationRequest) -> HttpResponse:
    """In which partnerships, and whom of the partners and of our own people do we ask how good a partner we are?"""
    organisation = request.organisation
    offered = without_a_partner_survey(organisation)
    chosen = list(offered.filter(partnership__slug__in=request.GET.getlist("partnership")))
    if not chosen:
        return render(request, "diagnostics/choose_for_partner.html", {"offered": offered})
    about: dict[str, Any] = {"organisation": organisation, "participations": chosen, "can_send": can_send()}
    if "sort" in request.POST:
        begun = sorted_again(request.POST, chosen, names_of(organisation))
        form = PartnerForm(initial=begun | _reminders(request.POST), **about)
    else:
        form = PartnerForm(request.POST if request.method == "POST" else None, **about)
    if form.is_bound and form.is_valid():
        try:
            made = start_partner_rounds(by=request.user, **form.facts())
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            ready = "1 survey is" if len(made) == 1 else f"{len(made)} surveys are"
            messages.success(request, f"{ready} ready. Check whom each asks, then open them.")
            return redirect("diagnostics:open_surveys", organisation.code)
    context = {"form": form, "needed": settings.SURVEY_THRESHOLD}
    return render(request, "diagnostics/start_partner_survey.html", context)


def _reminders(typed: QueryDict) -> dict[str, list[str]]:
    return {"reminders": typed.getlist("reminders")}
