"""Who did what? The record of an organisation, searched, and as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.exports.portfolio import CSV, XLSX
from partnerships.exports.record import CUT, MOST_LINES, record_csv, record_rows, record_workbook
from partnerships.forms.audit_search import AuditSearch
from partnerships.models import DeedKind
from partnerships.record.lines import page_of
from partnerships.record.words import in_words
from partnerships.roles import READ_AUDIT


@require_safe
@organisation_page(may=READ_AUDIT)
def audit(request: OrganisationRequest) -> HttpResponse:
    """The lines of a search, newest first. Its address says all of it, so that it can be kept and sent on."""
    form = AuditSearch(request.GET, organisation=request.organisation)
    page = page_of(form.search, older=form.older_than, newer=form.newer_than) if form.is_valid() else None
    lines = in_words(request.organisation, page.entries) if page else []
    shown = {"form": form, "page": page, "lines": lines, "most_lines": MOST_LINES}
    return render(request, "partnerships/audit.html", shown)


@require_safe
@organisation_page(may=READ_AUDIT)
def audit_file(request: OrganisationRequest, kind: str) -> HttpResponse:
    """All lines of a search, up to a limit that the file states. Taking it is itself on the record."""
    form = AuditSearch(request.GET, organisation=request.organisation)
    if not form.is_valid():
        return redirect(f"{reverse('partnerships:audit', args=[request.organisation.code])}?{request.GET.urlencode()}")
    rows, is_cut = record_rows(form.search, most=MOST_LINES)
    note = CUT.format(most=MOST_LINES) if is_cut else ""
    content = record_csv(rows, note) if kind == "csv" else record_workbook(rows, note)
    which = f" ({form.words})" if form.words else ""
    what = f"who did what as {kind.upper()}{which}"
    record_deed(DeedKind.EXPORTED, organisation=request.organisation, by=request.user, what=what, rows=len(rows))
    response = HttpResponse(content, content_type=CSV if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="who-did-what-{request.organisation.code}.{kind}"'
    return response
