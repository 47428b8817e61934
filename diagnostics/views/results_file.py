from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from diagnostics.exports import count_of_rows, results_workbook
from diagnostics.results import results_of
from diagnostics.views.reading_free_text import record_reading
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.exports.portfolio import XLSX
from partnerships.models import DeedKind
from partnerships.roles import EXPORT


@require_safe
@organisation_page(may=EXPORT)
def results_file(request: OrganisationRequest, pk: int) -> HttpResponse:
    """What came of a survey, as a workbook: with what people wrote only where that is ticked. 404 without results."""
    found = get_object_or_404(request.organisation.survey_rounds.select_related("participation__partnership"), pk=pk)
    results = results_of(found)
    if results is None:
        raise Http404("This survey shows no results.")
    with_reasons = bool(results.reasons_shown) and request.GET.get("reasons") == "yes"
    if with_reasons:
        record_reading(request, found, results)
    of_what = f"the survey of {found.participation.partnership.display_name}"
    record_deed(
        DeedKind.EXPORTED,
        organisation=request.organisation,
        by=request.user,
        what=f"the results of {of_what}{', with what people wrote' if with_reasons else ''}",
        rows=count_of_rows(results),
        participation=found.participation,
    )
    response = HttpResponse(results_workbook(found, results, with_reasons=with_reasons), content_type=XLSX)
    name = f"survey-{found.participation.partnership.slug}-{found.closed_at:%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
