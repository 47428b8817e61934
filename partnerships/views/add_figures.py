from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.figures import add_figures
from partnerships.forms.relationship_record import FiguresForm
from partnerships.record_chapters import FIGURE
from partnerships.roles import FILL_IN
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=FILL_IN)
def add_the_figures(request: OrganisationRequest, slug: str, number: int) -> HttpResponse:
    """New figures of a measure, typed or pasted."""
    participation = participation_or_404(request, slug)
    measure = get_object_or_404(participation.outcome_measures.select_related("organisation"), pk=number)
    form = FiguresForm(posted(request), chapter=FIGURE)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_figures(measure=measure, by=request.user, figures=form.read)
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            new = f"{added} new figure{'' if added == 1 else 's'}"
            messages.success(request, f"{new} added." if added else "All of these were there already.")
            return redirect("partnerships:measure", request.organisation.code, slug, number)
    page = {"form": form, "measure": measure, "partnership": participation.partnership}
    return render(request, "partnerships/add_figures.html", page)
