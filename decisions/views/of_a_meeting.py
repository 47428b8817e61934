"""What a page of a meeting sends names the meeting, so that nothing is put on record as another's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from decisions.models import Meeting
from partnerships.access import OrganisationRequest
from partnerships.models import Participation
from partnerships.numbers import row_number

TYPED = {"reason": "Why", "notes": "Notes"}


def over_meanwhile(request: OrganisationRequest, meeting: Meeting | None) -> HttpResponse | None:
    """Where the form that was sent is of a meeting that is not under way any more: a page with what was typed, of which
    nothing is recorded. None where all is well.
    """
    sent = request.POST.get("meeting")
    if sent is None or (meeting is not None and str(meeting.pk) == sent):
        return None
    page = {
        "ended": request.organisation.decision_meetings.ended().filter(pk=row_number(sent)).first(),
        "meeting": meeting,
        "participation": _about(request),
        "typed": [(label, request.POST[name]) for name, label in TYPED.items() if request.POST.get(name, "").strip()],
    }
    return render(request, "decisions/over_meanwhile.html", page, status=409)


def _about(request: OrganisationRequest) -> Participation | None:
    """Compared here, since an address may hold what PostgreSQL takes for no text."""
    asked = request.GET.get("partnership", "")
    ours = request.organisation.participations.select_related("partnership")
    return next((one for one in ours if one.partnership.slug == asked), None)
