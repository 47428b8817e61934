from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.import_previews import answer_preview
from partnerships.editing import ChangedMeanwhile
from partnerships.imports.portfolio.planning import plan_rows
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError
from partnerships.imports.portfolio.writing import RowsUnusableError, plan_of, table_of, use_preview
from partnerships.models import ImportPreview
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def import_preview(request: OrganisationRequest, number: int) -> HttpResponse:
    """Each row's fate before anything is written; its button imports."""
    preview = get_object_or_404(request.organisation.import_previews, pk=number)
    if preview.used_at:
        messages.info(request, f"{preview.file_name} was imported already. Nothing was imported twice.")
        return redirect("partnerships:portfolio", request.organisation.code)
    try:
        if "keep_answers" in request.POST:
            _answered(request, preview)
            return redirect("partnerships:import_preview", request.organisation.code, number)
        if request.method == "POST" and _imported(request, preview):
            return redirect("partnerships:portfolio", request.organisation.code)
        plan = plan_of(preview, by=request.user)
    except SpreadsheetRefusedError as refusal:
        # a pool or a level was renamed after the upload
        messages.error(request, f"{refusal} Nothing was imported.")
        return redirect("partnerships:import_portfolio", request.organisation.code)
    return render(request, "partnerships/import_preview.html", {"preview": preview, "plan": plan})


def _answered(request: OrganisationRequest, preview: ImportPreview) -> None:
    """Keep which partnerships rows mean, and say what is still open."""
    table = table_of(preview)
    asked = [row for row in plan_rows(request.organisation, table, preview.answers).rows if row.alike]
    given = {row.number: request.POST.get(f"means-{row.number}", "") for row in asked}
    answers = {row.number: given[row.number] for row in asked if given[row.number] in row.answers}
    kept = answer_preview(preview=preview, by=request.user, answers=answers)
    left = [str(row.number) for row in plan_rows(request.organisation, table, kept.answers).rows if row.is_asked]
    if left:
        rows = "row" if len(left) == 1 else "rows"
        messages.error(request, f"Your answers are kept. Choose an answer for {rows} {', '.join(left)} too.")
    else:
        messages.success(request, "Your answers are kept. Look through what happens now, then import.")


def _imported(request: OrganisationRequest, preview: ImportPreview) -> bool:
    """True once the file is in the portfolio; else the preview is shown again, with the reason above it."""
    good_rows_only = "good_rows_only" in request.POST
    try:
        done = use_preview(
            preview=preview, by=request.user, shown=request.POST.get("version", ""), good_rows_only=good_rows_only
        )
    except ChangedMeanwhile:
        messages.error(request, "Your portfolio changed after this preview was made. Look through it again.")
        return False
    except RowsUnusableError:
        messages.error(request, "Some rows cannot be used yet. Nothing was imported.")
        return False
    if done is None:
        messages.info(request, f"{preview.file_name} was imported already. Nothing was imported twice.")
    else:
        messages.success(request, f"Imported {preview.file_name}: {done.added} added, {done.changed} changed.")
    return True
