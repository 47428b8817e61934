"""What do I take to the board? The recommendation as a workbook that opens and can be edited."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.exports.portfolio import XLSX
from partnerships.models import DeedKind
from partnerships.roles import EXPORT
from scoring.exports import recommendation_workbook
from scoring.findings import Findings

MOST_COPIES = 20


@require_safe
@organisation_page()
def reports(request: OrganisationRequest) -> HttpResponse:
    runs = request.organisation.runs.done().without_documents().select_related("requested_by").latest_first()
    return render(request, "scoring/reports.html", {"runs": runs[:MOST_COPIES]})


@require_safe
@organisation_page(may=EXPORT)
def recommendation_report(request: OrganisationRequest, run: int | None = None) -> HttpResponse:
    """The workbook of one run, or of the latest. 404 where there is none yet."""
    done = request.organisation.runs.done()
    one = get_object_or_404(done, pk=run) if run else done.latest_first().first()
    if one is None:
        raise Http404("Nothing has been scored yet.")
    record_deed(
        DeedKind.EXPORTED,
        organisation=request.organisation,
        by=request.user,
        what=f"the recommendation of {one.finished_at:%-d %B %Y} as a workbook",
        rows=one.recommendations.count(),
    )
    response = HttpResponse(
        recommendation_workbook(request.organisation, Findings.of(one), made_at=one.finished_at),
        content_type=XLSX,
    )
    name = f"recommendation-{request.organisation.code}-{one.finished_at:%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
