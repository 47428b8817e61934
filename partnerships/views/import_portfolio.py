from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.import_previews import keep_preview
from partnerships.forms.import_portfolio import UploadForm
from partnerships.imports.portfolio.planning import plan_rows
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, read_table
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def import_portfolio(request: OrganisationRequest) -> HttpResponse:
    """Can I bring my spreadsheet? The template to fill in, and the upload that leads to a preview."""
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # one byte more than may be is enough to be refused: a far larger file need not be held in memory
            table = read_table(file.read(settings.LARGEST_UPLOAD_BYTES + 1))
            plan_rows(request.organisation, table)
        except SpreadsheetRefusedError as refusal:
            form.add_error("file", str(refusal))
        else:
            preview = keep_preview(
                organisation=request.organisation,
                by=request.user,
                file_name=file.name,
                headers=table.headers,
                rows=table.rows,
                capacity_headers=table.capacity.headers if table.capacity else (),
                capacity_rows=table.capacity.rows if table.capacity else (),
            )
            return redirect("partnerships:import_preview", request.organisation.code, preview.pk)
    return render(request, "partnerships/import_portfolio.html", {"form": form})
