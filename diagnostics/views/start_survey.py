from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from design.fields import DayMonthYearWidget
from diagnostics.actions import start_round
from diagnostics.forms.rounds import StartForm
from diagnostics.invitees import as_lines
from diagnostics.known_people import KnownGroup, added_to, asked_last_time, known_groups
from diagnostics.open_link_offer import offered_last_time
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import Participation
from partnerships.numbers import row_number
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def start_survey(request: OrganisationRequest) -> HttpResponse:
    """Which partnership, whom to ask, until when? Nobody is asked before it is opened on the next page."""
    groups = known_groups(request.organisation, _chosen(request))
    if "add" in request.POST:
        return _page(request, _form(request, groups, initial=_added(request, groups)))
    form = _form(request, groups, data=request.POST or None, initial=_begun_with(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = start_round(by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, "The survey is ready. Check the people, then open it.")
            return redirect("diagnostics:round", request.organisation.code, made.pk)
    return _page(request, form)


def _form(request: OrganisationRequest, groups: list[KnownGroup], **data: Any) -> StartForm:
    return StartForm(organisation=request.organisation, groups=groups, can_send=can_send(), **data)


def _page(request: OrganisationRequest, form: StartForm) -> HttpResponse:
    return render(request, "diagnostics/start_survey.html", {"form": form, "needed": settings.SURVEY_THRESHOLD})


def _chosen(request: OrganisationRequest) -> Participation | None:
    """The partnership that the survey is to be about, as far as it is known yet."""
    theirs = request.organisation.participations.select_related("partnership")
    if request.method == "POST":
        return theirs.filter(pk=row_number(request.POST.get("participation", ""))).first()
    return theirs.filter(partnership__slug=request.GET.get("partnership", "")).first()


def _begun_with(request: OrganisationRequest) -> dict[str, Any]:
    """The partnership whose page led here, with who was asked last time, and the open link where there was one."""
    asked_for = _chosen(request)
    if request.method == "POST" or asked_for is None:
        return {}
    return {
        "participation": asked_for,
        "people": as_lines(asked_last_time(asked_for)),
        "open_link_for": offered_last_time(asked_for),
    }


def _added(request: OrganisationRequest, groups: list[KnownGroup]) -> dict[str, Any]:
    """What was typed so far, with the ticked people in the list of those to ask."""
    ticked = set(request.POST.getlist("known"))
    return {
        "participation": _chosen(request),
        "people": added_to(request.POST.get("people", ""), [one for one in groups if one.key in ticked]),
        "open_link_for": request.POST.get("open_link_for", ""),
        **{
            day: {part: request.POST.get(f"{day}-{part}", "") for part in DayMonthYearWidget.PARTS}
            for day in ("opens_by_itself_on", "closes_on")
        },
        "reminders": request.POST.getlist("reminders"),
    }
