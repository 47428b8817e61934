"""What did we decide, promise, and when do we look again? What is overdue comes first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.models import Decision, Meeting
from decisions.promised import promises_of
from decisions.together import Together, decided_levels
from decisions.waiting import waiting_for_a_decision
from partnerships.access import OrganisationRequest, organisation_page
from scoring.findings import Findings
from scoring.situation import situation_of


@require_safe
@organisation_page()
def decisions(request: OrganisationRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = list(Decision.objects.filter(organisation=request.organisation).that_go_on().for_list())
    shown = situation_of(request.organisation).shown
    levels = decided_levels(request.organisation)
    page: dict[str, Any] = {
        "today": today,
        "due": [one for one in rows if one.look_again_on <= today],
        "later": [one for one in rows if one.look_again_on > today],
        "together": Together.of(Findings.of(shown), levels, organisation=request.organisation)
        if shown and levels
        else None,
        "waiting": waiting_for_a_decision(Findings.of(shown), levels) if shown else [],
        "meeting": (meeting := request.organisation.decision_meetings.open().first()),
        "was_left_open": meeting is not None and meeting.was_left_open(today),
        "held": Meeting.objects.filter(organisation=request.organisation).ended()[:10],
        "letters": request.organisation.letters.on_the_way().for_list(),
        "has_run": shown is not None,
        "promises": promises_of(request.organisation, day=today),
    }
    return render(request, "decisions/decisions.html", page)
