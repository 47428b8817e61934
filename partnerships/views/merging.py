from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.merging import merge, undo_merge
from partnerships.forms.merging import MergeForm
from partnerships.merging_words import what_becomes_of
from partnerships.roles import EDIT
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def merging(request: OrganisationRequest, slug: str) -> HttpResponse:
    """Is this a second record of a partnership that is there already? A second button undoes a merge."""
    participation = participation_or_404(request, slug)
    code, name = request.organisation.code, participation.partnership.display_name
    if "undo" in request.POST:
        undo_merge(duplicate=participation, by=request.user)
        messages.success(request, f"{name} stands for itself again. Make it active again where it is.")
        return redirect("partnerships:partnership", code, slug)
    form = MergeForm(posted(request), duplicate=participation)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            merge(duplicate=participation, into=into, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, f"{name} is merged into this record. Its own pages stay as they were.")
            return redirect("partnerships:partnership", code, into.partnership.slug)
    page = {
        "form": form,
        "participation": participation,
        "partnership": participation.partnership,
        "becomes": what_becomes_of(participation),
    }
    return render(request, "partnerships/merging.html", page)
