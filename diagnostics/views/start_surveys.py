from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import start_rounds
from diagnostics.forms.rounds import without_a_survey
from diagnostics.forms.several import EachForm, ListForm
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def start_surveys(request: OrganisationRequest) -> HttpResponse:
    """Which partnerships, and whom to ask about each? First the choice, then a box of people for each chosen one."""
    offered = without_a_survey(request.organisation)
    chosen = list(offered.filter(partnership__slug__in=request.GET.getlist("partnership")))
    if not chosen:
        return render(request, "diagnostics/choose_partnerships.html", {"offered": offered})
    form = EachForm(posted(request), participations=chosen, can_send=can_send())
    return _started(request, form) or render(request, "diagnostics/start_surveys.html", {"form": form, **_needed()})


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def start_surveys_from_list(request: OrganisationRequest) -> HttpResponse:
    """One list of people for all partnerships, pasted or as a spreadsheet."""
    form = ListForm(
        posted(request),
        request.FILES or None,
        organisation=request.organisation,
        can_send=can_send(),
        most_bytes=settings.LARGEST_UPLOAD_BYTES,
    )
    context = {"form": form, **_needed()}
    return _started(request, form) or render(request, "diagnostics/start_surveys_from_list.html", context)


def _needed() -> dict[str, int]:
    return {"needed": settings.SURVEY_THRESHOLD}


def _started(request: OrganisationRequest, form: EachForm | ListForm) -> HttpResponse | None:
    """Start what a valid form says, all of it or nothing; None where its page is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = start_rounds(by=request.user, **form.facts())
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return None
    messages.success(request, f"{len(made)} surveys are ready. Check them, then open them.")
    return redirect("diagnostics:open_surveys", request.organisation.code)
