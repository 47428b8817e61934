"""What was said and decided in a meeting that is over? Its agenda in order, with the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from decisions.models import AgendaItem, Decision, Meeting
from decisions.views.of_a_meeting import level_names, typed_in_words
from partnerships.access import OrganisationRequest, organisation_page


@dataclass(frozen=True)
class Said:
    """One item of the agenda with what the meeting decided about it in the end: the line, or where it undid all that it
    had decided, the line that undid. ``since`` is what has taken its place after the meeting; ``typed`` what somebody
    typed there and the meeting did not decide.
    """

    item: AgendaItem
    decision: Decision | None
    since: Decision | None
    typed: Sequence[tuple[str, str]]


@require_safe
@organisation_page()
def past_meeting(request: OrganisationRequest, number: int) -> HttpResponse:
    held = request.organisation.decision_meetings.ended().select_related("organisation", "begun_by", "ended_by")
    meeting = get_object_or_404(held, pk=number)
    said = said_in(meeting)
    decided = sum(one.decision is not None and not one.decision.is_undone for one in said)
    return render(request, "decisions/past_meeting.html", {"meeting": meeting, "said": said, "decided": decided})


def said_in(meeting: Meeting) -> list[Said]:
    """In the order of the agenda. Four queries."""
    lines = meeting.decisions.select_related("recorded_by", "superseded_by__stands_again").with_what_became()
    lines = lines.prefetch_related("promises").order_by("pk")
    taken = {line.pk: line for line in lines}
    last = {line.participation_id: line for line in taken.values()}
    items = meeting.agenda.select_related("draft", "participation__partnership").order_by("position")
    names = level_names(meeting.organisation)
    return [_said(item, last.get(item.participation_id), taken, names) for item in items]


def _said(item: AgendaItem, last: Decision | None, taken: Mapping[int, Decision], names: Mapping[str, str]) -> Said:
    """``taken`` are the meeting's lines by their numbers, among them what stands again if it is of this meeting."""
    draft = getattr(item, "draft", None)
    typed = list(typed_in_words(draft.typed, names)) if draft else []
    if last is None:
        return Said(item, None, None, typed)
    decision = taken.get(last.stands_again_id or 0, last) if last.is_undone else last
    return Said(item, decision, None if decision.counts else getattr(last, "superseded_by", None), typed)
