"""The files that go with the portfolio: the template, the export, and what is wrong with an upload."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.exports.portfolio import CSV, XLSX, capacity_csv, csv_file, portfolio_csv, portfolio_workbook
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError
from partnerships.imports.portfolio.writing import plan_of
from partnerships.models import DeedKind
from partnerships.roles import EDIT, EXPORT
from partnerships.spreadsheet_safety import safe_text


@require_safe
@organisation_page(may=EDIT)
def portfolio_template(request: OrganisationRequest, kind: str) -> HttpResponse:
    """An empty spreadsheet with the organisation's own levels, pools, objectives and ways, whose names are its own."""
    _record(request, f"the template of the portfolio as {kind.upper()}")
    make = portfolio_csv if kind == "csv" else portfolio_workbook
    return _file(make(request.organisation), f"partnerships-template-{request.organisation.code}.{kind}")


@require_safe
@organisation_page(may=EXPORT)
def portfolio_export(request: OrganisationRequest, kind: str) -> HttpResponse:
    """The whole portfolio in the shape of the template."""
    make = portfolio_csv if kind == "csv" else portfolio_workbook
    participations = request.organisation.participations.for_export()
    content = make(request.organisation, participations)
    _record(request, f"the portfolio as {kind.upper()}", rows=len(participations))
    return _file(content, f"partnerships-{request.organisation.code}.{kind}")


@require_safe
@organisation_page(may=EXPORT)
def capacity_file(request: OrganisationRequest) -> HttpResponse:
    """Every pool's recorded quarters, in the shape that can be imported."""
    _record(request, "the capacity as CSV", rows=request.organisation.capacity_quarters.count())
    return _file(capacity_csv(request.organisation), f"capacity-{request.organisation.code}.csv")


@require_safe
@organisation_page(may=EDIT)
def import_problems(request: OrganisationRequest, number: int) -> HttpResponse:
    """What is wrong with an upload, cell by cell, to work through beside the spreadsheet."""
    preview = get_object_or_404(request.organisation.import_previews, pk=number)
    try:
        plan = plan_of(preview, by=request.user)
    except SpreadsheetRefusedError as refusal:
        raise Http404(str(refusal)) from None
    rows = [
        [str(row.number), row.name, problem.place, problem.heading, problem.text]
        for row in plan.unusable
        for problem in row.problems
    ]
    _record(request, "the rows to correct of an import as CSV", rows=len(rows))
    header = ["Row", "Name", "Cell", "Column", "What to do"]
    return _file(csv_file([header, *[[safe_text(cell) for cell in row] for row in rows]]), "rows-to-correct.csv")


def _record(request: OrganisationRequest, what: str, *, rows: int | None = None) -> None:
    record_deed(DeedKind.EXPORTED, organisation=request.organisation, by=request.user, what=what, rows=rows)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CSV if name.endswith(".csv") else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
