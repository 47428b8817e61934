"""What was said and decided in a meeting that is over? Its agenda in order, with the notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from decisions.models import AgendaItem, Decision, Meeting
from partnerships.access import OrganisationRequest, organisation_page


@dataclass(frozen=True)
class Said:
    """One item of the agenda with what the meeting decided about it in the end: the line, or where it undid all that it
    had decided, the line that undid. ``since`` is what has taken its place after the meeting.
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
    lines = meeting.decisions.select_related("recorded_by", "superseded_by__stands_again").with_what_became()
    lines = lines.prefetch_related("promises").order_by("pk")
    taken = {line.pk: line for line in lines}
    last = {line.participation_id: line for line in taken.values()}
    items = meeting.agenda.select_related("participation__partnership").order_by("position")
    return [_said(item, last.get(item.participation_id), taken) for item in items]


def _said(item: AgendaItem, last: Decision | None, taken: Mapping[int, Decision]) -> Said:
    """``taken`` are the meeting's lines by their numbers, among them what stands again if it is of this meeting."""
    if last is None:
        return Said(item, None, None)
    decision = taken.get(last.stands_again_id or 0, last) if last.is_undone else last
    return Said(item, decision, None if decision.counts else getattr(last, "superseded_by", None))
