"""What changed since the run before: which inputs, and which of them moved which recommendation."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from scoring.changes import changes_in_words
from scoring.engine import DocumentError
from scoring.models import RunState


@require_safe
@organisation_page()
def run_changes(request: OrganisationRequest, run: int) -> HttpResponse:
    """This run against the last one before it that saw other inputs."""
    done = request.organisation.runs.filter(state=RunState.DONE)
    after = get_object_or_404(done, pk=run)
    before = done.filter(pk__lt=after.pk).exclude(inputs_hash=after.inputs_hash).order_by("-pk").first()
    changes = None
    if before is not None:
        try:
            changes = changes_in_words(before.frozen_inputs(), after.frozen_inputs())
        except DocumentError as problem:
            raise Http404("A run of an engine that wrote its inputs otherwise.") from problem
    return render(request, "scoring/run_changes.html", {"run": after, "before": before, "changes": changes})
