"""What a page of a meeting sends names the meeting, so that nothing is put on record as another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpResponse
from django.shortcuts import render

from decisions.models import Meeting
from design.fields import DayMonthYearWidget
from partnerships.access import OrganisationRequest
from partnerships.models import Organisation, Participation
from partnerships.numbers import row_number

TYPED = {"reason": "Why", "notes": "Notes"}
DAYS = {"applies_from": "From when the level holds", "review_on": "When to look again"}


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
        "typed": list(typed_in_words(request.POST, level_names(request.organisation))),
    }
    return render(request, "decisions/over_meanwhile.html", page, status=409)


def _about(request: OrganisationRequest) -> Participation | None:
    """Compared here, since an address may hold what PostgreSQL takes for no text."""
    asked = request.GET.get("partnership", "")
    ours = request.organisation.participations.select_related("partnership")
    return next((one for one in ours if one.partnership.slug == asked), None)


def typed_in_words(typed: Mapping[str, str], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What was typed, by what its boxes are called: the level by its name of ``names``, days as they were typed."""
    if level := names.get(typed.get("level", "")):
        yield "What do you decide?", level
    for name, label in TYPED.items():
        if typed.get(name, "").strip():
            yield label, typed[name]
    for name, label in DAYS.items():
        parts = [typed.get(f"{name}-{part}", "").strip() for part in DayMonthYearWidget.PARTS]
        if any(parts):
            yield label, " ".join(parts)


def level_names(organisation: Organisation) -> dict[str, str]:
    return {one.code: one.name for one in organisation.engagement_levels.all()}
