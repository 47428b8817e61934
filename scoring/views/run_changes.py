"""What changed since an earlier run: which inputs, and which of them moved which recommendation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, organisation_page
from scoring.actions import ask_for_explanation
from scoring.changes import changes_in_words
from scoring.forms import EarlierRunForm
from scoring.models import Run

PAGE = "scoring/run_changes.html"


@require_safe
@vary_on_headers("HX-Request")
@organisation_page()
def run_changes(request: OrganisationRequest, run: int) -> HttpResponse:
    """This run against an earlier one of the organisation: the one that is chosen, else the last with other inputs."""
    done = request.organisation.runs.done().defer("result")
    after = get_object_or_404(done.select_related("organisation"), pk=run)
    earlier = done.filter(pk__lt=after.pk).latest_first()
    form = EarlierRunForm(request.GET or None, earlier=earlier, inputs_hash=after.inputs_hash)
    chosen = form.chosen()
    before = None if chosen is None else earlier.get(pk=chosen)
    context = {"run": after, "before": before, "form": form, **_found(request, before, after)}
    is_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    return render(request, f"{PAGE}#run-changes" if is_part else PAGE, context)


def _found(request: OrganisationRequest, before: Run | None, after: Run) -> dict[str, object]:
    """The changed inputs at once, and what they moved as soon as it has been worked out."""
    if before is None:
        return {}
    documents = before.frozen_inputs(), after.frozen_inputs()
    changes = changes_in_words(*documents, None)
    # Two runs remember different words of the runs before them, which is nothing where both recommend the same.
    if not changes.may_have_moved or (not changes.inputs and after.recommends_as(before)):
        return {"changes": changes, "has_same_inputs": before.inputs_hash == after.inputs_hash}
    explanation = ask_for_explanation(before=before, after=after, by=request.user)
    if explanation.moves is not None:
        changes = changes_in_words(*documents, explanation.moves)
    return {
        "changes": changes,
        "explanation": explanation,
        "is_delayed": explanation.is_delayed(timezone.now()),
    }
