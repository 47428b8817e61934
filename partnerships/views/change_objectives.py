from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.criteria import change_objectives
from partnerships.forms.criteria import ObjectivesForm
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_the_objectives(request: OrganisationRequest) -> HttpResponse:
    """Reword, add and remove objectives."""
    form = ObjectivesForm(posted(request), organisation=request.organisation)

    def save() -> None:
        change_objectives(organisation=request.organisation, by=request.user, **form.for_action())

    if saved(request, form, save, lambda: ObjectivesForm(organisation=request.organisation)):
        return redirect("partnerships:criteria", request.organisation.code)
    return render(request, "partnerships/change_objectives.html", {"form": form})
