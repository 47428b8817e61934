"""In which order do we decide? The agenda of the meeting under way."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions import put_on_agenda, reorder_agenda
from decisions.forms import OrderForm
from decisions.models import Meeting
from decisions.views.meeting import stops_of
from decisions.views.of_a_meeting import over_meanwhile
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import Participation
from partnerships.roles import DECIDE
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def agenda(request: OrganisationRequest) -> HttpResponse:
    meeting = request.organisation.decision_meetings.open().first()
    if over := over_meanwhile(request, meeting):
        return over
    if meeting is None:
        messages.info(request, "No meeting is under way. Begin one first.")
        return redirect("decisions:decide", request.organisation.code)
    stops = stops_of(meeting)
    on_it = [stop.item.participation_id for stop in stops]
    others = list(request.organisation.participations.active().exclude(pk__in=on_it).select_related("partnership"))
    if "add" in request.POST:
        return _add(request, meeting, others)
    form = OrderForm(posted(request), items=[stop.item for stop in stops])
    if request.method == "POST" and form.is_valid():
        try:
            reorder_agenda(meeting=meeting, by=request.user, order=form.order())
        except ValidationError as ended:
            form.add_error(None, ended)
        else:
            messages.success(request, "The agenda has its new order.")
            return redirect("decisions:agenda", request.organisation.code)
    decided = {stop.item.pk: stop.decision for stop in stops}
    rows = [(item, bound, decided[item.pk]) for item, bound in form.rows()]
    return render(request, "decisions/agenda.html", {"meeting": meeting, "form": form, "rows": rows, "others": others})


def _add(request: OrganisationRequest, meeting: Meeting, others: Sequence[Participation]) -> HttpResponse:
    wanted = next((one for one in others if one.partnership.slug == request.POST["add"]), None)
    if wanted is None:
        messages.error(request, "Choose one of the partnerships in the list. It may be on the agenda already.")
    else:
        try:
            put_on_agenda(meeting=meeting, by=request.user, participation=wanted)
        except ValidationError as ended:
            messages.error(request, " ".join(ended.messages))
        else:
            messages.success(request, f"{wanted.partnership.display_name} is at the end of the agenda.")
    return redirect("decisions:agenda", request.organisation.code)
