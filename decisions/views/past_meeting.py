"""What was said and decided in a meeting that is over? Its agenda in order, with the notes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from decisions.models import AgendaItem, Decision, Meeting
from partnerships.access import OrganisationRequest, organisation_page


@dataclass(frozen=True)
class Said:
    """One item of the agenda with the last word of the meeting about it, if there was any; undone ones are words too.

    ``since`` is the decision that has taken its place after the meeting.
    """

    item: AgendaItem
    decision: Decision | None
    since: Decision | None


@require_safe
@organisation_page()
def past_meeting(request: OrganisationRequest, number: int) -> HttpResponse:
    held = request.organisation.decision_meetings.ended().select_related("begun_by", "ended_by")
    meeting = get_object_or_404(held, pk=number)
    said = said_in(meeting)
    decided = sum(one.decision is not None and not one.decision.is_undone for one in said)
    return render(request, "decisions/past_meeting.html", {"meeting": meeting, "said": said, "decided": decided})


def said_in(meeting: Meeting) -> list[Said]:
    """In the order of the agenda. Three queries."""
    lines = meeting.decisions.select_related("recorded_by", "superseded_by").prefetch_related("promises")
    last = {line.participation_id: line for line in lines.order_by("pk")}
    items = meeting.agenda.select_related("participation__partnership").order_by("position")
    return [Said(item, line := last.get(item.participation_id), _followed(line)) for item in items]


def _followed(decision: Decision | None) -> Decision | None:
    return getattr(decision, "superseded_by", None)
